/**
 * The WAL that nodes have written, as branches: a run begins with one, and each promotion forks another one off where the
 * promoted node had replayed to. A branch has one writer at most. It is more than a timeline's number says: two standbys that
 * are promoted at once both choose timeline 2, and nothing but their WAL tells them apart.
 */
import type { Lsn, TimelineId } from './lsn.ts';
import { cutRecords, type RecordLog } from './record-log.ts';

export interface Branch {
  readonly timeline: TimelineId;
  /** Null for the first one. Up to `forkedAt` its WAL is that of the branch it was forked off. */
  readonly parent: { readonly branch: number; readonly forkedAt: Lsn } | null;
  /** All its records, those before the fork among them. */
  readonly records: RecordLog;
}

export type Branches = readonly Branch[];

/** Throws RangeError where there is no such branch. */
export function branchOf(branches: Branches, index: number): Branch {
  const branch = branches[index];
  if (!branch) throw new RangeError(`no branch ${index} of WAL`);
  return branch;
}

/** Adds a branch at the end of the list. */
export function forkBranch(
  branches: Branches,
  from: number,
  forkedAt: Lsn,
  timeline: TimelineId,
): Branches {
  const records = cutRecords(branchOf(branches, from).records, forkedAt);
  return [...branches, { timeline, parent: { branch: from, forkedAt }, records }];
}

export const withRecords = (branches: Branches, index: number, records: RecordLog): Branches =>
  branches.with(index, { ...branchOf(branches, index), records });

/** A branch and those it descends from, itself first, each with where its own WAL begins; the first one's begins with the run. */
function* ancestry(
  branches: Branches,
  index: number,
): Generator<{ readonly index: number; readonly timeline: TimelineId; readonly from: Lsn }> {
  for (let at: number | null = index; at !== null; ) {
    const { timeline, parent }: Branch = branchOf(branches, at);
    yield { index: at, timeline, from: parent?.forkedAt ?? (0 as Lsn) };
    at = parent?.branch ?? null;
  }
}

/** The timeline that a position of a branch belongs to (tliOfPointInHistory). */
export function timelineAt(branches: Branches, index: number, position: Lsn): TimelineId {
  for (const { timeline, from } of ancestry(branches, index)) if (position >= from) return timeline;
  throw new RangeError(`no timeline at ${position}`);
}

/**
 * Where a branch's history leaves a timeline (tliSwitchPoint): Infinity for its own; null where the timeline is none of its
 * history.
 */
export function switchPoint(branches: Branches, index: number, timeline: TimelineId): Lsn | null {
  let end = Number.POSITIVE_INFINITY as Lsn;
  for (const own of ancestry(branches, index)) {
    if (own.timeline === timeline) return end;
    end = own.from;
  }
  return null;
}

/** Up to where two branches have the same WAL; Infinity where they are one. */
export function commonUpTo(branches: Branches, one: number, other: number): Lsn {
  const ends = endsOf(branches, one);
  for (const [index, end] of endsOf(branches, other)) {
    const own = ends.get(index);
    if (own !== undefined) return Math.min(own, end) as Lsn;
  }
  throw new RangeError(`branches ${one} and ${other} have nothing in common`);
}

/** A branch and those it descends from, and up to where it has each one's WAL. */
function endsOf(branches: Branches, index: number): ReadonlyMap<number, Lsn> {
  const ends = new Map<number, Lsn>();
  let end = Number.POSITIVE_INFINITY as Lsn;
  for (const own of ancestry(branches, index)) {
    ends.set(own.index, end);
    end = own.from;
  }
  return ends;
}

/** The lines of a timeline's history file (writeTimeLineHistory): each timeline before it, and where that one was left. */
export function historyOf(
  branches: Branches,
  index: number,
): readonly { readonly timeline: TimelineId; readonly switchedAt: Lsn }[] {
  const lines: { timeline: TimelineId; switchedAt: Lsn }[] = [];
  let end: Lsn | null = null;
  for (const { timeline, from } of ancestry(branches, index)) {
    if (end !== null) lines.unshift({ timeline, switchedAt: end });
    end = from;
  }
  return lines;
}

/** Commit latency and lag over time, from what happened: the same for a run that is played and for one rebuilt. */
import type { StatementView, TraceEvent } from '../../cluster/cluster-view.ts';
import { parseLsn } from '../../postgres/lsn.ts';
import type { Duration, Instant } from '../../sim/instant.ts';

export interface Point {
  readonly at: number;
  readonly value: number;
}

/** A commit that was answered, and how long its client waited. */
export function commitLatencies(statements: readonly StatementView[]): readonly Point[] {
  return statements.flatMap((statement) => {
    const { sentAt, answeredAt } = statement;
    if (answeredAt === null || !commits(statement)) return [];
    return [{ at: answeredAt, value: answeredAt - sentAt }];
  });
}

const WRITES = /^(INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|TRUNCATE|COPY)\b/;

/** Whether a string has ended a transaction that may have written; a block's single statements have not. */
function commits({ state, results, sentIn }: StatementView): boolean {
  if (state !== 'done') return false;
  const tags = results.map(({ command }) => command);
  if (tags.some((tag) => /^COMMIT\b/.test(tag))) return true;
  const opens = tags.some((tag) => /^(BEGIN|START TRANSACTION)\b/.test(tag));
  return sentIn === 'idle' && !opens && tags.some((tag) => WRITES.test(tag));
}

export interface Lag {
  readonly standby: string;
  /** WAL that the primary has flushed and the standby has not replayed. */
  readonly bytes: readonly Point[];
  /** How long ago the primary flushed the first byte of that. */
  readonly time: readonly Point[];
}

interface Progress {
  readonly primary: string;
  /** Of the primary: what it flushed, when, as far as this standby has not replayed it. */
  readonly ahead: { readonly lsn: number; readonly at: number }[];
  flushed: number;
  replayed: number;
  readonly bytes: Point[];
  readonly time: Point[];
}

/** A standby and the primary whose WAL it has at the moment shown. */
export interface Follower {
  readonly name: string;
  readonly primary: string;
}

/**
 * The lag of every standby behind its primary, up to an instant: before that one's promotion, behind the primary before it.
 * A step at each change; between two the time of a lag runs on.
 */
export function lagsOf(
  events: readonly TraceEvent[],
  standbys: readonly Follower[],
  until: Instant,
): readonly Lag[] {
  // At the run's first instant every standby has replayed all there is: what is sent first starts there.
  const start = events.find(({ kind }) => kind === 'walSent');
  const level = start ? Number(parseLsn(String(start.facts.startLsn))) : 0;
  const promotions = new Map(
    events.flatMap(({ at, kind, node }) => (kind === 'promoted' && node ? [[node, at]] : [])),
  );
  // Before its promotion a primary's WAL came from the one that led then.
  let leader = start?.node ?? null;
  const all = standbys.map(({ name, primary }): readonly [string, Progress] => [
    name,
    { primary, ahead: [], flushed: level, replayed: level, bytes: [], time: [] },
  ]);
  for (const { at, kind, node, facts } of events) {
    if (at > until) break;
    if (kind === 'promoted') leader = node;
    if (kind !== 'walFlushed' && kind !== 'walReplayed') continue;
    const lsn = Number(parseLsn(String(facts.lsn)));
    for (const [name, progress] of all) {
      const { primary, ahead } = progress;
      const source = at >= (promotions.get(primary) ?? 0) ? primary : leader;
      if (kind === 'walFlushed' && node === source) {
        note(progress, at);
        progress.flushed = lsn;
        if (lsn > progress.replayed) ahead.push({ lsn, at });
        note(progress, at);
      } else if (kind === 'walReplayed' && node === name) {
        note(progress, at);
        progress.replayed = lsn;
        while ((ahead[0]?.lsn ?? Number.POSITIVE_INFINITY) <= lsn) ahead.shift();
        note(progress, at);
      }
    }
  }
  return all.map(([standby, progress]) => {
    note(progress, until);
    return { standby, bytes: progress.bytes, time: progress.time };
  });
}

function note({ ahead, flushed, replayed, bytes, time }: Progress, at: number): void {
  const first = ahead[0];
  bytes.push({ at, value: first ? Math.max(0, flushed - replayed) : 0 });
  time.push({ at, value: first ? at - first.at : 0 });
}

/** What the newest point says; null where there is none. */
export const latest = (points: readonly Point[]): number | null => points.at(-1)?.value ?? null;

/** The middle of some lengths of time. */
export function median(points: readonly Point[]): Duration | null {
  const sorted = points.map(({ value }) => value).sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] ?? null) as Duration | null;
}

import type { TraceEvent } from '../../src/cluster/cluster-view.ts';
import type { Evidence } from '../../src/grading/evidence.ts';
import {
  clock,
  fail,
  inconclusive,
  type Judge,
  type Judgement,
  pass,
} from '../../src/grading/verdict.ts';
import { lsn, parseLsn } from '../../src/postgres/lsn.ts';
import { startOfSegment, WAL_SEGMENT_SIZE } from '../../src/postgres/wal/page.ts';
import { after, type Instant, seconds } from '../../src/sim/instant.ts';
import { VOLUME } from './lab.ts';

/** Of so many segments, a tenth of the volume is free. */
const MOST = Math.floor((VOLUME * 0.9) / WAL_SEGMENT_SIZE);

/** Where a segment begins, by its file's name. */
const startOf = (segment: string): number =>
  Number.parseInt(segment.slice(8), 16) * WAL_SEGMENT_SIZE;

/** How many segments the primary's pg_wal held, each time that it changed. */
function segmentsKept(trace: readonly TraceEvent[]): { at: Instant; count: number }[] {
  const kept: { at: Instant; count: number }[] = [];
  let from: number | null = null;
  let to = 0;
  for (const { at, kind, node, facts } of trace) {
    if (node !== 'primary') continue;
    if (kind === 'walRemoved' || kind === 'walDeleted') from = startOf(String(facts.segment));
    else if (kind === 'walFlushed') to = parseLsn(String(facts.lsn));
    else continue;
    from ??= startOfSegment(lsn(to));
    const count = Math.ceil((to - from) / WAL_SEGMENT_SIZE);
    if (kept.at(-1)?.count !== count) kept.push({ at, count });
  }
  return kept;
}

/** The first instant of a stretch at which too little was free. */
function tooFull(trace: readonly TraceEvent[], from: Instant, to: Instant) {
  const kept = segmentsKept(trace);
  const before = kept.findLast(({ at }) => at <= from);
  if (before && before.count > MOST) return { at: from, count: before.count };
  return kept.find(({ at, count }) => at > from && at <= to && count > MOST) ?? null;
}

const free = (count: number): string =>
  `${count} of ${VOLUME / WAL_SEGMENT_SIZE} segments were taken, ${Math.max(0, Math.round((1 - (count * WAL_SEGMENT_SIZE) / VOLUME) * 100))} % free`;

const before = (trace: readonly TraceEvent[], at: Instant, kind: string, about?: string) =>
  trace.findLast(
    (event) =>
      event.at <= at &&
      event.kind === kind &&
      event.node === 'primary' &&
      (about === undefined || event.facts.slot === about),
  );

/** What held the WAL back at an instant. */
function reason({ trace, drawn }: Evidence, at: Instant): string {
  const checkpoint = before(trace, at, 'checkpoint');
  if (drawn.cause?.cause === 'archive') {
    const failed = before(trace, at, 'archiveFailed');
    const archived = before(trace, at, 'walArchived');
    if (!archived || (failed && failed.at > archived.at))
      return `The archive fails since ${clock(trace.find(({ kind }) => kind === 'archiveFailed')?.at ?? at)}, and what is not archived is not removed.`;
    return `The archive had caught up by ${clock(archived.at)}, but no checkpoint came after that: the last one was at ${clock(checkpoint?.at ?? at)}.`;
  }
  const gone =
    before(trace, at, 'slotDropped', 'standby2') ??
    before(trace, at, 'slotInvalidated', 'standby2');
  if (!gone)
    return 'The slot standby2, whose standby is gone, keeps everything since then. A limit that is larger than the volume protects nothing.';
  return `The slot standby2 was let go at ${clock(gone.at)}, but no checkpoint came after that: the last one was at ${clock(checkpoint?.at ?? at)}.`;
}

const room: Judge = (evidence) => {
  const { trace, takenOverAt, drilledAt } = evidence;
  const found = tooFull(trace, takenOverAt, drilledAt);
  return found
    ? fail(found.at, `At ${clock(found.at)} ${free(found.count)}. ${reason(evidence, found.at)}`)
    : pass(`Never more than ${MOST} segments were in pg_wal.`);
};

const standby1Lives: Judge = ({ trace, takenOverAt, drilledAt }) => {
  const meanwhile = trace.filter(({ at }) => at > takenOverAt && at <= drilledAt);
  const dropped = meanwhile.find(
    ({ kind, facts }) =>
      (kind === 'slotDropped' || kind === 'slotInvalidated') && facts.slot === 'standby1',
  );
  if (dropped)
    return fail(
      dropped.at,
      `At ${clock(dropped.at)} the slot of a standby that was well was taken away: standby1 has to be rescued now.`,
    );
  const ended = meanwhile.find(
    ({ kind, facts }) => kind === 'walsenderEnded' && facts.standby === 'standby1',
  );
  return ended
    ? fail(ended.at, `At ${clock(ended.at)} standby1 lost its stream: ${ended.words}`)
    : pass('standby1 streamed all the time.');
};

const shortOutage: Judge = ({ trace, rounds }): Judgement => {
  const round = rounds[0];
  if (!round) return inconclusive(0 as Instant, 'There was no outage.');
  const end = after(round.to, seconds(10));
  const back = trace.find(
    ({ at, kind, facts }) =>
      kind === 'caughtUp' && facts.standby === 'standby1' && at > round.to && at <= end,
  );
  if (back)
    return pass(`Away from ${clock(round.from)}, standby1 streamed again at ${clock(back.at)}.`);
  const lost = trace.find(
    ({ at, kind, facts }) =>
      kind === 'slotInvalidated' && facts.slot === 'standby1' && at >= round.from && at <= end,
  );
  return fail(
    lost?.at ?? end,
    lost
      ? `standby1 was away from ${clock(round.from)} to ${clock(round.to)}, while 3 MB were written, and lost its slot: ${lost.words}`
      : `standby1 was away from ${clock(round.from)} to ${clock(round.to)}, and did not stream by ${clock(end)}.`,
  );
};

const longOutage: Judge = ({ trace, rounds }) => {
  const first = rounds[1];
  const last = rounds[2];
  if (!first || !last) return inconclusive(0 as Instant, 'There was no outage.');
  const found = tooFull(trace, first.from, after(last.to, seconds(5)));
  if (!found)
    return pass(`Never more than ${MOST} segments were in pg_wal, and standby1 was away.`);
  const limited = trace.some(
    ({ at, kind, facts }) =>
      kind === 'slotInvalidated' && facts.slot === 'standby1' && at > first.from,
  );
  return fail(
    found.at,
    `standby1 was away since ${clock(first.from)}. At ${clock(found.at)} ${free(found.count)}. ${
      limited
        ? 'The limit for slots is too near to the size of the volume: until the next checkpoint looks at it, more is written.'
        : 'Nothing limits what a slot keeps that would act in time.'
    }`,
  );
};

/** From the first `rm` that took what recovery needs, until a checkpoint made it need something else. */
const recovers: Judge = ({ trace, takenOverAt, drilledAt }) => {
  const deleted = trace.find(
    ({ at, kind, facts }) =>
      kind === 'walDeleted' && facts.needed === true && at > takenOverAt && at <= drilledAt,
  );
  if (!deleted) return pass('The WAL since the last checkpoint was there all the time.');
  const checkpoint = trace.find(({ at, kind }) => kind === 'checkpoint' && at > deleted.at);
  const until = checkpoint ? `until the checkpoint at ${clock(checkpoint.at)}` : 'to the end';
  const crash = trace.find(({ at, kind }) => kind === 'startFailed' && at > deleted.at);
  return fail(
    deleted.at,
    `At ${clock(deleted.at)} rm took ${deleted.facts.count} files of pg_wal, and with them the one in which crash recovery begins: ${until} the primary could not have started again. ${
      crash
        ? `So it was at ${clock(crash.at)}: ${crash.words}`
        : 'PostgreSQL removes WAL itself, once nobody needs it.'
    }`,
  );
};

const archiveWhole: Judge = ({ trace, takenOverAt, drilledAt }) => {
  const hole = trace.find(
    ({ at, kind, facts }) =>
      kind === 'walDeleted' && Number(facts.unarchived) > 0 && at > takenOverAt && at <= drilledAt,
  );
  if (hole)
    return fail(
      hole.at,
      `At ${clock(hole.at)} rm took ${hole.facts.count} files of pg_wal, and ${hole.facts.unarchived} of them were nowhere else: no restore from the archive gets past that hole.`,
    );
  const lie = trace.find(
    ({ at, kind, facts }) =>
      kind === 'walArchived' && facts.stored === false && at > takenOverAt && at <= drilledAt,
  );
  return lie
    ? fail(
        lie.at,
        `At ${clock(lie.at)} archive_command said that it had ${lie.facts.segment}, and kept nothing: the segment may leave pg_wal, and is nowhere else.`,
      )
    : pass('Every segment that left pg_wal is in the archive.');
};

export const judges = {
  room,
  'standby1-lives': standby1Lives,
  'short-outage': shortOutage,
  'long-outage': longOutage,
  'archive-whole': archiveWhole,
  recovers,
};

/**
 * How a walsender measures write_lag, flush_lag and replay_lag: it remembers when WAL up to some LSN had been flushed
 * locally, and reads the clock when a reply covers it. Follows LagTrackerWrite and LagTrackerRead of walsender.c, the
 * ring's limit and the interpolation between two samples included.
 */
import { type AppendList, append, emptyList, lastOf } from '../sim/append-list.ts';
import { between, type Duration, type Instant } from '../sim/instant.ts';
import type { Lsn } from './lsn.ts';
import type { WaitMode } from './sync-rep.ts';

/** LAG_TRACKER_BUFFER_SIZE, less the ring's empty place. */
const UNREAD_SAMPLES_MAX = 8_191;

interface Sample {
  readonly lsn: Lsn;
  /** When WAL up to `lsn` was seen to be flushed locally. */
  readonly time: Instant;
}

interface Reader {
  /** Samples read so far, of all ever written. */
  readonly head: number;
  /** The last sample read; null once all had been read. */
  readonly lastRead: Sample | null;
  /** Set while the ring is full of what this reader has not read: its oldest sample. Newer ones are lost to it. */
  readonly overflowed: Sample | null;
}

export interface LagTracker {
  readonly samples: AppendList<Sample>;
  /** Samples forgotten from the front of `samples`. */
  readonly forgotten: number;
  readonly readers: Readonly<Record<WaitMode, Reader>>;
}

const NEW_READER: Reader = { head: 0, lastRead: null, overflowed: null };

export function startLagTracker(): LagTracker {
  const readers = { write: NEW_READER, flush: NEW_READER, apply: NEW_READER };
  return { samples: emptyList(), forgotten: 0, readers };
}

/** WAL up to `lsn` is flushed locally, seen at `time`. */
export function writeSample(tracker: LagTracker, lsn: Lsn, time: Instant): LagTracker {
  if (lastOf(tracker.samples)?.lsn === lsn) return tracker;
  const samples = append(tracker.samples, [{ lsn, time }]);
  const written = tracker.forgotten + samples.length;
  if (written - oldestUnread(tracker) <= UNREAD_SAMPLES_MAX) return { ...tracker, samples };
  const { write, flush, apply } = tracker.readers;
  const guard = (reader: Reader): Reader =>
    reader.overflowed || written - reader.head <= UNREAD_SAMPLES_MAX
      ? reader
      : { ...reader, overflowed: sampleAt(tracker, reader.head) };
  const readers = { write: guard(write), flush: guard(flush), apply: guard(apply) };
  return forget({ ...tracker, samples, readers });
}

/** The lag of a reply that covers `lsn`; null where nothing new can be said. */
export function readLag(
  tracker: LagTracker,
  mode: WaitMode,
  lsn: Lsn,
  now: Instant,
): readonly [LagTracker, Duration | null] {
  let { head, lastRead, overflowed } = tracker.readers[mode];
  const written = tracker.forgotten + tracker.samples.length;
  let time: Instant | null = null;
  if (overflowed) {
    if (overflowed.lsn > lsn) return [tracker, between(overflowed.time, now)];
    time = overflowed.time;
    lastRead = overflowed;
    overflowed = null;
    head = written - UNREAD_SAMPLES_MAX;
  }
  for (; head < written && sampleAt(tracker, head).lsn <= lsn; head++) {
    lastRead = sampleAt(tracker, head);
    time = lastRead.time;
  }
  const allRead = head === written;
  const previous = lastRead;
  if (allRead) lastRead = null;
  const readers = { ...tracker.readers, [mode]: { head, lastRead, overflowed } };
  const read = forget({ ...tracker, readers });
  if (time !== null) return [read, between(time, now)];
  if (allRead) return [read, null];
  const next = sampleAt(tracker, head);
  if (!previous) return [read, between(next.time, now)];
  if (lsn < previous.lsn) return [read, null];
  const fraction = (lsn - previous.lsn) / (next.lsn - previous.lsn);
  const estimate = previous.time + Math.floor((next.time - previous.time) * fraction);
  return [read, between(estimate as Instant, now)];
}

function sampleAt(tracker: LagTracker, index: number): Sample {
  return tracker.samples.items[index - tracker.forgotten] as Sample;
}

/** Index of the oldest sample that some reader may still want. */
function oldestUnread(tracker: LagTracker): number {
  const written = tracker.forgotten + tracker.samples.length;
  const { write, flush, apply } = tracker.readers;
  const heads = [write, flush, apply].map((reader) =>
    reader.overflowed ? Math.max(reader.head, written - UNREAD_SAMPLES_MAX) : reader.head,
  );
  return Math.min(...heads);
}

/** Drops samples that nobody wants, now and then. Keeps the one before, to know a repeated LSN by. */
function forget(tracker: LagTracker): LagTracker {
  const unwanted = oldestUnread(tracker) - 1 - tracker.forgotten;
  if (unwanted < 1_024) return tracker;
  const items = tracker.samples.items.slice(unwanted, tracker.samples.length);
  const forgotten = tracker.forgotten + unwanted;
  return { ...tracker, samples: { items, length: items.length }, forgotten };
}

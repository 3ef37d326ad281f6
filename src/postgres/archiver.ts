/**
 * The archiver: runs archive_command for one complete segment after another. Follows pgarch.c (pgarch_ArchiverCopyLoop): a
 * command that fails is tried three times, a second apart, and then again after a minute or with the next complete segment.
 */
import { after, type Duration, type Instant, ms, seconds } from '../sim/instant.ts';
import type { Lsn } from './lsn.ts';
import type { ReplicationSettings } from './replication-settings.ts';
import { startOfSegment, WAL_SEGMENT_SIZE } from './wal/page.ts';

/** NUM_ARCHIVE_RETRIES. */
const TRIES = 3;
const BETWEEN_TRIES = seconds(1);
/** PGARCH_AUTOWAKE_INTERVAL. */
const AUTOWAKE = seconds(60);

/** Starting a shell, and copying one segment. */
export const COMMAND_TIME = ms(10);

/** Columns of pg_stat_archiver. */
export interface ArchiverCounts {
  readonly archived: number;
  readonly lastArchived: Lsn | null;
  readonly lastArchivedAt: Instant | null;
  readonly failed: number;
  readonly lastFailed: Lsn | null;
  readonly lastFailedAt: Instant | null;
}

export interface Archiver {
  /** archive_mode as it was when the node started. */
  readonly on: boolean;
  /** Where the oldest segment starts that is not archived yet. */
  readonly next: Lsn;
  /** The command has been started and ends then; null while none runs. */
  readonly endsAt: Instant | null;
  /** Tries of the present segment that have failed in a row. */
  readonly failures: number;
  /** No try before this instant. */
  readonly retryAt: Instant;
  readonly counts: ArchiverCounts;
  /** When a segment was completed last, and where it ended: archive_timeout counts from here. */
  readonly switchedAt: Instant;
  readonly switchedTo: Lsn;
}

const NOTHING: ArchiverCounts = {
  archived: 0,
  lastArchived: null,
  lastArchivedAt: null,
  failed: 0,
  lastFailed: null,
  lastFailedAt: null,
};

export function startArchiver(on: boolean, next: Lsn, at: Instant): Archiver {
  return {
    on,
    next,
    endsAt: null,
    failures: 0,
    retryAt: at,
    counts: NOTHING,
    switchedAt: at,
    switchedTo: next,
  };
}

/** After a start: what was archived stays so, the statistics begin anew, and archive_mode is read. */
export function restartArchiver(
  { archiver, settings }: { readonly archiver: Archiver; readonly settings: ReplicationSettings },
  end: Lsn,
  at: Instant,
): Archiver {
  const next = archiver.on ? archiver.next : startOfSegment(end);
  return { ...startArchiver(settings.archiveMode, next, at), switchedTo: archiver.switchedTo };
}

/** Whether the command is to be started now, for the segment at `next`. */
export const mayStart = (archiver: Archiver, flushLsn: Lsn, at: Instant): boolean =>
  archiver.on &&
  archiver.endsAt === null &&
  at >= archiver.retryAt &&
  archiver.next + WAL_SEGMENT_SIZE <= flushLsn;

/** The command has ended. */
export function endCommand(archiver: Archiver, succeeded: boolean, at: Instant): Archiver {
  const { next, counts } = archiver;
  if (succeeded)
    return {
      ...archiver,
      next: (next + WAL_SEGMENT_SIZE) as Lsn,
      endsAt: null,
      failures: 0,
      retryAt: at,
      counts: {
        ...counts,
        archived: counts.archived + 1,
        lastArchived: next,
        lastArchivedAt: at,
      },
    };
  const failures = archiver.failures + 1;
  const gaveUp = failures >= TRIES;
  return {
    ...archiver,
    endsAt: null,
    failures: gaveUp ? 0 : failures,
    retryAt: after(at, gaveUp ? AUTOWAKE : BETWEEN_TRIES),
    counts: { ...counts, failed: counts.failed + 1, lastFailed: next, lastFailedAt: at },
  };
}

/** A segment was completed, or the configuration read again: an archiver that sleeps for long wakes up. */
export const nudge = (archiver: Archiver, at: Instant): Archiver =>
  archiver.failures === 0 && archiver.retryAt > at ? { ...archiver, retryAt: at } : archiver;

/** When archive_timeout is over next, at this instant or after it. */
export function nextTimeout({ switchedAt }: Archiver, timeout: Duration, at: Instant): Instant {
  const rounds = Math.max(1, Math.ceil((at - switchedAt) / timeout));
  return after(switchedAt, (rounds * timeout) as Duration);
}

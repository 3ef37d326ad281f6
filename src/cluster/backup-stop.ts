import { type Lsn, lsn } from '../postgres/lsn.ts';
import { startOfSegment, WAL_SEGMENT_SIZE } from '../postgres/wal/page.ts';
import { after, seconds } from '../sim/instant.ts';
import { messages } from './messages.ts';
import type { PrimaryHost } from './primary-host.ts';
import type { PrimaryWaits } from './primary-waits.ts';
import type { PieceOutcome } from './statement-outcome.ts';
import type { Running } from './wait.ts';

/** The signal of pg_backup_stop(), with where the backup ended. */
export const BACKUP_STOP = 'backup_stop';

/** How often it looks, and after how many times it says that it waits (do_pg_backup_stop, xlog.c). */
const LOOKS_EVERY = seconds(1);
const SAYS_SO_AFTER = 5;
/** In seconds; each warning doubles it. */
const WARNS_AFTER = 60;

/**
 * The wait of pg_backup_stop(): it answers when the segment in which the backup ended is archived, and tells its client every now
 * and then why it does not. A cancelled wait leaves a backup that is over, without its label.
 */
export function* awaitArchive(
  host: PrimaryHost,
  waits: PrimaryWaits,
  outcome: PieceOutcome,
  stopLsn: Lsn,
): Running<PieceOutcome> {
  const end = lsn(startOfSegment(lsn(stopLsn - 1)) + WAL_SEGMENT_SIZE);
  let { notices } = outcome;
  let warnsAfter = WARNS_AFTER;
  for (let waited = 0; !host.archivedUpTo(end); ) {
    if (waited === SAYS_SO_AFTER + 1)
      notices = [...notices, ...waits.notice(messages.waitsForArchive)];
    const until = after(host.now(), LOOKS_EVERY);
    const event = 'BackupWaitWalArchive';
    const stopped = yield* waits.time({ kind: 'time', until, event, notices });
    if (stopped !== null) return { ...stopped, notices };
    waited++;
    if (waited < warnsAfter) continue;
    warnsAfter *= 2;
    notices = [...notices, ...waits.warning(messages.stillWaitsForArchive(waited))];
  }
  return { ...outcome, notices: [...notices, ...waits.notice(messages.archived)] };
}

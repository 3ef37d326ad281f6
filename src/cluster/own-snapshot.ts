import { INVALID_LSN } from '../postgres/lsn.ts';
import { messages } from './messages.ts';
import type { PrimaryHost } from './primary-host.ts';
import type { PrimaryWaits } from './primary-waits.ts';
import { digest, Seat } from './seat.ts';
import type { Session } from './session.ts';
import { failed, type PieceOutcome } from './statement-outcome.ts';
import { openServer, type Running } from './wait.ts';

const SNAPSHOT_LIMIT =
  "this transaction's snapshot is older than what others have committed since, and the one backend of this node cannot write for it any more; the transaction is rolled back";

/** A block whose snapshot is older than what others have committed since: it lives on, to read, on a server of its own. */
export function* runOnOwnSnapshot(
  host: PrimaryHost,
  waits: PrimaryWaits,
  session: Session,
  sql: string,
): Running<PieceOutcome> {
  const { live } = host;
  const { transaction } = session;
  if (transaction === null) return waits.changedMeanwhile();
  if (transaction.seat === null && transaction.snapshot !== null) {
    const seat = new Seat(yield* openServer(transaction.snapshot), host, live.insertLsn);
    seat.load(session);
    seat.replay(session, transaction.lines);
    transaction.seat = { seat, replayedTo: INVALID_LSN, locked: [] };
  }
  const seat = transaction.seat?.seat;
  if (!seat) return waits.changedMeanwhile();
  const execution = seat.run(session, sql);
  session.status = execution.status;
  transaction.lines.push({ sql, at: host.now(), outcome: digest(execution) });
  const wrote = seat.server.walPosition().xid !== 0;
  if (execution.status === 'idle' || wrote) {
    seat.server.close();
    live.release(session);
  }
  if (!wrote) return yield* waits.rest(execution);
  session.status = 'idle';
  return failed(messages.limit(SNAPSHOT_LIMIT, 'Write in a transaction of its own.'));
}

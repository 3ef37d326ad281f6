import { modesConflict } from '../postgres/lock-modes.ts';
import type { PrimaryHost, QueuedLock } from './primary-host.ts';
import { Seat } from './seat.ts';
import type { Session } from './session.ts';
import type { BackendWait, Execution } from './sql-engine.ts';
import { ADVISORY_TIE, type SqlPiece } from './sql-text.ts';
import { openServer, type Running } from './wait.ts';

/** A string that is tried on a copy before the live server runs it, and who else is about. */
interface Attempt {
  readonly session: Session;
  readonly piece: SqlPiece;
  readonly sql: string;
  /** Sessions whose open blocks hold locks. */
  readonly others: readonly Session[];
  /** Table locks that others queue for. */
  readonly queue: readonly QueuedLock[];
}

type WantedLock = BackendWait & { readonly kind: 'lock'; readonly blockers: readonly number[] };

/** What came of the attempt. */
export interface Rehearsal {
  readonly execution: Execution;
  /** The lock for which the string has to wait, or null. */
  readonly wanted: WantedLock | null;
  /** It failed, or changed nothing: what the copy said is the answer. */
  readonly answers: boolean;
}

/**
 * Runs a string on a copy of the primary in which waiting commits are in progress and the others' open blocks are prepared
 * transactions: PostgreSQL itself says whether the string would have to wait.
 */
export function* rehearse(host: PrimaryHost, attempt: Attempt): Running<Rehearsal> {
  const { session, piece, sql, others, queue } = attempt;
  const inBlock = session.transaction !== null;
  const server = yield* openServer(() => host.openBeside());
  const seat = new Seat(server, host, host.live.insertLsn);
  for (const other of others) seat.embed(other);
  seat.load(session);
  seat.replay(session, session.transaction?.lines ?? []);
  const queued = queue.length > 0 ? queuedLock(seat, attempt) : null;
  const start = server.walPosition();
  const selects = !inBlock && piece.statements.every(({ node }) => node === 'SelectStmt');
  if (selects) seat.run(session, 'begin');
  const execution = seat.run(session, sql);
  const end = server.walPosition();
  if (selects) seat.run(session, 'commit');
  // A SELECT may write WAL (hint bits, pruning); only with a transaction id it changes something.
  const wrote = end.xid !== start.xid || (!selects && end.insertLsn !== start.insertLsn);
  const idle = selects || execution.status === 'idle';
  const stays = piece.statements.some(
    ({ ties, usesAdvisoryLocks }) =>
      ties !== null || (usesAdvisoryLocks && session.tie === ADVISORY_TIE),
  );
  const { wait, error } = execution;
  const wanted =
    wait?.kind === 'lock' ? { ...wait, blockers: blockers(host, session, seat, wait) } : queued;
  const answers = wanted === null && (error !== null || (!inBlock && !wrote && !stays && idle));
  if (answers && error === null) seat.capture(session, piece.statements);
  server.close();
  return { execution, wanted, answers };
}

/** A lock that the string would take and that conflicts with one for which another queues already (LockAcquire, lock.c). */
function queuedLock(seat: Seat, { session, piece, sql, queue }: Attempt): WantedLock | null {
  const ownBlock = session.transaction === null;
  const table = piece.statements.at(-1)?.waitsForUsersOf;
  if (ownBlock && !table && !piece.statements.every(({ inBlock }) => inBlock)) return null;
  seat.run(session, ownBlock ? 'begin' : 'savepoint standby');
  seat.run(session, table ? `lock table ${table} in share update exclusive mode` : sql);
  const { results } = seat.run(
    session,
    `select relation, mode from pg_catalog.pg_locks where locktype = 'relation' and pid = ${session.pid}`,
  );
  seat.run(session, ownBlock ? 'rollback' : 'rollback to savepoint standby');
  for (const [relation, mode = null] of results[0]?.rows ?? []) {
    const ahead = queue.find(
      (one) => one.relation === Number(relation) && modesConflict(one.mode, mode ?? ''),
    );
    if (ahead)
      return {
        kind: 'lock',
        event: 'relation',
        xid: null,
        relation: Number(relation),
        mode,
        blockers: [ahead.pid],
      };
  }
  return null;
}

function blockers(
  host: PrimaryHost,
  session: Session,
  seat: Seat,
  wait: BackendWait & { kind: 'lock' },
): readonly number[] {
  const owner = seat.ownerOf(wait.xid);
  return owner === null ? host.blockersOf(session, wait) : [owner];
}

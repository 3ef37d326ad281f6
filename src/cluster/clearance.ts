import { modesConflict } from '../postgres/lock-modes.ts';
import type { PrimaryHost, QueuedLock } from './primary-host.ts';
import type { PrimaryWaits } from './primary-waits.ts';
import { rehearse } from './rehearsal.ts';
import type { Session } from './session.ts';
import type { Execution } from './sql-engine.ts';
import { ADVISORY_TIE, type SqlPiece } from './sql-text.ts';
import type { PieceOutcome } from './statement-outcome.ts';
import type { Running } from './wait.ts';

/** `outcome`: the string is answered already. Else the live server may run it; `seen` is what its client is told. */
interface Clearance {
  readonly outcome: PieceOutcome | null;
  readonly seen: Execution | null;
}

/** A string that wants to run on the live server. */
export interface Uncleared {
  readonly session: Session;
  readonly piece: SqlPiece;
  readonly sql: string;
  /** It is the COMMIT of the simulator's own around the piece. */
  readonly endsBlock: boolean;
}

const FREE: Clearance = { outcome: null, seen: null };

/** Statements that take RowExclusiveLock on tables at most. */
const ROWS = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/**
 * Where others hold locks or queue for them, runs the string on a copy first. If it would wait there, it waits. If it
 * wrote nothing, or failed, the copy's answer is the answer. Else the live server may run it; what SELECT … FOR UPDATE
 * has seen on the copy is what its client is told, since only there the others' locks stand.
 */
export function* clear(
  host: PrimaryHost,
  waits: PrimaryWaits,
  uncleared: Uncleared,
): Running<Clearance> {
  const { live } = host;
  const { session, piece, sql } = uncleared;
  for (;;) {
    const others = host.othersThan(session);
    const inBlock = session.transaction !== null;
    const queue = queueBefore(host, uncleared);
    if (session.status === 'failed' || (inBlock && onlyEnds(uncleared))) return FREE;
    const waitsForOthers = inBlock || piece.statements.some(({ concurrent }) => concurrent);
    const prepared = waitsForOthers ? live.hidden.size + live.prepared.size : 0;
    if (others.length + queue.length + prepared === 0) return FREE;
    const locker = others.find(({ tie }) => tie === ADVISORY_TIE);
    if (locker && piece.statements.some(({ usesAdvisoryLocks }) => usesAdvisoryLocks))
      return { outcome: waits.refuseBeside(locker), seen: null };
    const attempt = { session, piece, sql, others, queue };
    const { execution, wanted, answers } = yield* rehearse(host, attempt);
    if (wanted !== null) {
      const stopped = yield* waits.waitForLock(wanted, wanted.blockers);
      if (stopped !== null) return { outcome: stopped, seen: null };
      continue;
    }
    if (execution.error !== null) return { outcome: waits.fail(execution.error), seen: null };
    if (answers) {
      host.heard(session, execution);
      return { outcome: yield* waits.rest(execution), seen: null };
    }
    const tied = others.find((other) => other.tie !== null);
    if (tied) return { outcome: waits.refuseBeside(tied), seen: null };
    const locksRows = piece.statements.every((statement) => statement.locksRows);
    return { outcome: null, seen: locksRows ? execution : null };
  }
}

/**
 * Table locks that others queue for already. Strings that only read and write rows do not stand in each other's way; not to
 * ask a copy about that keeps many clients in a queue affordable.
 */
function queueBefore(host: PrimaryHost, { session, piece }: Uncleared): readonly QueuedLock[] {
  const queue = host.queueBefore(session);
  const rowsOnly = host.workCost !== null && piece.statements.every(({ node }) => ROWS.has(node));
  return rowsOnly ? queue.filter(({ mode }) => modesConflict(mode, 'RowExclusiveLock')) : queue;
}

/** Whether a string of an open block does nothing but begin, end or set: what it has written holds its locks already. */
function onlyEnds({ piece, sql, endsBlock }: Uncleared): boolean {
  const { statements } = piece;
  const last = statements.at(-1);
  if (endsBlock || (last?.control === 'commit' && sql === last.text)) return true;
  return statements.every(({ control, node }) => control !== null || node.startsWith('Variable'));
}

/** What a session of a standby holds that replay may have to wait for: its snapshot's xmin, and locks on relations. */
import type { StandbyTransaction } from '../postgres/recovery-conflict.ts';
import type { Seat } from './seat.ts';
import type { BlockSeat, OpenTransaction, Session } from './session.ts';
import { planString, type SqlPiece, takesSnapshot } from './sql-text.ts';

/** First object identifier of a relation that is nobody's but a user's (FirstNormalObjectId, transam.h). */
const FIRST_USER_OID = 16384;

/** The relations on which the transaction that is open on a seat holds locks, catalogs left out. */
function lockedRelations(seat: Seat, session: Session): readonly number[] {
  const { results } = seat.run(
    session,
    `select distinct relation from pg_catalog.pg_locks where locktype = 'relation' and granted and pid = ${session.pid} and relation >= ${FIRST_USER_OID} order by 1`,
  );
  return results[0]?.rows.map(([relation]) => Number(relation)) ?? [];
}

/** Of a statement outside a block, which the seat has just run: it is run again there in a block, to see its locks. */
export function holdOfStatement(
  seat: Seat,
  session: Session,
  { sql, statements }: SqlPiece,
  xmin: number | null,
): StandbyTransaction {
  const vxid = `${session.pid}/statement ${session.statementId}`;
  if (!statements.every(({ inBlock }) => inBlock)) return { vxid, xmin, relations: [] };
  seat.run(session, 'begin');
  seat.run(session, sql);
  const relations = lockedRelations(seat, session);
  seat.run(session, 'rollback');
  return { vxid, xmin, relations };
}

/** Of a block between two of its statements. A higher isolation level and a cursor keep the snapshot; `xmin` is one taken now. */
export function holdOfBlock(
  session: Session,
  { lines, startedAt }: OpenTransaction,
  { seat }: BlockSeat,
  xmin: number | null,
): StandbyTransaction {
  const vxid = `${session.pid}/block of ${startedAt}`;
  // Before its first query a block must not be asked: SET TRANSACTION could not follow.
  if (!lines.some(({ sql }) => takesSnapshot(sql))) return { vxid, xmin: null, relations: [] };
  const keeps =
    seat.server.setting('transaction_isolation') !== 'read committed' ||
    lines.some(({ sql }) => declaresCursor(sql));
  return {
    vxid,
    xmin: keeps ? (session.hold?.xmin ?? xmin) : null,
    relations: lockedRelations(seat, session),
  };
}

const declaresCursor = (sql: string): boolean =>
  planString(sql).some(({ statements }) =>
    statements.some(({ node }) => node === 'DeclareCursorStmt'),
  );

/** Whether a block stands in a subtransaction: a conflict then ends the whole session (ProcessRecoveryConflictInterrupt). */
export function inSubtransaction({ lines }: OpenTransaction): boolean {
  let depth = 0;
  for (const { text } of lines.flatMap(({ sql }) =>
    planString(sql).flatMap(({ statements }) => statements),
  )) {
    if (/^\s*savepoint\b/i.test(text)) depth++;
    if (/^\s*release\b/i.test(text)) depth = Math.max(0, depth - 1);
  }
  return depth > 0;
}

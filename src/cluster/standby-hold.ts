/** What a session of a standby holds that replay may have to wait for: a snapshot's xmin, locks, pinned pages, temporary files. */
import type { StandbyTransaction } from '../postgres/recovery-conflict.ts';
import type { Seat } from './seat.ts';
import type { BlockSeat, OpenTransaction, Session } from './session.ts';
import { FIRST_USER_OID } from './sql-engine.ts';
import { planString, type SqlPiece, takesSnapshot } from './sql-text.ts';

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
  const held = { vxid, xmin, pins: [], spills: [] };
  if (!statements.every(({ inBlock }) => inBlock)) return { ...held, relations: [] };
  seat.run(session, 'begin');
  seat.run(session, sql);
  const relations = lockedRelations(seat, session);
  seat.run(session, 'rollback');
  return { ...held, relations };
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
  if (!lines.some(({ sql }) => takesSnapshot(sql)))
    return { vxid, xmin: null, relations: [], pins: [], spills: [] };
  const hasCursor = lines.some(({ sql }) => declaresCursor(sql)) && isCursorOpen(seat, session);
  const keeps = hasCursor || seat.server.setting('transaction_isolation') !== 'read committed';
  return {
    vxid,
    xmin: keeps ? (session.hold?.xmin ?? xmin) : null,
    pins: hasCursor ? seat.server.pinnedPages() : [],
    spills: hasCursor ? spilledInto(seat, session) : [],
    relations: lockedRelations(seat, session),
  };
}

const isCursorOpen = (seat: Seat, session: Session): boolean =>
  seat.ask(session, 'select exists (select from pg_catalog.pg_cursors)') === 't';

/** The tablespaces of users' in which temporary files of the backend lie. */
function spilledInto(seat: Seat, session: Session): readonly number[] {
  if (!seat.server.setting('temp_tablespaces')) return [];
  const { results } = seat.run(
    session,
    `select oid from pg_catalog.pg_tablespace where oid >= ${FIRST_USER_OID} and exists (select from pg_catalog.pg_ls_tmpdir(oid)) order by 1`,
  );
  return results[0]?.rows.map(([oid]) => Number(oid)) ?? [];
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

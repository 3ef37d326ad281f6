import { type Columns, names, outParameters, qualified } from './columns.ts';
import { keepBuiltin, override } from './override.ts';

const LOCKS: Columns = [
  'locktype text',
  'database oid',
  'relation oid',
  'page integer',
  'tuple smallint',
  'virtualxid text',
  'transactionid xid',
  'classid oid',
  'objid oid',
  'objsubid smallint',
  'virtualtransaction text',
  'pid integer',
  'mode text',
  'granted boolean',
  'fastpath boolean',
  'waitstart timestamptz',
];

const PREPARED: Columns = [
  'transaction xid',
  'gid text',
  'prepared timestamptz',
  'ownerid oid',
  'dbid oid',
];

const HIDDEN = `jsonb_to_recordset(sim -> 'hiddenPrepared') as h(gid text, xid xid, pid integer, "virtualTransaction" text)`;

/** The columns before `virtualtransaction`: what is locked. */
const LOCKED = names(LOCKS).slice(0, names(LOCKS).indexOf('virtualtransaction'));

/**
 * pg_locks and pg_prepared_xacts. A commit that waits for a standby is, inside, a prepared transaction: its locks are
 * shown as those of the session that waits, and the transaction itself not at all. A standby shows no prepared ones.
 */
export const lockStatements: readonly string[] = [
  keepBuiltin('pg_lock_status', outParameters(LOCKS), 'setof record', 'strict'),
  override(
    'pg_lock_status()',
    `
declare
  sim constant jsonb := sim_state('locks');
  backend_pid constant integer := pg_backend_pid();
  in_recovery constant boolean := pg_is_in_recovery();
begin
  return query
  with held as materialized (select * from pg_lock_status_builtin()),
  waiting as (
    select h.pid, h."virtualTransaction" as virtualtransaction, held.virtualtransaction as inner_virtualtransaction
    from ${HIDDEN} join held on held.pid is null and held.transactionid = h.xid
  )
  -- a prepared transaction keeps no lock on the fast path and none on its virtual id; a session that waits has both
  select ${qualified('l', LOCKED)},
    coalesce(w.virtualtransaction, l.virtualtransaction),
    case when l.pid is null then w.pid else backend_pid end,
    l.mode, l.granted,
    l.fastpath or (w.pid is not null and l.locktype = 'relation'
      and l.mode in ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')),
    l.waitstart
  from held as l
  left join waiting as w on l.pid is null and w.inner_virtualtransaction = l.virtualtransaction
  where not (in_recovery and l.pid is null)
  union all
  select 'virtualxid', null, null, null, null, w.virtualtransaction, null, null, null, null,
    w.virtualtransaction, w.pid, 'ExclusiveLock', true, true, null
  from waiting as w
  where not in_recovery
  union all
  select ${qualified('w', names(LOCKS))}
  from jsonb_to_recordset(sim -> 'waitingLocks') as w(${LOCKS.join(', ')});
end `,
  ),
  keepBuiltin('pg_prepared_xact', outParameters(PREPARED), 'setof record', 'strict'),
  override(
    'pg_prepared_xact()',
    `
declare
  sim constant jsonb := sim_state('locks');
begin
  if pg_is_in_recovery() then
    return;
  end if;
  return query
  select ${qualified('p', names(PREPARED))}
  from pg_prepared_xact_builtin() as p left join ${HIDDEN} on h.gid = p.gid
  where h.gid is null;
end `,
  ),
  override(
    'pg_blocking_pids(integer)',
    `
begin
  return array(select jsonb_array_elements_text(sim_state('locks') -> 'blockers' -> $1::text)::integer);
end `,
  ),
];

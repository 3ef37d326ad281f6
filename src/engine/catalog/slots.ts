import { type Columns, names, qualified } from './columns.ts';
import { MARK, override, overrideInSql } from './override.ts';

const SLOTS: Columns = [
  'slot_name name',
  'plugin name',
  'slot_type text',
  'datoid oid',
  'temporary boolean',
  'active boolean',
  'active_pid integer',
  'xmin xid',
  'catalog_xmin xid',
  'restart_lsn pg_lsn',
  'confirmed_flush_lsn pg_lsn',
  'wal_status text',
  'safe_wal_size bigint',
  'two_phase boolean',
  'two_phase_at pg_lsn',
  'inactive_since timestamptz',
  'conflicting boolean',
  'invalidation_reason text',
  'failover boolean',
  'synced boolean',
];

const MODELLED = `jsonb_to_recordset(sim_state('slots') -> 'slots') as s(${SLOTS.join(', ')})`;

/** A function of ours that one of PostgreSQL's calls: its own OUT columns and arguments share names, which PL/pgSQL refuses. */
const helper = (name: string, parameters: string, returns: string, body: string): string => `
create function pg_catalog.${name}(${parameters}) returns ${returns} language plpgsql
set search_path = pg_catalog as $sim$${MARK}${body}$sim$`;

/** CheckSlotPermissions. */
const MAY_USE = `
  if not exists (
    select from pg_roles r where r.rolname = current_user and (r.rolsuper or r.rolreplication)
  ) then
    raise exception using errcode = '42501', message = 'permission denied to use replication slots',
      detail = 'Only roles with the REPLICATION attribute may use replication slots.';
  end if;`;

/** ReplicationSlotAcquire: finds the slot of `name_of_slot`, which nobody else may use. */
const ACQUIRE = `
  select * into slot from ${MODELLED} where s.slot_name = name_of_slot;
  if not found then
    raise exception using errcode = '42704', message = format('replication slot "%s" does not exist', name_of_slot);
  end if;
  if slot.active then
    raise exception using errcode = '55006',
      message = format('replication slot "%s" is active for PID %s', name_of_slot, slot.active_pid);
  end if;`;

/**
 * Physical replication slots, which are modelled: a server that is rebuilt from WAL has none. The functions say what slotfuncs.c
 * and slot.c say; what they did, the simulator is told by a signal, and the view shows it from the next string on.
 */
export const slotStatements: readonly string[] = [
  override(
    'pg_get_replication_slots()',
    `
begin
  return query select ${qualified('s', names(SLOTS))} from ${MODELLED};
end `,
  ),

  helper(
    'sim_create_slot',
    'name_of_slot name, keep_from pg_lsn, temporary boolean, out created_name name, out created_lsn pg_lsn',
    'record',
    `
begin ${MAY_USE}
  if name_of_slot = '' then
    raise exception using errcode = '42602', message = format('replication slot name "%s" is too short', name_of_slot);
  elsif name_of_slot !~ '^[a-z0-9_]+$' then
    raise exception using errcode = '42602', message = format('replication slot name "%s" contains invalid character', name_of_slot),
      hint = 'Replication slot names may only contain lower case letters, numbers, and the underscore character.';
  elsif exists (select from ${MODELLED} where s.slot_name = name_of_slot) then
    raise exception using errcode = '42710', message = format('replication slot "%s" already exists', name_of_slot);
  elsif jsonb_array_length(sim_state('slots') -> 'slots') >= current_setting('max_replication_slots')::integer then
    raise exception using errcode = '53400', message = 'all replication slots are in use',
      hint = 'Free one or increase "max_replication_slots".';
  elsif temporary then
    raise exception using errcode = '0A000', message = 'a temporary replication slot is not simulated',
      hint = 'PostgreSQL can make one. Here, leave the third argument out.';
  end if;
  created_name := name_of_slot;
  created_lsn := keep_from;
  perform sim_signal('slot', jsonb_build_array('create', name_of_slot, keep_from));
end `,
  ),
  overrideInSql(
    'pg_create_physical_replication_slot(name, boolean, boolean)',
    `select created_name, created_lsn
from pg_catalog.sim_create_slot($1, case when $2 then (pg_catalog.sim_state('slots') ->> 'redoLsn')::pg_catalog.pg_lsn end, $3)`,
  ),

  helper(
    'sim_copy_slot',
    'name_of_slot name, name_of_copy name, temporary boolean, out created_name name, out created_lsn pg_lsn',
    'record',
    `
declare
  slot record;
begin ${MAY_USE}
  select * into slot from ${MODELLED} where s.slot_name = name_of_slot;
  if not found then
    raise exception using errcode = '42704', message = format('replication slot "%s" does not exist', name_of_slot);
  elsif slot.restart_lsn is null then
    raise exception using errcode = '55000', message = 'cannot copy a replication slot that doesn''t reserve WAL';
  elsif slot.invalidation_reason is not null then
    raise exception using errcode = '55000', message = format('cannot copy invalidated replication slot "%s"', name_of_slot);
  end if;
  perform sim_create_slot(name_of_copy, slot.restart_lsn, temporary);
  created_name := name_of_copy;
end `,
  ),
  overrideInSql(
    'pg_copy_physical_replication_slot(name, name, boolean)',
    'select created_name, created_lsn from pg_catalog.sim_copy_slot($1, $2, $3)',
  ),
  overrideInSql(
    'pg_copy_physical_replication_slot(name, name)',
    'select created_name, created_lsn from pg_catalog.sim_copy_slot($1, $2, false)',
  ),

  override(
    'pg_drop_replication_slot(name)',
    `
declare
  name_of_slot constant name := $1;
  slot record;
begin ${MAY_USE} ${ACQUIRE}
  perform sim_signal('slot', jsonb_build_array('drop', name_of_slot));
end `,
  ),

  helper(
    'sim_advance_slot',
    'name_of_slot name, upto pg_lsn, out advanced_name name, out advanced_lsn pg_lsn',
    'record',
    `
declare
  slot record;
  furthest constant pg_lsn := case when pg_is_in_recovery()
    then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end;
begin ${MAY_USE}
  if upto = '0/0' then
    raise exception using errcode = '22023', message = 'invalid target WAL LSN';
  end if; ${ACQUIRE}
  if slot.invalidation_reason is not null then
    raise exception using errcode = '55000', message = format('can no longer access replication slot "%s"', name_of_slot),
      detail = format('This replication slot has been invalidated due to "%s".', slot.invalidation_reason);
  elsif slot.restart_lsn is null then
    raise exception using errcode = '55000', message = format('replication slot "%s" cannot be advanced', name_of_slot),
      detail = 'This slot has never previously reserved WAL, or it has been invalidated.';
  end if;
  advanced_name := name_of_slot;
  advanced_lsn := least(upto, furthest);
  if advanced_lsn < slot.restart_lsn then
    raise exception using errcode = '55000',
      message = format('cannot advance replication slot to %s, minimum is %s', advanced_lsn, slot.restart_lsn);
  end if;
  perform sim_signal('slot', jsonb_build_array('advance', name_of_slot, advanced_lsn));
end `,
  ),
  overrideInSql(
    'pg_replication_slot_advance(name, pg_lsn)',
    'select advanced_name, advanced_lsn from pg_catalog.sim_advance_slot($1, $2)',
  ),
];

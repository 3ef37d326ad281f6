import { type Columns, names, outParameters, qualified } from './columns.ts';
import { keepBuiltin, override } from './override.ts';

/** Columns of pg_control_checkpoint(). */
const CONTROL: Columns = [
  'checkpoint_lsn pg_lsn',
  'redo_lsn pg_lsn',
  'redo_wal_file text',
  'timeline_id integer',
  'prev_timeline_id integer',
  'full_page_writes boolean',
  'next_xid text',
  'next_oid oid',
  'next_multixact_id xid',
  'next_multi_offset xid',
  'oldest_xid xid',
  'oldest_xid_dbid oid',
  'oldest_active_xid xid',
  'oldest_multi_xid xid',
  'oldest_multi_dbid oid',
  'oldest_commit_ts_xid xid',
  'newest_commit_ts_xid xid',
  'checkpoint_time timestamptz',
];

const FILES: Columns = ['name text', 'size bigint', 'modification timestamptz'];

/** Functions under pg_stat_checkpointer whose values the modelled checkpointer counts. */
const COUNTS = [
  'num_timed',
  'num_requested',
  'num_performed',
  'restartpoints_timed',
  'restartpoints_requested',
  'restartpoints_performed',
];

/**
 * What pg_control says of the last checkpoint, what the checkpointer has counted, and which segments pg_wal holds. On a
 * standby, and on the copies that answer a question of another moment, the files beneath are others.
 */
export const checkpointStatements: readonly string[] = [
  keepBuiltin('pg_control_checkpoint', outParameters(CONTROL), 'record', 'strict'),
  override(
    'pg_control_checkpoint()',
    `
declare
  sim constant jsonb := nullif(sim_state('checkpoints') -> 'checkpoint', 'null');
begin
  if sim is null then
    select ${qualified('own', names(CONTROL))} into ${names(CONTROL).join(', ')} from pg_control_checkpoint_builtin() as own;
  else
    select ${qualified('x', names(CONTROL))} into ${names(CONTROL).join(', ')} from jsonb_to_record(sim) as x(${CONTROL.join(', ')});
  end if;
end `,
  ),
  ...COUNTS.map((name) =>
    override(
      `pg_stat_get_checkpointer_${name}()`,
      `
begin
  return coalesce((sim_state('checkpoints') -> 'checkpointer' ->> '${name}')::bigint, 0);
end `,
    ),
  ),
  keepBuiltin('pg_ls_waldir', outParameters(FILES), 'setof record', 'strict'),
  override(
    'pg_ls_waldir()',
    `
declare
  sim constant jsonb := sim_state('checkpoints') -> 'walSegments';
begin
  return query
  select s.segment, pg_size_bytes(current_setting('wal_segment_size')), coalesce(own.modification, pg_postmaster_start_time())
  from jsonb_array_elements_text(sim) as s(segment)
  left join pg_ls_waldir_builtin() as own on own.name = s.segment
  union all
  select ${qualified('own', names(FILES))} from pg_ls_waldir_builtin() as own
  where own.name !~ '^[0-9A-F]{24}$' or sim is null;
end `,
  ),
];

import { override } from './override.ts';

/** What pg_stat_database_conflicts and pg_stat_database count: queries that replay has cancelled on this standby. */
const counted = (name: string, value: string): string =>
  override(
    `${name}(oid)`,
    `
declare
  counts constant jsonb := sim_state('node') -> 'conflicts';
begin
  return coalesce(${value}, 0);
end `,
  );

export const conflictStatements: readonly string[] = [
  counted('pg_stat_get_db_conflict_snapshot', "(counts -> 'snapshot')::bigint"),
  counted('pg_stat_get_db_conflict_lock', "(counts -> 'lock')::bigint"),
  counted('pg_stat_get_db_conflict_bufferpin', "(counts -> 'bufferpin')::bigint"),
  counted('pg_stat_get_db_conflict_tablespace', "(counts -> 'tablespace')::bigint"),
  counted('pg_stat_get_db_conflict_startup_deadlock', "(counts -> 'deadlock')::bigint"),
  counted(
    'pg_stat_get_db_conflict_all',
    '(select sum(value::bigint) from jsonb_each_text(counts) as c(reason, value))',
  ),
];

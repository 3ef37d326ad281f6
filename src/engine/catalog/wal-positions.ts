import { keepBuiltin, override } from './override.ts';

/** A position on the primary. The built-in is called first: in recovery it refuses, in PostgreSQL's words. */
const current = (name: string, key: string): readonly string[] => [
  keepBuiltin(name, '', 'pg_lsn', 'strict'),
  override(
    `${name}()`,
    `
declare
  real constant pg_lsn := ${name}_builtin();
begin
  return coalesce((sim_state('node') ->> '${key}')::pg_lsn, real);
end `,
  ),
];

const modelled = (name: string, type: string, key: string): string =>
  override(
    `${name}()`,
    `
begin
  return (sim_state('node') ->> '${key}')::${type};
end `,
  );

/**
 * How far WAL has got: written and flushed on the primary, received and replayed on a standby.
 * pg_is_in_recovery() stays PostgreSQL's own, and so does pg_current_wal_insert_lsn(), but on copies of a primary.
 */
export const walPositionStatements: readonly string[] = [
  ...current('pg_current_wal_lsn', 'writeLsn'),
  ...current('pg_current_wal_flush_lsn', 'flushLsn'),
  ...current('pg_current_wal_insert_lsn', 'insertLsn'),
  keepBuiltin('pg_switch_wal', '', 'pg_lsn', 'strict'),
  override(
    'pg_switch_wal()',
    `
declare
  switched constant pg_lsn := pg_switch_wal_builtin();
begin
  perform sim_signal('switch_wal');
  return switched;
end `,
  ),
  modelled('pg_last_wal_receive_lsn', 'pg_lsn', 'receiveLsn'),
  modelled('pg_last_wal_replay_lsn', 'pg_lsn', 'replayLsn'),
  modelled('pg_last_xact_replay_timestamp', 'timestamptz', 'lastReplayedXactTimestamp'),
];

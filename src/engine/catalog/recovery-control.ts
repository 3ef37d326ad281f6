import { keepBuiltin, override } from './override.ts';

const ONLY_IN_RECOVERY = `
  if not pg_is_in_recovery() then
    raise exception using errcode = '55000', message = 'recovery is not in progress',
      hint = 'Recovery control functions can only be executed during recovery.';
  end if;`;

const pauseState = (signature: string, result: string): string =>
  override(
    signature,
    `
begin ${ONLY_IN_RECOVERY}
  return ${result};
end `,
  );

const control = (signature: string, signal: string): string =>
  override(
    signature,
    `
begin ${ONLY_IN_RECOVERY}
  perform sim_signal('${signal}');
end `,
  );

/** Pausing, resuming and ending recovery. */
export const recoveryControlStatements: readonly string[] = [
  pauseState(
    'pg_is_wal_replay_paused()',
    `sim_state('node') ->> 'replayPauseState' <> 'not paused'`,
  ),
  pauseState('pg_get_wal_replay_pause_state()', `sim_state('node') ->> 'replayPauseState'`),
  control('pg_wal_replay_pause()', 'wal_replay_pause'),
  control('pg_wal_replay_resume()', 'wal_replay_resume'),
  override(
    'pg_promote(boolean, integer)',
    `
begin ${ONLY_IN_RECOVERY}
  if wait_seconds <= 0 then
    raise exception using errcode = '22003', message = '"wait_seconds" must not be negative or zero';
  end if;
  perform sim_signal('promote', jsonb_build_array(wait, wait_seconds));
  return true;
end `,
  ),
  ...emitMessage('text'),
  ...emitMessage('bytea'),
  `
create function pg_catalog.pg_backup_start_builtin(text, boolean) returns pg_lsn language internal strict as 'pg_backup_start'`,
  override(
    'pg_backup_start(text, boolean)',
    `
begin
  if pg_is_in_recovery() then
    raise exception using errcode = '0A000', message = 'a base backup from a standby is not simulated',
      hint = 'PostgreSQL can take one. Here, take the backup from the primary.';
  end if;
  return pg_backup_start_builtin(label, fast);
end `,
  ),
  keepBuiltin(
    'pg_backup_stop',
    'boolean, out lsn pg_lsn, out labelfile text, out spcmapfile text',
    'record',
    'strict',
  ),
  override(
    'pg_backup_stop(boolean)',
    `
declare
  archiving constant boolean := wait_for_archive and current_setting('archive_mode') <> 'off';
begin
  select b.lsn, b.labelfile, b.spcmapfile into lsn, labelfile, spcmapfile
  from pg_backup_stop_builtin(wait_for_archive and not archiving) as b;
  if archiving then perform sim_signal('backup_stop', jsonb_build_array(lsn)); end if;
end `,
  ),
];

/**
 * A message outside a transaction needs no transaction id, and the instance was allowed to write WAL before it was put
 * in recovery mode: PostgreSQL's own check comes too late here.
 */
function emitMessage(type: string): readonly string[] {
  const builtin = 'pg_logical_emit_message_builtin';
  return [
    `
create function pg_catalog.${builtin}(boolean, text, ${type}, boolean) returns pg_lsn
language internal strict as 'pg_logical_emit_message_${type}'`,
    override(
      `pg_logical_emit_message(boolean, text, ${type}, boolean)`,
      `
begin
  if pg_is_in_recovery() and not transactional then
    raise exception using errcode = 'XX000', message = 'cannot make new WAL entries during recovery';
  end if;
  return ${builtin}(transactional, prefix, message, flush);
end `,
    ),
  ];
}

import { DEFAULT_SETTINGS, type ReplicationSettings } from '../postgres/replication-settings.ts';
import { parseSynchronousStandbyNames } from '../postgres/synchronous-standby-names.ts';
import { type Duration, ms, seconds } from '../sim/instant.ts';
import { ActionRefused } from './action.ts';
import type { Settings } from './sql-engine.ts';

/**
 * Servers here are small, and so is their WAL: a segment is 1 MB, and a checkpoint begins when 2 to 3 MB have been
 * written since the last one. (PostgreSQL's own defaults: 16 MB, and 1 GB.)
 */
export const SMALL_WAL = {
  min_wal_size: '2MB',
  max_wal_size: `${DEFAULT_SETTINGS.maxWalSize / 2 ** 20}MB`,
};

/** Units of guc.c, in milliseconds and bytes. */
const TIME_UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 2 ** 10,
  MB: 2 ** 20,
  GB: 2 ** 30,
  TB: 2 ** 40,
};

function quantity(
  name: string,
  text: string,
  units: Readonly<Record<string, number>>,
  bareUnit: number,
): number {
  const match = /^\s*(-?[\d.]+)\s*([A-Za-z]*)\s*$/.exec(text);
  const unit = match?.[2] ? units[match[2]] : bareUnit;
  if (!match || unit === undefined || Number.isNaN(Number(match[1])))
    throw new ActionRefused(
      `invalid value for parameter "${name}": "${text}" (valid units are ${Object.keys(units).join(', ')})`,
    );
  return Number(match[1]) * unit;
}

/** A time setting's text in milliseconds, a bare number counted as such; null where it is none. */
export function timeInMs(text: string): number | null {
  try {
    return Math.round(quantity('', text, TIME_UNITS, 1));
  } catch {
    return null;
  }
}

/** The settings that the modelled processes read, from lines of postgresql.conf. Throws ActionRefused with PostgreSQL's words. */
export function replicationSettings(settings: Settings): ReplicationSettings {
  const time = (name: string, standard: Duration): Duration =>
    settings[name] === undefined ? standard : ms(quantity(name, settings[name], TIME_UNITS, 1));
  // A bare number of these is seconds (guc_tables.c: GUC_UNIT_S).
  const inSeconds = (name: string, standard: Duration): Duration =>
    settings[name] === undefined ? standard : ms(quantity(name, settings[name], TIME_UNITS, 1000));
  const delay = (name: string): Duration | null =>
    settings[name]?.trim().startsWith('-')
      ? null
      : time(name, DEFAULT_SETTINGS.maxStandbyStreamingDelay ?? ms(0));
  const names = parseSynchronousStandbyNames(settings.synchronous_standby_names ?? '');
  if (names.error !== null)
    throw new ActionRefused(
      `invalid value for parameter "synchronous_standby_names": "${settings.synchronous_standby_names}"${names.error.detail === null ? '' : `: ${names.error.detail}`}`,
    );
  const flushAfter = settings.wal_writer_flush_after;
  const megabytes = (name: string, standard: number): number =>
    settings[name] === undefined ? standard : quantity(name, settings[name], SIZE_UNITS, 2 ** 20);
  return {
    synchronousStandbyNames: names.names,
    walSenderTimeout: time('wal_sender_timeout', DEFAULT_SETTINGS.walSenderTimeout),
    walReceiverTimeout: time('wal_receiver_timeout', DEFAULT_SETTINGS.walReceiverTimeout),
    walReceiverStatusInterval: inSeconds(
      'wal_receiver_status_interval',
      DEFAULT_SETTINGS.walReceiverStatusInterval,
    ),
    walRetrieveRetryInterval: time(
      'wal_retrieve_retry_interval',
      DEFAULT_SETTINGS.walRetrieveRetryInterval,
    ),
    hotStandbyFeedback: isOn(settings.hot_standby_feedback),
    maxStandbyStreamingDelay: delay('max_standby_streaming_delay'),
    maxStandbyArchiveDelay: delay('max_standby_archive_delay'),
    deadlockTimeout: time('deadlock_timeout', DEFAULT_SETTINGS.deadlockTimeout),
    walWriterDelay: time('wal_writer_delay', DEFAULT_SETTINGS.walWriterDelay),
    walWriterFlushAfter:
      flushAfter === undefined
        ? DEFAULT_SETTINGS.walWriterFlushAfter
        : quantity('wal_writer_flush_after', flushAfter, SIZE_UNITS, 8192),
    primarySlotName: settings.primary_slot_name || DEFAULT_SETTINGS.primarySlotName,
    walKeepSize: megabytes('wal_keep_size', DEFAULT_SETTINGS.walKeepSize),
    maxSlotWalKeepSize: megabytes('max_slot_wal_keep_size', DEFAULT_SETTINGS.maxSlotWalKeepSize),
    maxWalSize: megabytes('max_wal_size', DEFAULT_SETTINGS.maxWalSize),
    archiveMode: ['on', 'always', 'true', 'yes', '1'].includes(settings.archive_mode ?? 'off'),
    archiveCommand: settings.archive_command ?? '',
    archiveTimeout: inSeconds('archive_timeout', DEFAULT_SETTINGS.archiveTimeout),
    restoreCommand: settings.restore_command ?? '',
    recoveryMinApplyDelay: time('recovery_min_apply_delay', DEFAULT_SETTINGS.recoveryMinApplyDelay),
    idleReplicationSlotTimeout: inSeconds(
      'idle_replication_slot_timeout',
      DEFAULT_SETTINGS.idleReplicationSlotTimeout,
    ),
    fsync: !/^(off|false|no|0)$/i.test(settings.fsync ?? 'on'),
    followsLatestTimeline: (settings.recovery_target_timeline ?? 'latest') === 'latest',
    checkpointTimeout: inSeconds('checkpoint_timeout', DEFAULT_SETTINGS.checkpointTimeout),
    completionTarget: Number(
      settings.checkpoint_completion_target ?? DEFAULT_SETTINGS.completionTarget,
    ),
  };
}

/** autovacuum_naptime, whose bare number is seconds. */
export const autovacuumNaptime = ({ autovacuum_naptime: text }: Settings): Duration =>
  text === undefined ? seconds(60) : ms(quantity('autovacuum_naptime', text, TIME_UNITS, 1000));

/** A boolean setting's text as bool.c reads it; off where it is not set. */
export function isOn(text = 'off'): boolean {
  const word = text.trim().toLowerCase();
  return (
    word === '1' ||
    word === 'on' ||
    (word !== '' && ['true', 'yes'].some((on) => on.startsWith(word)))
  );
}

/** The host that a standby's primary_conninfo names; null where it names none. */
export function upstreamHost({ primary_conninfo = '' }: Settings): string | null {
  return /(?:^|\s)host\s*=\s*'?([^\s']+)/.exec(primary_conninfo)?.[1] ?? null;
}

import { SMALL_WAL } from '../cluster/node-settings.ts';
import type { Settings } from '../cluster/sql-engine.ts';
import { DATA_DIRECTORY } from './data-directory.ts';

/** postgresql.conf of every server: small, since a tab holds several, and what initdb writes for a server in UTC. */
const COMMON: Settings = {
  wal_level: 'replica',
  max_prepared_transactions: '64',
  shared_buffers: '4MB',
  wal_buffers: '256kB',
  ...SMALL_WAL,
  wal_recycle: 'off', // a removed segment is gone, so that pg_wal holds only what belongs there
  max_files_per_process: '64', // PostgreSQL tries at start how many it can open
  autovacuum_worker_slots: '3',
  max_connections: '20',
  timezone: 'UTC',
  log_timezone: 'UTC',
  datestyle: 'iso, mdy',
  default_text_search_config: 'pg_catalog.english',
};

const encoder = new TextEncoder();

const quote = (value: string): string =>
  `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** The configuration files of a server; `altered` is what ALTER SYSTEM wrote. */
export function configurationFiles(
  settings: Settings,
  altered: string,
): readonly (readonly [string, Uint8Array])[] {
  const lines = Object.entries({ ...COMMON, ...settings }).map(
    ([name, value]) => `${name} = ${quote(value)}\n`,
  );
  return [
    [`${DATA_DIRECTORY}/postgresql.conf`, encoder.encode(lines.join(''))],
    [ALTERED_SETTINGS, encoder.encode(altered)],
  ];
}

/** Where ALTER SYSTEM writes. */
export const ALTERED_SETTINGS = `${DATA_DIRECTORY}/postgresql.auto.conf`;

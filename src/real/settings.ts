import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeSetting } from '../scenario/target.ts';
import { type ServerUser, writeOwned } from './server-user.ts';

/** What the settings of a node depend on. */
interface SettingsOptions {
  readonly directory: string;
  /** The data directory whose `postgresql.conf`, as initdb wrote it, comes first. */
  readonly template: string;
  readonly user: ServerUser;
  readonly name: string;
  readonly port: number;
  readonly upstreamPort: number | null;
  readonly config: readonly NodeSetting[];
}

/** Writes `postgresql.conf` and, for a standby, `standby.signal`. */
export function writeSettings(options: SettingsOptions): void {
  const { directory, template, user, name, port, upstreamPort, config } = options;
  const settings: [string, string][] = [
    ['listen_addresses', '127.0.0.1'],
    ['port', String(port)],
    ['unix_socket_directories', ''],
    ['cluster_name', name],
    ['wal_level', 'replica'],
    ['hot_standby', 'on'],
    ['max_wal_senders', '10'],
    ['max_prepared_transactions', '10'],
    // A standby that was cut off for a while must find its WAL: there are no slots unless configured.
    ['wal_keep_size', '64MB'],
    // A worker that vacuums or analyses when it likes would write WAL, and wait for standbys, at a moment that differs
    // from run to run. A scenario that is about autovacuum switches it on.
    ['autovacuum', 'off'],
    ['timezone', 'UTC'],
    ['log_timezone', 'UTC'],
    ['lc_messages', 'C'],
    // In the data directory, so that a killed server leaves nothing in /dev/shm.
    ['dynamic_shared_memory_type', 'mmap'],
    ['shared_buffers', '16MB'],
  ];
  if (upstreamPort !== null) {
    const conninfo = `host=127.0.0.1 port=${upstreamPort} user=postgres application_name=${name}`;
    settings.push(['primary_conninfo', conninfo]);
  }
  for (const setting of config) settings.push([setting.name, setting.value]);

  const lines = settings.map(([key, value]) => `${key} = ${quoted(value)}\n`);
  const initial = readFileSync(join(template, 'postgresql.conf'), 'utf8');
  writeOwned(user, join(directory, 'postgresql.conf'), initial + lines.join(''));
  if (upstreamPort !== null) writeOwned(user, join(directory, 'standby.signal'), '');
}

/** A value in quotes as postgresql.conf reads them, where a backslash escapes too. */
function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n')}'`;
}

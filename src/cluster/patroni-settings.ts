import type { GovernorSpec } from '../ha/ha-port.ts';
import type { Settings } from './sql-engine.ts';

/** What Patroni writes into postgresql.conf by itself, as far as a cluster here knows it (patroni/postgresql/config.py). */
const OWN: Settings = { wal_keep_size: '128MB', wal_log_hints: 'on' };

/** Lines of a node's postgresql.conf that come from its patroni.yml and the DCS; a node's own layer stands above. */
export const patroniSettings = (governor: GovernorSpec | null, node: string): Settings =>
  governor === null
    ? {}
    : { ...OWN, ...governor.dynamic.parameters, ...governor.local[node]?.parameters };

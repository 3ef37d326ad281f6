/** The patroni.yml of the Elephant Cafe's three nodes, with the lines that an experiment changes. */
export interface CafeYml {
  /** Lines of `bootstrap.dcs`. */
  readonly dcs?: string;
  /** Lines of `postgresql`. */
  readonly postgresql?: string;
  readonly watchdog?: 'off' | 'automatic' | 'required';
  /** Lines at the end of the file. */
  readonly end?: string;
}

const indented = (lines: string | undefined, by: number): string =>
  (lines ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${' '.repeat(by)}${line}\n`)
    .join('');

export const cafeYml = ({ dcs, postgresql, watchdog = 'off', end }: CafeYml = {}): string =>
  `scope: cafe
name: node1
restapi:
  listen: 0.0.0.0:8008
  connect_address: node1:8008
etcd3:
  hosts: [10.0.7.1:2379, 10.0.7.2:2379, 10.0.7.3:2379]
bootstrap:
  dcs:
${indented(dcs ?? 'ttl: 30\nloop_wait: 10\nretry_timeout: 10\nmaximum_lag_on_failover: 1048576', 4)}    postgresql:
      use_pg_rewind: true
postgresql:
  listen: 0.0.0.0:5432
  connect_address: node1:5432
  data_dir: /var/lib/postgresql/18/cafe
  authentication:
    replication: {username: replicator, password: tea}
    superuser: {username: postgres, password: tea}
${indented(postgresql, 2)}watchdog:
  mode: ${watchdog}
${indented(end, 0)}`;

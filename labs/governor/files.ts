/** patroni.yml files of the lab: the one that the cafe has, and what people make of it. All three nodes get the same. */

interface Parts {
  /** Lines of bootstrap.dcs, below its timeouts. */
  readonly dcs?: string;
  /** Lines of bootstrap.dcs.postgresql.parameters. */
  readonly parameters?: string;
  readonly watchdog?: string;
  /** Lines at the end of the file. */
  readonly end?: string;
}

export const patroniYml = ({
  dcs = '    maximum_lag_on_failover: 1048576\n',
  parameters = '',
  watchdog = 'automatic',
  end = '',
}: Parts = {}): string => `scope: cafe
name: node1

bootstrap:
  dcs:
    ttl: 30
    loop_wait: 10
    retry_timeout: 10
${dcs}    postgresql:
      use_pg_rewind: true
      parameters:
        max_connections: 100
${parameters}
etcd3:
  hosts: etcd1:2379,etcd2:2379,etcd3:2379

postgresql:
  listen: 0.0.0.0:5432
  connect_address: node1:5432
  data_dir: /var/lib/postgresql/data

watchdog:
  mode: ${watchdog}
  device: /dev/watchdog
  safety_margin: 5
${end}`;

const required = { watchdog: 'required' } as const;

export const start = patroniYml();
export const synchronous = patroniYml({ ...required, dcs: '    synchronous_mode: on\n' });
export const quorum = patroniYml({ ...required, dcs: '    synchronous_mode: quorum\n' });
export const optionalWatchdog = patroniYml({ dcs: '    synchronous_mode: on\n' });
export const noLag = patroniYml({ ...required, dcs: '    maximum_lag_on_failover: 0\n' });
export const namesByHand = patroniYml({
  ...required,
  parameters: '        synchronous_standby_names: ANY 1 (node2,node3)\n',
});
export const twice = patroniYml({
  ...required,
  dcs: '    synchronous_mode: on\n',
  end: '\n# for the new machines\nwatchdog:\n  device: /dev/watchdog1\n',
});

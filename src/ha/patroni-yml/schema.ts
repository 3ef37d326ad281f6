/** What patroni.yml may hold, after Patroni 4.1: docs/yaml_configuration.rst, dynamic_configuration.rst, patroni/validator.py. */

/** What may stand at a key. */
export type Shape =
  | { readonly kind: 'text' | 'flag' | 'number' | 'anything' | 'list' }
  /** A whole number, also in quotes where `quoted` says so; null: how small it may be is judged elsewhere. */
  | { readonly kind: 'whole'; readonly least: number | null; readonly quoted: boolean }
  /** Words in any case. A flag counts as `on` or `off`, which YAML 1.1 makes of them. */
  | { readonly kind: 'choice'; readonly words: readonly string[] }
  /** A command with which a script is run. */
  | { readonly kind: 'script' }
  /** Any keys, each with one value: settings of PostgreSQL. */
  | { readonly kind: 'settings' }
  | {
      readonly kind: 'mapping';
      readonly keys: Readonly<Record<string, Shape>>;
      readonly required?: readonly string[];
      /** Whether other keys may stand there too. */
      readonly open?: boolean;
    };

type Keys = Readonly<Record<string, Shape>>;

const text: Shape = { kind: 'text' };
const flag: Shape = { kind: 'flag' };
const anything: Shape = { kind: 'anything' };
const list: Shape = { kind: 'list' };
const script: Shape = { kind: 'script' };
const settings: Shape = { kind: 'settings' };
const dynamic = (least: number | null): Shape => ({ kind: 'whole', least, quoted: true });
const whole = (least: number): Shape => ({ kind: 'whole', least, quoted: false });
const choice = (...words: string[]): Shape => ({ kind: 'choice', words });
const mapping = (keys: Keys, required: readonly string[] = []): Shape => ({
  kind: 'mapping',
  keys,
  required,
});
const openMapping = (keys: Keys): Shape => ({ kind: 'mapping', keys, open: true });
const every = (shape: Shape, ...names: string[]): Keys =>
  Object.fromEntries(names.map((name) => [name, shape]));

/** What may stand under `postgresql`, of a node or of all. */
const postgresqlAnywhere: Keys = {
  parameters: settings,
  ...every(settings, 'parameters_primary', 'parameters_replica', 'parameters_standby_leader'),
  ...every(list, 'pg_hba', 'pg_hba_primary', 'pg_hba_replica', 'pg_hba_standby_leader'),
  ...every(list, 'pg_ident', 'pg_ident_primary', 'pg_ident_replica', 'pg_ident_standby_leader'),
  ...every(flag, 'use_pg_rewind', 'use_slots'),
  ...every(
    flag,
    'remove_data_directory_on_rewind_failure',
    'remove_data_directory_on_diverged_timelines',
    'use_unix_socket',
    'use_unix_socket_repl',
  ),
  ...every(list, 'rewind', 'basebackup', 'create_replica_methods'),
  recovery_conf: settings,
  pg_ctl_timeout: dynamic(0),
  pre_promote: script,
  before_stop: script,
  callbacks: mapping(
    every(script, 'on_reload', 'on_restart', 'on_role_change', 'on_start', 'on_stop'),
  ),
};

/** `bootstrap.dcs`: what goes into the DCS when the cluster is new, and is the same for all nodes from then on. */
export const dynamicKeys: Keys = {
  // Patroni lifts these three to what they must be at least, and says so.
  ttl: dynamic(null),
  loop_wait: dynamic(null),
  retry_timeout: dynamic(null),
  maximum_lag_on_failover: dynamic(0),
  maximum_lag_on_syncnode: dynamic(-1),
  max_timelines_history: dynamic(0),
  primary_race_backoff: dynamic(0),
  primary_start_timeout: dynamic(0),
  primary_stop_timeout: dynamic(0),
  check_timeline: flag,
  synchronous_mode: choice('off', 'on', 'quorum'),
  synchronous_mode_strict: flag,
  synchronous_node_count: dynamic(1),
  failsafe_mode: flag,
  pause: flag,
  member_slots_ttl: anything,
  slots: anything,
  ignore_slots: list,
  standby_cluster: anything,
  postgresql: mapping(postgresqlAnywhere),
};

const etcd = mapping({
  ...every(text, 'host', 'srv', 'srv_suffix', 'url', 'proxy', 'protocol', 'username', 'password'),
  ...every(text, 'cacert', 'cert', 'key'),
  hosts: anything,
  use_proxies: flag,
});

const users = mapping({ replication: anything, superuser: anything, rewind: anything }, [
  'replication',
  'superuser',
]);

/** The whole file. */
export const patroniYml: Shape = mapping(
  {
    ...every(text, 'scope', 'name', 'namespace'),
    ...every(whole(1), 'thread_pool_size', 'thread_stack_size'),
    log: anything,
    ctl: anything,
    restapi: openMapping({ listen: text, connect_address: text }),
    bootstrap: mapping({
      dcs: mapping(dynamicKeys),
      ...every(list, 'initdb', 'pg_hba', 'users'),
      ...every(text, 'method', 'post_bootstrap', 'post_init'),
    }),
    ...every(etcd, 'etcd', 'etcd3'),
    ...every(anything, 'consul', 'zookeeper', 'exhibitor', 'raft', 'kubernetes', 'citus'),
    postgresql: mapping({
      ...postgresqlAnywhere,
      ...every(text, 'listen', 'connect_address', 'proxy_address', 'data_dir', 'config_dir'),
      ...every(text, 'bin_dir', 'pgpass', 'custom_conf', 'config_base_name', 'database'),
      bin_name: anything,
      authentication: users,
    }),
    watchdog: mapping({
      mode: choice('off', 'automatic', 'required'),
      device: text,
      safety_margin: whole(-1),
    }),
    tags: openMapping({
      ...every(flag, 'clonefrom', 'noloadbalance', 'nofailover', 'nosync', 'nostream'),
      ...every(whole(0), 'failover_priority', 'sync_priority'),
      replicatefrom: text,
    }),
  },
  ['scope', 'name'],
);

/**
 * Settings that Patroni gives PostgreSQL on its command line: all nodes must have the same, so those of a node's own file are
 * dropped without a word (`CMDLINE_OPTIONS` of patroni/postgresql/config.py).
 */
export const onlyDynamic: ReadonlySet<string> = new Set([
  ...['wal_level', 'hot_standby', 'max_connections', 'max_wal_senders', 'wal_keep_segments'],
  ...['wal_keep_size', 'max_prepared_transactions', 'max_locks_per_transaction'],
  ...['track_commit_timestamp', 'max_replication_slots', 'max_worker_processes', 'wal_log_hints'],
  ...['listen_addresses', 'port', 'cluster_name'],
]);

/** Where in the file a key of this name is known, as paths such as `bootstrap.dcs`. */
export function placesOf(name: string): string[] {
  const found: string[] = [];
  const look = (shape: Shape, path: string): void => {
    if (shape.kind !== 'mapping') return;
    for (const [key, value] of Object.entries(shape.keys)) {
      if (key === name && path !== '') found.push(path);
      look(value, path === '' ? key : `${path}.${key}`);
    }
  };
  look(patroniYml, '');
  return found;
}

/**
 * A line on each key of patroni.yml, after docs/yaml_configuration.rst and docs/dynamic_configuration.rst of Patroni 4.1, in our own
 * words. Fetched with an editor that shows them.
 */

/** Keys that stand under `postgresql`, of a node and of all nodes alike. */
const POSTGRESQL: Readonly<Record<string, string>> = {
  parameters: 'Settings of PostgreSQL, written into postgresql.conf.',
  parameters_primary: 'Settings that count on the primary alone, over `parameters`.',
  parameters_replica: 'Settings that count on replicas alone, over `parameters`.',
  parameters_standby_leader: 'Settings that count on a standby leader alone, over `parameters`.',
  pg_hba: 'The lines of pg_hba.conf.',
  pg_hba_primary: 'The lines of pg_hba.conf on the primary, in place of `pg_hba`.',
  pg_hba_replica: 'The lines of pg_hba.conf on replicas, in place of `pg_hba`.',
  pg_hba_standby_leader: 'The lines of pg_hba.conf on a standby leader, in place of `pg_hba`.',
  pg_ident: 'The lines of pg_ident.conf.',
  pg_ident_primary: 'The lines of pg_ident.conf on the primary, in place of `pg_ident`.',
  pg_ident_replica: 'The lines of pg_ident.conf on replicas, in place of `pg_ident`.',
  pg_ident_standby_leader: 'The lines of pg_ident.conf on a standby leader.',
  use_pg_rewind:
    'Whether an old leader comes back through pg_rewind. Needs checksums or wal_log_hints. Default: false.',
  use_slots: 'Whether standbys stream from replication slots. Default: true.',
  remove_data_directory_on_rewind_failure:
    'Where pg_rewind fails, throw the data away and copy the new leader. Default: false.',
  remove_data_directory_on_diverged_timelines:
    'Where an old primary has parted from the new one and is not rewound, throw its data away and copy. Default: false.',
  use_unix_socket: 'Patroni connects to its PostgreSQL by a Unix socket. Default: false.',
  use_unix_socket_repl: 'The same for the replication user. Default: false.',
  rewind: 'More options for pg_rewind.',
  basebackup: 'Options for pg_basebackup when a replica is made.',
  create_replica_methods: 'Ways to make a replica, in the order in which they are tried.',
  recovery_conf: 'More settings for a server that follows another.',
  pg_ctl_timeout:
    'Seconds that pg_ctl waits for a start, stop or restart. It ends no server. Default: 60.',
  pre_promote:
    'A script that runs when the leader key is taken and before the promotion. Where it fails, the key is given back and nobody is promoted.',
  before_stop: 'A script that runs before PostgreSQL is stopped, which waits for it.',
  callbacks: 'Scripts that run at events. Nobody waits for them.',
  'callbacks.on_reload': 'Runs when the configuration is read again.',
  'callbacks.on_restart': 'Runs when PostgreSQL restarts without a change of role.',
  'callbacks.on_role_change':
    'Runs when the node is being promoted or demoted; nobody waits for it.',
  'callbacks.on_start': 'Runs when PostgreSQL starts.',
  'callbacks.on_stop': 'Runs when PostgreSQL stops.',
};

const TOP: Readonly<Record<string, string>> = {
  scope: 'The cluster’s name. All its nodes have the same.',
  name: 'The node’s name, its own in the cluster.',
  namespace: 'Where in the DCS clusters keep their keys. Default: /service.',
  thread_pool_size: 'Threads that ask the other nodes in a race or a failsafe check. Default: 5.',
  thread_stack_size: 'The size of a thread’s stack. Default: 512 kB.',
  log: 'How much Patroni logs, how, and where to.',
  ctl: 'How patronictl reaches the REST API.',
  restapi: 'Where the node answers health checks, such as GET /primary.',
  'restapi.listen': 'Address and port on which it listens.',
  'restapi.connect_address': 'Address and port at which other nodes reach it.',
  bootstrap: 'What a new cluster begins with. Not read again once it is there.',
  'bootstrap.dcs':
    'The dynamic configuration. The DCS keeps it from then on, the same for all nodes.',
  'bootstrap.initdb': 'Options for initdb.',
  'bootstrap.pg_hba': 'The lines of pg_hba.conf of a new cluster.',
  'bootstrap.users': 'Users to be made; Patroni 4 makes none any more.',
  'bootstrap.method': 'The way to bootstrap, where it is not initdb.',
  'bootstrap.post_bootstrap': 'A script that runs when the new cluster is there.',
  'bootstrap.post_init': 'The same by its other name.',
  etcd: 'The DCS: etcd by its API of version 2.',
  etcd3: 'The DCS: etcd by its API of version 3.',
  consul: 'The DCS: Consul. The course has etcd alone.',
  zookeeper: 'The DCS: ZooKeeper. The course has etcd alone.',
  exhibitor: 'The DCS: ZooKeeper found by Exhibitor. The course has etcd alone.',
  raft: 'The DCS inside Patroni itself; deprecated. The course has etcd alone.',
  kubernetes: 'The DCS: Kubernetes. The course has etcd alone.',
  citus: 'The node’s part in a Citus cluster.',
  postgresql: 'The node’s own PostgreSQL. Over what the DCS says of all.',
  'postgresql.listen': 'Addresses and the port on which PostgreSQL listens.',
  'postgresql.connect_address': 'Address and port at which other nodes and clients reach it.',
  'postgresql.proxy_address': 'Address and port of a pooler beside it.',
  'postgresql.data_dir': 'The data directory.',
  'postgresql.config_dir': 'Where its configuration stands. Default: the data directory.',
  'postgresql.bin_dir': 'Where PostgreSQL’s programs are.',
  'postgresql.bin_name': 'Other names for PostgreSQL’s programs.',
  'postgresql.pgpass': 'The password file that Patroni writes.',
  'postgresql.custom_conf': 'A postgresql.conf to start from.',
  'postgresql.config_base_name': 'The name of the configuration files. Default: postgresql.',
  'postgresql.database': 'The database that Patroni connects to. Default: postgres.',
  'postgresql.authentication': 'The users that Patroni connects with.',
  'postgresql.authentication.superuser': 'The superuser of Patroni’s own connections.',
  'postgresql.authentication.replication': 'The user with which standbys stream.',
  'postgresql.authentication.rewind': 'The user for pg_rewind.',
  watchdog: 'A device that resets the machine unless Patroni feeds it.',
  'watchdog.mode':
    'off; automatic: used where there is a device, and done without where there is none; required: no leader without it. Default: automatic.',
  'watchdog.device': 'Path of the device. Default: /dev/watchdog.',
  'watchdog.safety_margin':
    'So many seconds before the leader key ends the device fires. -1: half of ttl. Default: 5.',
  tags: 'What is particular about this node.',
  'tags.clonefrom': 'New replicas may be copied from this node. Default: false.',
  'tags.noloadbalance':
    'GET /replica is answered with 503, so that no reads are sent here. Default: false.',
  'tags.nofailover': 'The node never becomes leader. Default: false.',
  'tags.failover_priority':
    'Of nodes with the same WAL, the higher one wins; 0: it never becomes leader. Default: 1.',
  'tags.nosync': 'The node is never chosen as a synchronous standby. Default: false.',
  'tags.sync_priority': 'The higher one is chosen first as a synchronous standby. Default: 1.',
  'tags.nostream': 'The node does not stream, and lives on the archive. Default: false.',
  'tags.replicatefrom': 'The replica from which this node streams.',
};

const ETCD: Readonly<Record<string, string>> = {
  host: 'Address and port of one member.',
  hosts: 'Addresses and ports of all members.',
  srv: 'A domain whose SRV records name the members.',
  srv_suffix: 'A suffix for the SRV record’s name.',
  url: 'The address of a member as a URL.',
  proxy: 'The URL of an etcd proxy.',
  use_proxies: 'The hosts are proxies, and are not asked for their members. Default: false.',
  protocol: 'http or https. Default: http.',
  username: 'The user in etcd.',
  password: 'That user’s password.',
  cacert: 'The certificate of the authority.',
  cert: 'The client’s certificate.',
  key: 'The key of the client’s certificate.',
};

const DYNAMIC: Readonly<Record<string, string>> = {
  ttl: 'Seconds for which the leader key lasts unless it is renewed. Default: 30, at least 20.',
  loop_wait: 'Seconds between two turns of Patroni’s loop. Default: 10, at least 1.',
  retry_timeout:
    'Seconds for which the DCS and PostgreSQL are asked again before a leader steps down. Default: 10, at least 3. loop_wait + 2 · retry_timeout must not be above ttl.',
  maximum_lag_on_failover:
    'Bytes that a candidate may be behind the position last written to the DCS. Default: 1048576.',
  maximum_lag_on_syncnode:
    'Bytes after which a synchronous standby is replaced by a faster one. -1: it is not. Default: -1.',
  max_timelines_history: 'So many entries of the history are kept in the DCS; 0: all. Default: 0.',
  primary_race_backoff:
    'Seconds for which standbys do not race while WAL still comes from the primary. Default: 0.',
  primary_start_timeout:
    'Seconds that a crashed primary gets to come back before another takes over; 0: none. Default: 300.',
  primary_stop_timeout:
    'With synchronous_mode, seconds after which a stop that hangs ends with SIGKILL; 0: never. Default: 0.',
  check_timeline: 'A candidate must not be on an older timeline than the cluster. Default: false.',
  synchronous_mode:
    'off; on: named standbys confirm commits, and only they may take over; quorum: any of them may confirm. Default: off.',
  synchronous_mode_strict:
    'With no synchronous standby left, commits wait rather than go on alone. Default: false.',
  synchronous_node_count: 'So many standbys confirm each commit. Default: 1.',
  failsafe_mode:
    'Where the DCS is away, the leader goes on as long as all other members answer it. Default: false.',
  pause: 'Maintenance mode: Patroni changes no roles. Default: false.',
  member_slots_ttl: 'How long the slot of a replica that is down is kept. Default: 30min.',
  slots: 'Slots that outlast a failover.',
  ignore_slots: 'Slots that Patroni leaves alone.',
  standby_cluster: 'The cluster follows another one; its leader is a standby leader.',
  postgresql: 'PostgreSQL of all nodes alike.',
};

/** Settings of PostgreSQL that matter here. */
const PARAMETERS: Readonly<Record<string, string>> = {
  hot_standby: 'Whether a standby answers queries. Default: on.',
  max_connections: 'Connections at most. The same on all nodes. Default: 100.',
  max_replication_slots: 'Replication slots at most. Default: 10.',
  max_wal_senders: 'Walsenders at most. Default: 10.',
  synchronous_commit: 'What a commit waits for. Default: on.',
  synchronous_standby_names:
    'The standbys that a commit waits for. With synchronous_mode Patroni writes it itself.',
  wal_keep_size: 'WAL that is kept for standbys without a slot. Default: 0.',
  wal_level: 'How much WAL says. Default: replica.',
  wal_log_hints:
    'Whether hint bits are written to WAL: pg_rewind needs it, or checksums. Default: off.',
};

const under = (path: string, docs: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(docs).map(([key, words]) => [`${path}.${key}`, words]));

/** The line on a key, by its path, such as `bootstrap.dcs.ttl`. */
export const keyDocs: Readonly<Record<string, string>> = {
  ...TOP,
  ...under('etcd', ETCD),
  ...under('etcd3', ETCD),
  ...under('postgresql', POSTGRESQL),
  ...under('bootstrap.dcs', DYNAMIC),
  ...under('bootstrap.dcs.postgresql', POSTGRESQL),
};

/** The line on a setting of PostgreSQL, by its name. */
export const parameterDocs = PARAMETERS;

/** The words of patroni/postgresql/misc.py for what a server is and does. */

export type PostgresState =
  | 'running'
  | 'starting'
  | 'stopping'
  | 'stopped'
  | 'crashed'
  | 'start failed'
  | 'restarting'
  | 'creating replica';

/** `promoted`: pg_ctl promote was called, and it is not yet known to be done. `demoted`: it was primary and was stopped. */
export type PostgresRole = 'primary' | 'replica' | 'promoted' | 'demoted' | 'uninitialized';

export type LogLevel = 'INFO' | 'WARNING' | 'ERROR';

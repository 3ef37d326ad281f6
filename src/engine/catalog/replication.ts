import { type Columns, names } from './columns.ts';
import { override } from './override.ts';

const WAL_SENDERS: Columns = [
  'pid integer',
  'state text',
  'sent_lsn pg_lsn',
  'write_lsn pg_lsn',
  'flush_lsn pg_lsn',
  'replay_lsn pg_lsn',
  'write_lag interval',
  'flush_lag interval',
  'replay_lag interval',
  'sync_priority integer',
  'sync_state text',
  'reply_time timestamptz',
];

const WAL_RECEIVER: Columns = [
  'pid integer',
  'status text',
  'receive_start_lsn pg_lsn',
  'receive_start_tli integer',
  'written_lsn pg_lsn',
  'flushed_lsn pg_lsn',
  'received_tli integer',
  'last_msg_send_time timestamptz',
  'last_msg_receipt_time timestamptz',
  'latest_end_lsn pg_lsn',
  'latest_end_time timestamptz',
  'slot_name text',
  'sender_host text',
  'sender_port integer',
  'conninfo text',
];

/** Everybody sees a process's pid; the rest is for members of pg_read_all_stats. */
const visible = (columns: Columns): string =>
  names(columns)
    .map((name) => (name === 'pid' ? 'x.pid' : `case when may_see then x.${name} end`))
    .join(',\n    ');

const MAY_SEE = `may_see constant boolean := pg_has_role('pg_read_all_stats', 'usage');`;

/** pg_stat_replication's walsenders, and pg_stat_wal_receiver: one row of NULLs where none runs, which the view leaves out. */
export const replicationStatements: readonly string[] = [
  override(
    'pg_stat_get_wal_senders()',
    `
declare
  ${MAY_SEE}
begin
  return query
  select ${visible(WAL_SENDERS)}
  from jsonb_to_recordset(sim_state('processes') -> 'walsenders') as x(${WAL_SENDERS.join(', ')});
end `,
  ),
  override(
    'pg_stat_get_wal_receiver()',
    `
declare
  ${MAY_SEE}
begin
  select ${visible(WAL_RECEIVER)}
  into ${names(WAL_RECEIVER).join(', ')}
  from jsonb_to_record(nullif(sim_state('processes') -> 'walreceiver', 'null')) as x(${WAL_RECEIVER.join(', ')});
end `,
  ),
];

/** What monitoring sees of the replication machine: rows of pg_stat_replication, pg_stat_wal_receiver and the recovery functions. */
import type { Duration, Instant } from '../sim/instant.ts';
import type { Lsn } from './lsn.ts';
import type { SyncState } from './sync-rep.ts';

/** A row of pg_stat_replication. Null where PostgreSQL shows NULL. */
export interface WalsenderView {
  /** Names the connection: one process on each side, so one pid on each. */
  readonly connection: number;
  /** The standby's node name. */
  readonly standby: string;
  readonly applicationName: string;
  readonly backendStart: Instant;
  readonly state: 'startup' | 'catchup' | 'streaming';
  readonly sentLsn: Lsn | null;
  readonly writeLsn: Lsn | null;
  readonly flushLsn: Lsn | null;
  readonly replayLsn: Lsn | null;
  readonly writeLag: Duration | null;
  readonly flushLag: Duration | null;
  readonly replayLag: Duration | null;
  readonly syncPriority: number;
  readonly syncState: SyncState;
  readonly replyTime: Instant | null;
}

/** The row of pg_stat_wal_receiver. */
export interface WalreceiverView {
  readonly connection: number;
  readonly upstream: string;
  readonly status: 'streaming' | 'starting';
  readonly receiveStartLsn: Lsn;
  readonly writtenLsn: Lsn | null;
  readonly flushedLsn: Lsn;
  readonly lastMsgSendTime: Instant;
  readonly lastMsgReceiptTime: Instant;
  readonly latestEndLsn: Lsn;
  readonly latestEndTime: Instant;
}

/** How a standby itself stands. */
export interface RecoveryView {
  /** pg_last_wal_receive_lsn(): null before its walreceiver has streamed since the start. */
  readonly receiveLsn: Lsn | null;
  /** Last byte written to the standby's file system, and last byte fsynced. */
  readonly writeLsn: Lsn;
  readonly flushLsn: Lsn;
  /** pg_last_wal_replay_lsn(). */
  readonly replayLsn: Lsn;
  /** pg_last_xact_replay_timestamp(). */
  readonly lastXactTimestamp: Instant | null;
  /** pg_get_wal_replay_pause_state(). */
  readonly pauseState: 'not paused' | 'pause requested' | 'paused';
  readonly frozen: readonly ('walreceiver' | 'startup')[];
}

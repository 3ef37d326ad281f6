/** The settings of a node that its replication processes read, in force since its last start or reload. */
import { type Duration, ms, seconds } from '../sim/instant.ts';
import type { SynchronousStandbyNames } from './synchronous-standby-names.ts';

export interface ReplicationSettings {
  /** Null: empty. */
  readonly synchronousStandbyNames: SynchronousStandbyNames | null;
  /** 0 turns the timeout off. */
  readonly walSenderTimeout: Duration;
  /** 0 turns the timeout off. */
  readonly walReceiverTimeout: Duration;
  /** 0: replies only where the primary or the startup process asks for one. */
  readonly walReceiverStatusInterval: Duration;
  readonly walRetrieveRetryInterval: Duration;
  readonly hotStandbyFeedback: boolean;
  /** How long replay of streamed WAL waits for queries that conflict with it; null for ever. */
  readonly maxStandbyStreamingDelay: Duration | null;
  /** The same for WAL that did not come from a stream: from an archive, or from the standby's own disk after a start. */
  readonly maxStandbyArchiveDelay: Duration | null;
  /** How long replay waits for a lock or a pin before it looks for a deadlock. */
  readonly deadlockTimeout: Duration;
  readonly walWriterDelay: Duration;
  /** Bytes; 0 flushes at each cycle. */
  readonly walWriterFlushAfter: number;
  /** The slot of its upstream that a standby uses; null for none. */
  readonly primarySlotName: string | null;
  /** Bytes that stay in pg_wal for standbys without a slot. */
  readonly walKeepSize: number;
  /** Bytes that slots may keep; negative for no limit. */
  readonly maxSlotWalKeepSize: number;
  /** Bytes: a checkpoint begins early enough that pg_wal stays below; a slot that keeps more is `extended`. */
  readonly maxWalSize: number;
  /** 0 turns the timeout off. */
  readonly idleReplicationSlotTimeout: Duration;
  /** archive_mode; read when the node starts. */
  readonly archiveMode: boolean;
  /** Empty: archiving is not configured. */
  readonly archiveCommand: string;
  /** 0: a segment is switched only when it is full. */
  readonly archiveTimeout: Duration;
  /** Empty: a standby has no archive. */
  readonly restoreCommand: string;
  /** How old a commit must be to be replayed; 0: as old as it comes. */
  readonly recoveryMinApplyDelay: Duration;
  /** Off: the server asks for no fsync, and takes as flushed what it has written. */
  readonly fsync: boolean;
  /** recovery_target_timeline is `latest`: a standby goes over to newer timelines. */
  readonly followsLatestTimeline: boolean;
  readonly checkpointTimeout: Duration;
  /** checkpoint_completion_target, 0 to 1. */
  readonly completionTarget: number;
}

/** PostgreSQL's defaults. */
export const DEFAULT_SETTINGS: ReplicationSettings = {
  synchronousStandbyNames: null,
  walSenderTimeout: seconds(60),
  walReceiverTimeout: seconds(60),
  walReceiverStatusInterval: seconds(10),
  walRetrieveRetryInterval: seconds(5),
  hotStandbyFeedback: false,
  maxStandbyStreamingDelay: seconds(30),
  maxStandbyArchiveDelay: seconds(30),
  deadlockTimeout: seconds(1),
  walWriterDelay: ms(200),
  walWriterFlushAfter: 1024 * 1024,
  primarySlotName: null,
  walKeepSize: 0,
  maxSlotWalKeepSize: -1,
  maxWalSize: 6 * 2 ** 20, // servers here are small: after 2 to 3 MB, where PostgreSQL's own default is 1 GB
  idleReplicationSlotTimeout: seconds(0),
  archiveMode: false,
  archiveCommand: '',
  archiveTimeout: seconds(0),
  restoreCommand: '',
  recoveryMinApplyDelay: ms(0),
  fsync: true,
  followsLatestTimeline: true,
  checkpointTimeout: seconds(300),
  completionTarget: 0.9,
};

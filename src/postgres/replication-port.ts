/** What goes into the replication machine (`replication.ts`) and what comes out of it, as plain data. */
import type { Duration, Instant } from '../sim/instant.ts';
import type { InFlight } from '../sim/link.ts';
import type { Lsn, TimelineId } from './lsn.ts';
import type { TransactionFacts } from './primary-transactions.ts';
import type { CheckpointFacts, WalRecord } from './record-log.ts';
import type { ConflictReason, StandbyTransaction } from './recovery-conflict.ts';
import type { ReplicationSettings } from './replication-settings.ts';
import type { RestorePlan } from './restore.ts';
import type { StreamingMessage } from './streaming-protocol.ts';
import type { SynchronousCommit } from './sync-rep.ts';

/** The nodes at the run's first instant. */
export interface ReplicationSpec {
  /** The first one is the primary. */
  readonly nodes: readonly NodeSpec[];
  /** End of the WAL that every node has at the start: durable and replayed. A record's end. */
  readonly start: Lsn;
  /** The checkpoint that every node's pg_control names at the start. */
  readonly checkpoint: CheckpointFacts;
  /** What every node knows of the primary's transactions at the start. */
  readonly transactions?: TransactionFacts;
  readonly seed: number;
  /** One way between any two nodes; LINK_DELAY where it is not given. */
  readonly linkDelay?: Duration;
  /** Of every node's disk; FSYNC_TIME where it is not given. */
  readonly fsyncTime?: Duration;
}

export interface NodeSpec {
  readonly name: string;
  /** The node it streams from; null for the primary. Where that is a standby, this one is cascading. */
  readonly upstream: string | null;
  readonly settings: ReplicationSettings;
  /** Bytes of the volume that holds its pg_wal; no limit where it is not given. */
  readonly walVolumeSize?: number;
  /** A machine without a data directory. */
  readonly isSpare?: boolean;
}

/** What a driver tells the machine. */
export type ReplicationInput =
  /** The primary generated WAL: the records, in order, each one's end. They are in its WAL buffers now. */
  | { readonly kind: 'walInserted'; readonly node: string; readonly records: readonly WalRecord[] }
  /** A backend's XLogFlush: when WAL is durable up to `upTo`, the effect `flushed` with the same `request` comes. */
  | { readonly kind: 'flush'; readonly node: string; readonly request: number; readonly upTo: Lsn }
  /** A commit at synchronous_commit = off (XLogSetAsyncXactLSN): the walwriter flushes it in its own time. */
  | { readonly kind: 'asyncCommit'; readonly node: string; readonly lsn: Lsn }
  /** A locally durable commit waits for standbys at its level: `released` comes, at once where it need not wait. */
  | {
      readonly kind: 'commitWait';
      readonly node: string;
      readonly waiter: number;
      readonly lsn: Lsn;
      readonly level: SynchronousCommit;
    }
  /** A waiter was cancelled, terminated or lost. No `released` will come. */
  | { readonly kind: 'cancelWait'; readonly waiter: number }
  /** A reload: the settings in force from now on. */
  | { readonly kind: 'settings'; readonly node: string; readonly settings: ReplicationSettings }
  /** primary_conninfo of a standby names this node from now on; null: nobody. */
  | { readonly kind: 'follow'; readonly node: string; readonly upstream: string | null }
  /** A standby's sessions: all transactions there that are in progress, in order of their process ids. */
  | {
      readonly kind: 'standbyTransactions';
      readonly node: string;
      readonly transactions: readonly StandbyTransaction[];
    }
  /** pg_terminate_backend of a walsender. */
  | { readonly kind: 'terminateWalsender'; readonly connection: number }
  | { readonly kind: 'pauseReplay' | 'resumeReplay'; readonly node: string }
  /** pg_ctl stop -m fast: its server has written its last checkpoint. */
  | { readonly kind: 'stop'; readonly node: string }
  /** A stopped primary is to start as a standby of `upstream` (null: of nobody), with the files that it has. */
  | { readonly kind: 'becomeStandby'; readonly node: string; readonly upstream: string | null }
  /** pg_rewind of a stopped node, with `upstream` as its source; with `starts` it then starts as its standby. */
  | {
      readonly kind: 'rewind';
      readonly node: string;
      readonly upstream: string;
      readonly starts: boolean;
    }
  /** A machine that is off is switched on. Nothing starts PostgreSQL there. */
  | { readonly kind: 'switchOn'; readonly node: string }
  /** pg_promote(), or `pg_ctl promote`. */
  | { readonly kind: 'promote'; readonly node: string }
  | SlotCommand
  /** CHECKPOINT on a standby. */
  | { readonly kind: 'restartpoint'; readonly node: string }
  /** The node is a standby of `upstream` anew, from a base backup of so many bytes. */
  | {
      readonly kind: 'baseBackup';
      readonly node: string;
      readonly upstream: string;
      readonly bytes: number;
    }
  /** The node starts on the files of a backup, and recovers as this plan says. */
  | { readonly kind: 'restore'; readonly node: string; readonly plan: RestorePlan }
  | Fault
  | ReplicationEvent;

/** What a function of SQL does to a slot once it has found nothing wrong. */
export type SlotCommand =
  /** `restartLsn`: where it reserves WAL at once; else null. */
  | {
      readonly kind: 'createSlot';
      readonly node: string;
      readonly slot: string;
      readonly restartLsn: Lsn | null;
    }
  | { readonly kind: 'dropSlot'; readonly node: string; readonly slot: string }
  | {
      readonly kind: 'advanceSlot';
      readonly node: string;
      readonly slot: string;
      readonly to: Lsn;
    };

/** The two processes of a standby that can be stopped on their own, by PostgreSQL's names. */
export type FreezableProcess = 'walreceiver' | 'startup';

/** What befalls nodes and links, as a person or a fault schedule says it. */
export type Fault =
  | {
      readonly kind: 'freeze' | 'thaw';
      readonly node: string;
      readonly process: FreezableProcess;
    }
  /** One-way delay of the link between two nodes, in both directions. */
  | { readonly kind: 'delay'; readonly a: string; readonly b: string; readonly delay: Duration }
  /** Bytes a second of the link between two nodes, in each direction; Infinity for no limit. */
  | {
      readonly kind: 'bandwidth';
      readonly a: string;
      readonly b: string;
      readonly bytesPerSecond: number;
    }
  /** Share of messages lost on the link between two nodes, 0 ≤ ratio < 1; TCP sends them again. */
  | { readonly kind: 'loss'; readonly a: string; readonly b: string; readonly ratio: number }
  | { readonly kind: 'cut' | 'heal'; readonly a: string; readonly b: string }
  /** How long one fsync of the node's disk takes; Infinity stalls it. */
  | { readonly kind: 'fsync'; readonly node: string; readonly time: Duration }
  /** WAL bytes a second that the standby's startup process replays; Infinity for no limit. */
  | { readonly kind: 'replayRate'; readonly node: string; readonly bytesPerSecond: number }
  /** Bytes of the volume that holds a primary's pg_wal; Infinity for no limit. */
  | { readonly kind: 'walVolume'; readonly node: string; readonly bytes: number }
  /** `rm` of all segments in a primary's pg_wal but the one that is being written. */
  | { readonly kind: 'deleteWal'; readonly node: string }
  | { readonly kind: 'kill' | 'powerOff' | 'start'; readonly node: string };

/** The machine's own events: what it asked to be told at an instant by the effect `schedule`. Hand them back unread. */
export type ReplicationEvent =
  | { readonly kind: 'arrival'; readonly from: string; readonly to: string }
  | { readonly kind: 'fsyncEnd'; readonly node: string }
  | { readonly kind: 'walwriterWake'; readonly node: string; readonly boot: number }
  | { readonly kind: 'walVolumeFull'; readonly node: string; readonly boot: number }
  | { readonly kind: 'checkpointerWake'; readonly node: string; readonly boot: number }
  | { readonly kind: 'walsenderWake'; readonly node: string; readonly connection: number }
  | { readonly kind: 'walreceiverWake'; readonly node: string; readonly boot: number }
  | { readonly kind: 'replayEnd'; readonly node: string; readonly batch: number }
  | {
      readonly kind: 'rewindEnd';
      readonly node: string;
      readonly source: string;
      readonly starts: boolean;
      readonly boot: number;
    }
  | { readonly kind: 'recoveryEnd'; readonly node: string; readonly boot: number }
  | { readonly kind: 'bootEnd'; readonly node: string; readonly boot: number }
  /** The startup process looks again whether queries are still in its way. */
  | { readonly kind: 'conflictWake'; readonly node: string; readonly boot: number }
  | {
      readonly kind: 'baseBackupEnd';
      readonly node: string;
      readonly upstream: string;
      readonly boot: number;
    }
  | {
      readonly kind: 'recoveryStop';
      readonly node: string;
      readonly boot: number;
      readonly plan: RestorePlan;
    }
  | {
      readonly kind: 'archiverWake' | 'archiveTimeout' | 'restoreEnd';
      readonly node: string;
      readonly boot: number;
    };

export type ReplicationEffect =
  /** Give `event` back as input at the instant. */
  | { readonly kind: 'schedule'; readonly at: Instant; readonly event: ReplicationEvent }
  /** A backend's flush request is fulfilled. */
  | { readonly kind: 'flushed'; readonly node: string; readonly request: number }
  /** The startup process of a standby tells a transaction of one of its sessions to go. */
  | {
      readonly kind: 'recoveryConflict';
      readonly node: string;
      readonly vxid: string;
      readonly reason: ConflictReason;
    }
  /** A commit need not wait any longer (or at all). */
  | { readonly kind: 'released'; readonly waiter: number }
  /** A node's processes are gone. WAL up to `keptUpTo` (a record's end) is there when it starts again; its flush requests and waiters are forgotten. */
  | {
      readonly kind: 'stopped';
      readonly node: string;
      readonly keptUpTo: Lsn;
      /** What the backends that needed WAL to be written say last; null where nobody says anything. */
      readonly panic: string | null;
    }
  /** A node accepts connections again: a primary after crash recovery up to `recoveredUpTo`. */
  | { readonly kind: 'started'; readonly node: string; readonly recoveredUpTo: Lsn }
  /** A node that was a primary is a standby when it starts next. */
  | { readonly kind: 'demoted'; readonly node: string }
  /** A standby has become the primary of a new branch of WAL: its server is to be booted as such. */
  | {
      readonly kind: 'promoted';
      readonly node: string;
      /** Indices in `branches`. */
      readonly parent: number;
      readonly branch: number;
      readonly forkedAt: Lsn;
      readonly timeline: TimelineId;
    }
  /** archive_timeout is over: the primary's server is to switch to a new segment. */
  | { readonly kind: 'switchWal'; readonly node: string }
  /**
   * A primary's checkpoint is due: its server is to write one. With `patient` it may wait for a moment at which no commit
   * waits; the effect comes again without, if it has not been written by then.
   */
  | { readonly kind: 'checkpointDue'; readonly node: string; readonly patient: boolean }
  /** A primary's server has just written a checkpoint. */
  | { readonly kind: 'checkpointWritten'; readonly node: string }
  /** The segments of a node's pg_wal before this position are gone. */
  | { readonly kind: 'walRemoved'; readonly node: string; readonly before: Lsn }
  /** Messages that a link has delivered, or (`lost`) that never arrive, for their sender's machine stopped. */
  | {
      readonly kind: 'arrived' | 'lost';
      readonly from: string;
      readonly to: string;
      readonly messages: readonly InFlight<StreamingMessage>[];
    }
  /** For the trace: what happened, in a whole sentence and in numbers. */
  | {
      readonly kind: 'happened';
      readonly event: string;
      readonly node: string;
      readonly words: string;
      readonly facts: Readonly<Record<string, string | number | boolean | null>>;
    };

import type { Lsn } from '../postgres/lsn.ts';
import type { SlotView } from '../postgres/replication-view.ts';
import type { StreamingMessage } from '../postgres/streaming-protocol.ts';
import type { SynchronousCommit } from '../postgres/sync-rep.ts';
import type { Duration, Instant } from '../sim/instant.ts';
import type { GovernedView } from './governed-view.ts';
import type { ServerMessage, StatementResult, TransactionStatus } from './sql-engine.ts';
import type { PopulationView } from './workload/population.ts';

/** How a statement that a session sent stands. `lost`: its connection ended while it ran. */
export type StatementState = 'running' | 'done' | 'error' | 'lost';

/** One simple-protocol string that a session sent, and what its client has been told so far. */
export interface StatementView {
  readonly id: number;
  readonly node: string;
  readonly session: string;
  readonly sql: string;
  readonly sentAt: Instant;
  /** How the session's transaction stood when it was sent: what psql's prompt showed. */
  readonly sentIn: TransactionStatus;
  /** When the client was answered; null while it runs. */
  readonly answeredAt: Instant | null;
  readonly state: StatementState;
  readonly results: readonly StatementResult[];
  readonly notices: readonly ServerMessage[];
  /** Of `error`, or what the server said before it ended the connection (`lost`). */
  readonly error: ServerMessage | null;
  /** What a running statement waits for, as in pg_stat_activity (`IPC`/`SyncRep`, `Lock`/`transactionid`, `Timeout`/`PgSleep`). */
  readonly waitEventType: string | null;
  readonly waitEvent: string | null;
}

export interface SessionView {
  readonly node: string;
  readonly name: string;
  readonly pid: number;
  readonly transaction: TransactionStatus;
  /** The statement it runs or ran last; null before the first. */
  readonly statementId: number | null;
}

/** The four positions of a standby as its upstream knows them (pg_stat_replication), and as the standby itself stands. */
export interface StandbyView {
  /** The node that it streams from: the primary, or another standby. */
  readonly upstream: string;
  /** `streaming`, `startup`, `catchup`, or null while no walsender serves it. */
  readonly state: string | null;
  readonly syncState: 'async' | 'potential' | 'sync' | 'quorum' | null;
  readonly sentLsn: Lsn | null;
  readonly writeLsn: Lsn | null;
  readonly flushLsn: Lsn | null;
  readonly replayLsn: Lsn | null;
  readonly writeLag: Duration | null;
  readonly flushLag: Duration | null;
  readonly replayLag: Duration | null;
  /** What the standby itself has received, flushed and replayed: ahead of the row above by one message. */
  readonly ownReceiveLsn: Lsn;
  readonly ownFlushLsn: Lsn;
  readonly ownReplayLsn: Lsn;
}

/** The WAL archive as a primary knows it. */
export interface ArchiverView {
  /** Segments that are archived, and those that are complete and wait for it. */
  readonly archived: number;
  readonly waiting: number;
  /** The last segment whose command failed, while it is not archived; else null. */
  readonly failing: string | null;
}

export interface NodeView {
  readonly name: string;
  readonly role: 'primary' | 'standby';
  readonly status: 'up' | 'down' | 'starting';
  /** Positions of the node's own WAL: generated, written, flushed (a standby: received, written, flushed). */
  readonly insertLsn: Lsn;
  readonly writeLsn: Lsn;
  readonly flushLsn: Lsn;
  /** Where the oldest segment in its pg_wal starts: a checkpoint removes what nobody needs before it. */
  readonly walFrom: Lsn;
  /** Where crash recovery (a standby's replay) would begin: the redo point of its last checkpoint (restartpoint). */
  readonly redoLsn: Lsn;
  /** Its replication slots. */
  readonly slots: readonly SlotView[];
  /** Null where archive_mode is off. */
  readonly archiver: ArchiverView | null;
  /** Why its last walreceiver ended; null where it streams, or is no standby. */
  readonly streamingError: string | null;
  /** Bytes that the segments in its pg_wal take, and that the volume beneath holds; Infinity for no limit. */
  readonly walUsed: number;
  readonly walVolume: number;
  readonly frozen: readonly string[];
  readonly replayPaused: boolean;
  /** A machine without a data directory, or a server that recovers a backup: it streams from nobody, whatever its settings say. */
  readonly apart: boolean;
  /** Infinity while the disk stalls. */
  readonly fsyncTime: Duration;
  /** WAL bytes a second that its startup process replays; Infinity for no limit. */
  readonly replayBytesPerSecond: number;
  readonly standby: StandbyView | null;
  readonly sessions: readonly SessionView[];
}

export interface LinkView {
  readonly a: string;
  readonly b: string;
  readonly delay: Duration;
  /** Infinity for no limit. */
  readonly bytesPerSecond: number;
  readonly lossRatio: number;
  readonly cut: boolean;
}

/** A message of streaming replication: on its way, arrived, or lost. */
export interface MessageView {
  /** The same as long as the run is: `primary>standby1#12`. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: StreamingMessage['kind'];
  readonly bytes: number;
  readonly sentAt: Instant;
  /** When it arrives, as things stand, or has arrived; null where a cut holds it up, or it is lost. */
  readonly arrivesAt: Instant | null;
  /** It never arrives: its sender's machine stopped. */
  readonly lost: boolean;
  /** The WAL that it carries; null for a message without. */
  readonly wal: WalRange | null;
  /** What a standby reports; null for a message that reports nothing. */
  readonly reported: {
    readonly writeLsn: Lsn;
    readonly flushLsn: Lsn;
    readonly replayLsn: Lsn;
  } | null;
}

export interface WalRange {
  readonly startLsn: Lsn;
  readonly endLsn: Lsn;
  /** How many of the records in it end in it, and how many of those end a transaction. */
  readonly records: number;
  readonly commits: number;
}

/** A commit that waits for standbys. */
export interface WaitingCommit {
  readonly statementId: number;
  readonly node: string;
  readonly session: string;
  /** Where its record ends. */
  readonly lsn: Lsn;
  readonly level: SynchronousCommit;
}

/** The whole cluster at one instant, as plain data: what figures draw. Reading it changes nothing. */
export interface ClusterView {
  readonly now: Instant;
  readonly nodes: readonly NodeView[];
  readonly links: readonly LinkView[];
  readonly synchronousStandbyNames: string;
  readonly waitingCommits: number;
  /** Which commits those are, as far as they belong to sessions. */
  readonly commits: readonly WaitingCommit[];
  /** Who uses the cluster. */
  readonly populations: readonly PopulationView[];
  /** What governs it; null where nothing does. */
  readonly governor: GovernedView | null;
  /** On their way now, by link and in order of sending. Those that have arrived are told once, beside the events. */
  readonly inFlight: readonly MessageView[];
}

/**
 * Something that happened, in order of time: for the event log, for figures, for the hash of a run.
 * `words` is a whole sentence that a person can read without the figure.
 */
export interface TraceEvent {
  readonly at: Instant;
  readonly kind: string;
  readonly node: string | null;
  readonly words: string;
  /** LSNs, pids and other numbers of the event, for figures and checks. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
}

/** The state of the replication machine (`replication.ts`): plain data, never changed in place. */
import { type Disk, idleDisk } from '../sim/disk.ts';
import { type Duration, type Instant, ms, START, us } from '../sim/instant.ts';
import { type Link, quietLink } from '../sim/link.ts';
import { Prng } from '../sim/prng.ts';
import type { Archive } from './archive.ts';
import { type Archiver, startArchiver } from './archiver.ts';
import { type Branches, branchOf } from './branches.ts';
import { type Checkpointer, placedAt, startCheckpointer } from './checkpointer.ts';
import { FIRST_TIMELINE, type Lsn } from './lsn.ts';
import { emptyRecordLog, type PlacedCheckpoint, type RecordLog } from './record-log.ts';
import type { StandbyTransaction } from './recovery-conflict.ts';
import type { ReplicationSpec } from './replication-port.ts';
import type { ReplicationSettings } from './replication-settings.ts';
import type { Slots } from './replication-slots.ts';
import type { Recovered } from './restore.ts';
import { type StartupProcess, startStartupProcess } from './startup-process.ts';
import type { StreamingMessage } from './streaming-protocol.ts';
import { type SyncRep, startSyncRep } from './sync-rep.ts';
import { startOfSegment } from './wal/page.ts';
import { roomyVolume, type WalVolume } from './wal-volume.ts';
import { idleWalreceiver, type Walreceiver } from './walreceiver.ts';
import type { Walsender } from './walsender.ts';
import { startWalwriter, type WalPositions, type Walwriter } from './walwriter.ts';

/** One way between any two nodes: two data centres of one city. */
export const LINK_DELAY = ms(5);

/** An NVMe disk's fsync. */
export const FSYNC_TIME = us(400);

/** From `start` to accepting connections where there is nothing to recover. */
export const BOOT_TIME = ms(300);

export interface ReplicationState {
  /** The WAL of all nodes. */
  readonly branches: Branches;
  readonly nodes: Readonly<Record<string, NodeState>>;
  /** By `from>to`; each pair of nodes has two. */
  readonly links: Readonly<Record<string, Link<StreamingMessage>>>;
  readonly nextConnection: number;
  /** The files in the archive that all nodes share. */
  readonly archive: Archive;
}

export interface NodeState {
  readonly name: string;
  /** Null: a primary. */
  readonly upstream: string | null;
  /** A standby whose primary_conninfo names nobody: it does not stream, and `upstream` is whoever it was. */
  readonly isAlone: boolean;
  /** pg_control says that it was shut down in good order. */
  readonly isShutDown: boolean;
  /** Whose WAL it has, by index in `branches`. A primary is the only one that writes it. */
  readonly branch: number;
  /** `down`: its processes were killed, its kernel answers. `off`: the machine is stopped. */
  readonly status: 'up' | 'starting' | 'down' | 'off';
  /** It ends as soon as its standbys have all its WAL (a fast shutdown). */
  readonly stopping: boolean;
  /** Counts the starts, to know the events of an earlier life by. */
  readonly boot: number;
  readonly settings: ReplicationSettings;
  /** On a standby all three are of received WAL; written and inserted are the same. */
  readonly wal: WalPositions;
  /** Where the oldest segment in its pg_wal starts. */
  readonly walFrom: Lsn;
  readonly checkpointer: Checkpointer;
  readonly walVolume: WalVolume;
  /** What a power cut leaves: the same as the flushed WAL, save with fsync = off. */
  readonly durableLsn: Lsn;
  /** An fsync covers WAL up to an LSN. */
  readonly disk: Disk<Lsn>;
  readonly flushRequests: readonly FlushRequest[];
  readonly walwriter: Walwriter;
  /** By slot: their index in shared memory. */
  readonly walsenders: readonly Walsender[];
  readonly syncRep: SyncRep;
  /** Replication slots, in the order of their making. */
  readonly slots: Slots;
  readonly archiver: Archiver;
  /** The segment that restore_command is fetching; null where it does not run. */
  readonly restoring: Lsn | null;
  readonly walreceiver: Walreceiver;
  readonly startup: StartupProcess;
  /** Null, save for a server that has been or is to be restored from a backup. */
  readonly recovered: Recovered | null;
  /** Of a standby's own sessions: what of them may be in the way of replay. */
  readonly transactions: readonly StandbyTransaction[];
  /** Connections whose messages came while the machine was off: reset when it is back. */
  readonly missed: readonly { readonly from: string; readonly connection: number }[];
}

/** Who waits for the node's own WAL to be durable: a backend (`request`), or the walwriter (null). */
export interface FlushRequest {
  readonly request: number | null;
  readonly upTo: Lsn;
}

/** All nodes up, nobody connected yet. */
export function initialState(spec: ReplicationSpec): ReplicationState {
  const random = Prng.seeded(spec.seed);
  const links: Record<string, Link<StreamingMessage>> = {};
  for (const { name: from } of spec.nodes) {
    for (const { name: to } of spec.nodes) {
      if (from === to) continue;
      const key = linkKey(from, to);
      links[key] = quietLink(spec.linkDelay ?? LINK_DELAY, random.fork(`link ${key}`).state);
    }
  }
  const nodes: Record<string, NodeState> = {};
  for (const { name, upstream, settings, walVolumeSize, isSpare } of spec.nodes) {
    const fsyncTime = spec.fsyncTime ?? FSYNC_TIME;
    const checkpoint = placedAt(spec.checkpoint, spec.start);
    const { start } = spec;
    nodes[name] = newNode({
      name,
      upstream,
      settings,
      start,
      fsyncTime,
      checkpoint,
      walVolumeSize,
      isSpare,
    });
  }
  return {
    branches: [
      {
        timeline: FIRST_TIMELINE,
        parent: null,
        records: emptyRecordLog(spec.start, spec.transactions),
      },
    ],
    nodes,
    links,
    nextConnection: 1,
    archive: [],
  };
}

/** The records of a node's WAL. Throws RangeError for a name that no node has. */
export function recordsOf({ nodes, branches }: ReplicationState, name: string): RecordLog {
  const node = nodes[name];
  if (!node) throw new RangeError(`no node "${name}"`);
  return branchOf(branches, node.branch).records;
}

export function linkKey(from: string, to: string): string {
  return `${from}>${to}`;
}

function newNode(options: {
  name: string;
  upstream: string | null;
  settings: ReplicationSettings;
  start: Lsn;
  fsyncTime: Duration;
  checkpoint: PlacedCheckpoint;
  walVolumeSize: number | undefined;
  isSpare: boolean | undefined;
}): NodeState {
  const { name, upstream, settings, start, fsyncTime, checkpoint } = options;
  return {
    name,
    upstream,
    isAlone: false,
    isShutDown: false,
    branch: 0,
    stopping: false,
    status: options.isSpare ? 'down' : 'up',
    boot: 1,
    settings,
    wal: { insertLsn: start, writeLsn: start, flushLsn: start },
    walFrom: startOfSegment(checkpoint.redoLsn),
    checkpointer: startCheckpointer(checkpoint, START),
    walVolume: roomyVolume(options.walVolumeSize),
    durableLsn: start,
    disk: idleDisk(fsyncTime),
    slots: [],
    archiver: startArchiver(settings.archiveMode, startOfSegment(start), START),
    restoring: null,
    ...freshProcesses({
      settings,
      replayLsn: start,
      available: start,
      bytesPerSecond: Number.POSITIVE_INFINITY,
      at: START,
    }),
    recovered: options.isSpare ? { state: 'empty', timeline: null } : null,
    missed: [],
  };
}

/** The processes of a node that has just started. */
export function freshProcesses(options: {
  settings: ReplicationSettings;
  replayLsn: Lsn;
  /** WAL on its disk. */
  available: Lsn;
  bytesPerSecond: number;
  at: Instant;
}): Pick<
  NodeState,
  | 'flushRequests'
  | 'walwriter'
  | 'walsenders'
  | 'syncRep'
  | 'walreceiver'
  | 'startup'
  | 'transactions'
> {
  const { settings, replayLsn, available, bytesPerSecond, at } = options;
  return {
    flushRequests: [],
    walwriter: startWalwriter(at),
    walsenders: [],
    syncRep: startSyncRep(settings.synchronousStandbyNames),
    walreceiver: idleWalreceiver(at),
    startup: startStartupProcess(replayLsn, available, bytesPerSecond, at),
    transactions: [],
  };
}

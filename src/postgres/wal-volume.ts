/**
 * The volume that holds a primary's pg_wal. When no further segment fits, the backend that needs one ends with a PANIC and
 * takes all others along; crash recovery then fails too, until there is room. Follows XLogFileInit (xlog.c), as seen on a
 * real 18.4 server. Simplified: tables lie elsewhere, and a standby's volume has no end.
 */
import { formatLsn, type Lsn, lsn } from './lsn.ts';
import { lastEndUpTo } from './record-log.ts';
import type { NodeState } from './replication-state.ts';
import type { Transition } from './transition.ts';
import { startOfSegment, WAL_SEGMENT_SIZE } from './wal/page.ts';

export interface WalVolume {
  /** Bytes; Infinity for no limit. */
  readonly size: number;
  /** It was full: the segment in which recovery would go on could not be made. */
  readonly torn: boolean;
}

export const roomyVolume = (size = Number.POSITIVE_INFINITY): WalVolume => ({ size, torn: false });

/** Bytes of the segments in a node's pg_wal. */
export const walUsed = ({ walFrom, wal }: NodeState): number =>
  Math.max(1, Math.ceil((wal.writeLsn - walFrom) / WAL_SEGMENT_SIZE)) * WAL_SEGMENT_SIZE;

/** The words of the error, save for the pid in the file's name. */
export const noSpace = (pid: number): string =>
  `could not write to file "pg_wal/xlogtemp.${pid}": No space left on device`;

/** Where the last segment that fits ends. */
const endOfRoom = ({ walFrom, walVolume }: NodeState): number =>
  walFrom + Math.floor(walVolume.size / WAL_SEGMENT_SIZE) * WAL_SEGMENT_SIZE;

/** A primary has generated WAL: where it does not fit, it ends as soon as whoever wrote it has come to rest. */
export function watchVolume(step: Transition, name: string): void {
  const node = step.node(name);
  if (node.wal.insertLsn <= endOfRoom(node)) return;
  step.schedule(step.at, { kind: 'walVolumeFull', node: name, boot: node.boot });
}

/** How far WAL was written when the volume was full; null where there is room after all. */
export function fullAt(step: Transition, name: string): Lsn | null {
  const node = step.node(name);
  const end = endOfRoom(node);
  return node.wal.insertLsn <= end ? null : lastEndUpTo(step.records(name), lsn(end));
}

/** Whether crash recovery fails for want of a segment; says so in the log. */
export function recoveryFails(step: Transition, name: string): boolean {
  const node = step.node(name);
  const { walVolume, wal, upstream } = node;
  const next = startOfSegment(wal.writeLsn) + 2 * WAL_SEGMENT_SIZE;
  if (upstream !== null || !walVolume.torn || next <= endOfRoom(node)) return false;
  step.change(name, { status: 'down' });
  const words = `${name} does not start: redo is done at ${formatLsn(wal.writeLsn)}, then FATAL: ${noSpace(STARTUP_PID)}`;
  step.happened('startFailed', name, words, { lsn: formatLsn(wal.writeLsn) });
  return true;
}

/** As in pg_stat_activity (`cluster/server-state.ts`). */
const STARTUP_PID = 23;

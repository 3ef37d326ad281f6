/**
 * `rm` in pg_wal. A running server does not notice that segments are gone: it writes on in the one that is open, and the
 * archiver passes over what it has still to archive (pgarch_ArchiverCopyLoop, pgarch.c: "removed orphan archive status file").
 * Crash recovery notices, until the next checkpoint. As seen on a real 18.4 server.
 */
import { FIRST_TIMELINE, formatLsn, type Lsn } from './lsn.ts';
import type { NodeState } from './replication-state.ts';
import type { Transition } from './transition.ts';
import { startOfSegment, WAL_SEGMENT_SIZE } from './wal/page.ts';
import { segmentName } from './wal/wal-store.ts';

/** Removes every segment of a node's pg_wal but the one that is being written. */
export function deleteWal(step: Transition, name: string): void {
  const node = step.node(name);
  const { wal, walFrom, archiver } = node;
  const newest = startOfSegment(wal.writeLsn);
  if (newest <= walFrom) return;
  const count = (newest - walFrom) / WAL_SEGMENT_SIZE;
  const unarchived = archiver.on ? Math.max(0, newest - archiver.next) / WAL_SEGMENT_SIZE : 0;
  step.change(name, {
    walFrom: newest,
    archiver: { ...archiver, next: Math.max(archiver.next, newest) as Lsn, endsAt: null },
  });
  step.effects.push({ kind: 'walRemoved', node: name, before: newest });
  const segment = segmentName(FIRST_TIMELINE, newest);
  const files = count === 1 ? 'a file' : `${count} files`;
  const words = `${name}: rm has taken ${files} of pg_wal. ${segment} is left, which is being written.`;
  step.happened('walDeleted', name, words, {
    segment,
    count,
    unarchived,
    needed: missingCheckpoint(step.node(name)) !== null,
  });
}

/** The checkpoint at which recovery would begin, where its WAL is not there any more; else null. */
export const missingCheckpoint = ({ checkpointer, walFrom }: NodeState): Lsn | null =>
  checkpointer.latest.redoLsn < walFrom ? checkpointer.latest.lsn : null;

/** Whether a primary's crash recovery fails for want of WAL; says so in the log. */
export function recoveryMissesWal(step: Transition, name: string): boolean {
  const node = step.node(name);
  const missing = missingCheckpoint(node);
  if (node.upstream !== null || missing === null) return false;
  step.change(name, { status: 'down' });
  const lsn = formatLsn(missing);
  const panic = `PANIC: could not locate a valid checkpoint record at ${lsn}`;
  step.happened('startFailed', name, `${name} does not start. ${panic}`, { lsn });
  return true;
}

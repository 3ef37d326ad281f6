/**
 * A new base backup of a standby: its data directory is thrown away and copied anew from another node, with the WAL that was
 * written meanwhile (pg_basebackup -X stream -c fast). Simplified: the copy takes the time of its bytes over the slower of a
 * disk's COPY_RATE and the link, and nobody else on that link is slowed down by it.
 */
import { after, type Duration, ms } from '../sim/instant.ts';
import { formatLsn } from './lsn.ts';
import { lastEndUpTo } from './record-log.ts';
import { BOOT_TIME } from './replication-state.ts';
import { emptyNode } from './standby-again.ts';
import type { Transition } from './transition.ts';
import { startOfSegment } from './wal/page.ts';

/** Bytes a second that one process reads, sends and writes. */
const COPY_RATE = 20 * 2 ** 20;
/** Connecting, the checkpoint, the files' names. */
const PREPARATION = ms(200);

/** The node is emptied, and the copy begins. */
export function beginBaseBackup(
  step: Transition,
  name: string,
  upstream: string,
  bytes: number,
): void {
  emptyNode(step, name, upstream);
  const { boot } = step.change(name, {
    status: 'starting',
    boot: step.node(name).boot + 1,
    recovered: null,
  });
  const { bytesPerSecond } = step.link(upstream, name);
  const copying = Math.ceil((bytes / Math.min(COPY_RATE, bytesPerSecond)) * 1e6);
  const endsAt = after(step.at, (PREPARATION + copying) as Duration);
  const megabytes = (bytes / 2 ** 20).toFixed(0);
  step.happened(
    'baseBackupBegun',
    name,
    `${name} is emptied, and copies ${megabytes} MB anew from ${upstream}.`,
    { upstream, bytes },
  );
  step.schedule(endsAt, { kind: 'baseBackupEnd', node: name, upstream, boot });
}

/** The copy is whole, or has failed with the node that it came from. */
export function endBaseBackup(
  step: Transition,
  name: string,
  upstream: string,
  boot: number,
): void {
  const node = step.node(name);
  if (node.status !== 'starting' || node.boot !== boot) return;
  const from = step.node(upstream);
  if (from.status !== 'up' || step.link(upstream, name).cut) {
    step.change(name, { status: 'down' });
    step.happened(
      'baseBackupFailed',
      name,
      `The base backup of ${name} fails: ${upstream} cannot be reached. ${name} has no data directory that starts.`,
    );
    return;
  }
  const end = lastEndUpTo(step.records(upstream), from.wal.flushLsn);
  step.change(name, {
    upstream,
    isShutDown: false,
    branch: from.branch,
    wal: { insertLsn: end, writeLsn: end, flushLsn: end },
    walFrom: startOfSegment(from.checkpointer.latest.redoLsn),
    checkpointer: from.checkpointer,
    startup: { ...node.startup, replayLsn: end },
    slots: [],
  });
  const words = `${name} has a new base backup of ${upstream}, with the WAL up to ${formatLsn(end)}.`;
  step.happened('baseBackupTaken', name, words, { upstream, lsn: formatLsn(end) });
  step.schedule(after(step.at, BOOT_TIME), { kind: 'bootEnd', node: name, boot });
}

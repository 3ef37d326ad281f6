/** A primary's own WAL on its way to disk: fsyncs that somebody waits for, and the walwriter's cycles. */
import { type Disk, endFsync, startFsync } from '../sim/disk.ts';
import type { Instant } from '../sim/instant.ts';
import { formatLsn, type Lsn } from './lsn.ts';
import { lastEndUpTo } from './record-log.ts';
import type { Transition } from './transition.ts';
import { sendToStandbys } from './upstream.ts';
import { runWalwriter, wholePages } from './walwriter.ts';

/** Starts the next fsync of a primary's WAL, if someone waits for one and the disk is free. */
export function flushWal(step: Transition, name: string): void {
  const { wal, disk, flushRequests, settings } = step.node(name);
  const wanted = flushRequests.filter(({ upTo }) => upTo > wal.flushLsn);
  if (disk.running || wanted.length === 0) return;
  const byBackend = wanted.some(({ request }) => request !== null);
  const wantedLsn = Math.max(...wanted.map(({ upTo }) => upTo)) as Lsn;
  const upTo = byBackend ? wal.insertLsn : wantedLsn;
  const writeLsn = Math.max(wal.writeLsn, upTo) as Lsn;
  const syncing = settings.fsync ? startFsync(disk, upTo, step.at) : unsynced(disk, upTo, step.at);
  step.change(name, { wal: { ...wal, writeLsn }, disk: syncing });
  if (syncing.running) step.schedule(syncing.running.endsAt, { kind: 'fsyncEnd', node: name });
}

/** fsync = off: what is written counts as flushed at once, and the disk is not asked. */
const unsynced = (disk: Disk<Lsn>, covers: Lsn, at: Instant): Disk<Lsn> => ({
  ...disk,
  running: { covers, startedAt: at, endsAt: at },
});

/** An fsync of a primary may have ended: whoever waited for it goes on, and its walsenders send. */
export function endWalFsync(step: Transition, name: string): void {
  const { disk, wal, flushRequests, durableLsn, settings } = step.node(name);
  const ended = endFsync(disk, step.at);
  if (!ended) return;
  const [idle, covered] = ended;
  const flushLsn = Math.max(wal.flushLsn, covered) as Lsn;
  step.change(name, {
    disk: idle,
    durableLsn: settings.fsync ? flushLsn : durableLsn,
    wal: { ...wal, flushLsn },
    flushRequests: flushRequests.filter(({ upTo }) => upTo > flushLsn),
  });
  const lsn = formatLsn(flushLsn);
  step.happened('walFlushed', name, `${name} has flushed its WAL up to ${lsn}.`, { lsn });
  for (const { request, upTo } of flushRequests) {
    if (request !== null && upTo <= flushLsn) {
      step.effects.push({ kind: 'flushed', node: name, request });
    }
  }
  flushWal(step, name);
  sendToStandbys(step, name);
}

/** A cycle of the walwriter, where the event is of its present plan. */
export function wakeWalwriter(step: Transition, name: string, boot: number): void {
  const node = step.node(name);
  const isDue = node.boot === boot && node.status === 'up' && node.upstream === null;
  if (!isDue || node.walwriter.wakeAt !== step.at) return;
  const { wal, settings } = node;
  const wholeLsn = lastEndUpTo(step.records(name), wholePages(wal));
  const [walwriter, write] = runWalwriter(node.walwriter, wal, wholeLsn, settings, step.at);
  step.change(name, { walwriter });
  step.schedule(walwriter.wakeAt, { kind: 'walwriterWake', node: name, boot });
  if (!write) return;
  if (write.flush) {
    const alreadyAsked = node.flushRequests.some(({ request }) => request === null);
    if (alreadyAsked) return;
    const flushRequests = [...node.flushRequests, { request: null, upTo: write.upTo }];
    step.change(name, { flushRequests });
    flushWal(step, name);
  } else {
    const writeLsn = Math.max(node.wal.writeLsn, write.upTo) as Lsn;
    step.change(name, { wal: { ...node.wal, writeLsn } });
  }
}

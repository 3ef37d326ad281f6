/**
 * A node's life: its processes are killed (SIGKILL to all of them, as `pg_ctl stop -m immediate` leaves things), its
 * machine is stopped, it starts again. Simplified: a start takes BOOT_TIME however much there is to recover, and a
 * standby has then replayed all complete records that it holds.
 */
import { idleDisk } from '../sim/disk.ts';
import { after } from '../sim/instant.ts';
import { loseSender } from '../sim/link.ts';
import { restartArchiver } from './archiver.ts';
import { runArchiver } from './archiving.ts';
import { restartCheckpointer } from './checkpointer.ts';
import { formatLsn, type Lsn } from './lsn.ts';
import { cutRecords, lastEndUpTo } from './record-log.ts';
import { restoreSlots } from './replication-slots.ts';
import { BOOT_TIME, freshProcesses } from './replication-state.ts';
import { runStartup } from './standby.ts';
import type { Transition } from './transition.ts';

/**
 * Every process dies at once; the kernel lives, closes their connections and keeps what was written.
 */
export function killNode(step: Transition, name: string): void {
  const { status, upstream, wal, walsenders, walreceiver } = step.node(name);
  if (status === 'down' || status === 'off') return;
  for (const { standby, connection } of walsenders) {
    step.send(name, standby, { kind: 'closed', connection });
  }
  if (upstream !== null && walreceiver.status !== 'stopped') {
    step.send(name, upstream, { kind: 'closed', connection: walreceiver.connection });
  }
  stopProcesses(step, name, 'down', wal.writeLsn);
  step.happened('killed', name, `Every process of ${name} is killed.`);
}

/** The machine stops: nobody is told, and what was not fsynced is gone. */
export function powerOffNode(step: Transition, name: string): void {
  const { status, wal } = step.node(name);
  if (status === 'off') return;
  for (const peer of Object.keys(step.state.nodes)) {
    if (peer === name) continue;
    const before = step.link(name, peer);
    const link = loseSender(before, step.at);
    step.changeLink(name, peer, link, link.inFlight.length);
    const messages = before.inFlight.filter((one) => !link.inFlight.includes(one));
    if (messages.length > 0) step.effects.push({ kind: 'lost', from: name, to: peer, messages });
  }
  stopProcesses(step, name, 'off', wal.flushLsn);
  step.happened('poweredOff', name, `${name}'s machine stops.`);
}

export function startNode(step: Transition, name: string): void {
  const node = step.node(name);
  if (node.status !== 'down' && node.status !== 'off') return;
  const boot = node.boot + 1;
  step.change(name, { status: 'starting', boot, missed: [] });
  for (const { from, connection } of node.missed) {
    step.send(name, from, { kind: 'closed', connection });
  }
  step.happened('starting', name, `${name} starts.`);
  step.schedule(after(step.at, BOOT_TIME), { kind: 'bootEnd', node: name, boot });
}

/** Recovery is done as far as the node's own WAL reaches: it accepts connections. */
export function endBoot(step: Transition, name: string, boot: number): void {
  const node = step.node(name);
  if (node.status !== 'starting' || node.boot !== boot) return;
  const { settings, upstream, wal, startup, checkpointer } = node;
  const recovered = lastEndUpTo(step.state.records, wal.writeLsn);
  const { bytesPerSecond } = startup;
  step.change(name, {
    status: 'up',
    slots: restoreSlots(node.slots, step.at),
    archiver: restartArchiver(node, recovered, step.at),
    wal: { insertLsn: recovered, writeLsn: recovered, flushLsn: recovered },
    checkpointer: restartCheckpointer(checkpointer, step.at),
    ...freshProcesses({
      settings,
      replayLsn: recovered,
      available: recovered,
      bytesPerSecond,
      at: step.at,
    }),
  });
  const lsn = formatLsn(recovered);
  const words = `${name} has recovered up to ${lsn} and accepts connections.`;
  step.happened('started', name, words, { lsn });
  step.effects.push({ kind: 'started', node: name, recoveredUpTo: recovered });
  if (upstream === null) {
    step.schedule(step.at, { kind: 'walwriterWake', node: name, boot });
    runArchiver(step, name);
  } else runStartup(step, name);
}

function stopProcesses(
  step: Transition,
  name: string,
  status: 'down' | 'off',
  survivingLsn: Lsn,
): void {
  const { settings, startup, upstream, wal, disk, slots, checkpointer } = step.node(name);
  const keptUpTo = lastEndUpTo(step.state.records, survivingLsn);
  const { bytesPerSecond } = startup;
  if (upstream === null) {
    step.state = { ...step.state, records: cutRecords(step.state.records, keptUpTo) };
  }
  const flushLsn = Math.min(wal.flushLsn, keptUpTo) as Lsn;
  step.change(name, {
    status,
    wal: { insertLsn: keptUpTo, writeLsn: keptUpTo, flushLsn },
    disk: idleDisk(disk.fsyncTime),
    slots: restoreSlots(slots, step.at),
    restoring: null,
    checkpointer: restartCheckpointer(checkpointer, step.at),
    ...freshProcesses({
      settings,
      replayLsn: startup.replayLsn,
      available: keptUpTo,
      bytesPerSecond,
      at: step.at,
    }),
  });
  step.effects.push({ kind: 'stopped', node: name, keptUpTo });
}

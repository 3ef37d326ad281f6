/**
 * A node's life: its processes are killed (SIGKILL to all of them, as `pg_ctl stop -m immediate` leaves things), its
 * machine is stopped, it starts again. How long a start takes follows from the WAL since the last checkpoint, or restartpoint.
 * Simplified: a standby takes connections when it has replayed all complete records that it holds.
 */
import { idleDisk } from '../sim/disk.ts';
import { after, type Duration, seconds } from '../sim/instant.ts';
import { loseSender } from '../sim/link.ts';
import { restartArchiver } from './archiver.ts';
import { runArchiver } from './archiving.ts';
import { withRecords } from './branches.ts';
import { restartCheckpointer } from './checkpointer.ts';
import { recoveryMissesWal } from './deleted-wal.ts';
import { formatLsn, type Lsn } from './lsn.ts';
import { cutRecords, lastEndUpTo } from './record-log.ts';
import { restoreSlots } from './replication-slots.ts';
import { BOOT_TIME, freshProcesses, type NodeState } from './replication-state.ts';
import { runStartup } from './standby.ts';
import type { Transition } from './transition.ts';
import { fullAt, noSpace, recoveryFails } from './wal-volume.ts';

/**
 * Every process dies at once; the kernel lives, closes their connections and keeps what was written.
 */
export function killNode(step: Transition, name: string, panic: string | null = null): void {
  const { status } = step.node(name);
  if (status === 'down' || status === 'off') return;
  endProcesses(step, name, panic);
  step.happened('killed', name, `Every process of ${name} is killed.`);
}

/** Its processes are gone, and their connections closed. */
export function endProcesses(step: Transition, name: string, panic: string | null = null): void {
  const { upstream, wal, walsenders, walreceiver } = step.node(name);
  for (const { standby, connection } of walsenders) {
    step.send(name, standby, { kind: 'closed', connection });
  }
  if (upstream !== null && walreceiver.status !== 'stopped') {
    step.send(name, upstream, { kind: 'closed', connection: walreceiver.connection });
  }
  stopProcesses(step, name, 'down', wal.writeLsn, panic);
}

/** No segment fits into pg_wal any more: the backend that needs one ends with a PANIC, and every process with it. */
export function panicWithoutSpace(step: Transition, name: string, boot: number): void {
  const { status, boot: now, wal, walVolume } = step.node(name);
  if (status !== 'up' || boot !== now) return;
  const end = fullAt(step, name);
  if (end === null) return;
  step.change(name, { wal: { ...wal, writeLsn: end }, walVolume: { ...walVolume, torn: true } });
  const panic = noSpace(BACKEND_PID);
  step.happened('panicked', name, `PANIC on ${name}: ${panic}`, { lsn: formatLsn(end) });
  killNode(step, name, panic);
}

/** The number in the name of the file that cannot be written; a backend's pid. */
const BACKEND_PID = 101;

/** The machine stops: nobody is told, and what was not fsynced is gone. */
export function powerOffNode(step: Transition, name: string): void {
  const { status, upstream, durableLsn, settings } = step.node(name);
  if (status === 'off') return;
  for (const peer of Object.keys(step.state.nodes)) {
    if (peer === name) continue;
    const before = step.link(name, peer);
    const link = loseSender(before, step.at);
    step.changeLink(name, peer, link, link.inFlight.length);
    const messages = before.inFlight.filter((one) => !link.inFlight.includes(one));
    if (messages.length > 0) step.effects.push({ kind: 'lost', from: name, to: peer, messages });
  }
  stopProcesses(step, name, 'off', upstream === null ? orElsewhere(step, durableLsn) : durableLsn);
  step.happened('poweredOff', name, `${name}'s machine stops.`, { fsync: settings.fsync });
}

/** Simplified: with fsync = off a power cut takes nothing that a standby has, since its history would fork there. */
function orElsewhere(step: Transition, durableLsn: Lsn): Lsn {
  const standbys = Object.values(step.state.nodes).filter(({ upstream }) => upstream !== null);
  return Math.max(durableLsn, ...standbys.map(({ wal }) => wal.writeLsn)) as Lsn;
}

/** Bytes of WAL that redo gets through in a second: slower than most machines, so that a megabyte can be seen. */
const REDO_RATE = 16 * 2 ** 20;

/** From the start of the postmaster to the first connection. */
const startTime = ({ wal, checkpointer }: NodeState): Duration => {
  const bytes = Math.max(0, wal.writeLsn - checkpointer.latest.redoLsn);
  return Math.round(BOOT_TIME + (bytes / REDO_RATE) * seconds(1)) as Duration;
};

export function startNode(step: Transition, name: string): void {
  const node = step.node(name);
  if (node.status !== 'down' && node.status !== 'off') return;
  const boot = node.boot + 1;
  step.change(name, { status: 'starting', boot, isShutDown: false });
  resetMissed(step, name);
  step.happened('starting', name, `${name} starts.`);
  step.schedule(after(step.at, startTime(node)), { kind: 'bootEnd', node: name, boot });
}

/** The kernel is back, and no process of PostgreSQL with it. */
export function switchOnMachine(step: Transition, name: string): void {
  if (step.node(name).status !== 'off') return;
  step.change(name, { status: 'down' });
  resetMissed(step, name);
  step.happened('switchedOn', name, `${name}'s machine is on again. No server runs there yet.`);
}

/** Connections that came to a machine that was off are unknown to its kernel. */
function resetMissed(step: Transition, name: string): void {
  const { missed } = step.node(name);
  step.change(name, { missed: [] });
  for (const { from, connection } of missed) step.send(name, from, { kind: 'closed', connection });
}

/** Recovery is done as far as the node's own WAL reaches: it accepts connections. */
export function endBoot(step: Transition, name: string, boot: number): void {
  const node = step.node(name);
  if (node.status !== 'starting' || node.boot !== boot || recoveryFails(step, name)) return;
  if (recoveryMissesWal(step, name)) return;
  const { settings, upstream, wal, startup, checkpointer } = node;
  const recovered = lastEndUpTo(step.records(name), wal.writeLsn);
  const { bytesPerSecond } = startup;
  step.change(name, {
    status: 'up',
    slots: restoreSlots(node.slots, step.at),
    archiver: restartArchiver(node, recovered, step.at),
    wal: { insertLsn: recovered, writeLsn: recovered, flushLsn: recovered },
    durableLsn: settings.fsync ? recovered : node.durableLsn,
    checkpointer: restartCheckpointer(checkpointer, step.at),
    ...freshProcesses({
      settings,
      replayLsn: recovered,
      available: recovered,
      bytesPerSecond,
      at: step.at,
    }),
    walVolume: { ...node.walVolume, torn: false },
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
  panic: string | null = null,
): void {
  const { settings, startup, upstream, wal, disk, slots, checkpointer } = step.node(name);
  const keptUpTo = lastEndUpTo(step.records(name), survivingLsn);
  const { bytesPerSecond } = startup;
  if (upstream === null) {
    const kept = cutRecords(step.records(name), keptUpTo);
    const branches = withRecords(step.state.branches, step.node(name).branch, kept);
    step.state = { ...step.state, branches };
  }
  const flushLsn = Math.min(wal.flushLsn, keptUpTo) as Lsn;
  step.change(name, {
    status,
    stopping: false,
    durableLsn: Math.min(step.node(name).durableLsn, keptUpTo) as Lsn,
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
  step.effects.push({ kind: 'stopped', node: name, keptUpTo, panic });
}

/** What befalls the nodes and links of the replication machine. */
import { setFsyncTime } from '../sim/disk.ts';
import { cutLink, healLink, type Link } from '../sim/link.ts';
import { deleteWal } from './deleted-wal.ts';
import { killNode, powerOffNode, startNode } from './postmaster.ts';
import type { Fault } from './replication-port.ts';
import { runReceiver, runStartup } from './standby.ts';
import { freezeStartup, type StartupProcess, thawStartup } from './startup-process.ts';
import type { StreamingMessage } from './streaming-protocol.ts';
import type { Transition } from './transition.ts';
import { watchVolume } from './wal-volume.ts';

export function handleFault(step: Transition, fault: Fault): void {
  switch (fault.kind) {
    case 'freeze':
    case 'thaw':
      setFrozen(step, fault.node, fault.process, fault.kind === 'freeze');
      break;
    case 'delay':
      changeLinks(step, fault.a, fault.b, (link) => ({ ...link, delay: fault.delay }));
      break;
    case 'bandwidth': {
      const { bytesPerSecond } = fault;
      changeLinks(step, fault.a, fault.b, (link) => ({ ...link, bytesPerSecond }));
      break;
    }
    case 'loss':
      changeLinks(step, fault.a, fault.b, (link) => ({ ...link, lossRatio: fault.ratio }));
      break;
    case 'cut':
      changeLinks(step, fault.a, fault.b, cutLink);
      break;
    case 'heal':
      changeLinks(step, fault.a, fault.b, (link) => healLink(link, step.at));
      break;
    case 'fsync': {
      const disk = setFsyncTime(step.node(fault.node).disk, fault.time, step.at);
      step.change(fault.node, { disk });
      if (disk.running) step.schedule(disk.running.endsAt, { kind: 'fsyncEnd', node: fault.node });
      break;
    }
    case 'replayRate': {
      const { bytesPerSecond } = fault;
      changeStartup(step, fault.node, (startup) => ({ ...startup, bytesPerSecond, target: null }));
      break;
    }
    case 'walVolume': {
      const { walVolume } = step.node(fault.node);
      step.change(fault.node, { walVolume: { ...walVolume, size: fault.bytes } });
      watchVolume(step, fault.node);
      break;
    }
    case 'deleteWal':
      deleteWal(step, fault.node);
      break;
    case 'kill':
      killNode(step, fault.node);
      break;
    case 'powerOff':
      powerOffNode(step, fault.node);
      break;
    case 'start':
      startNode(step, fault.node);
      break;
  }
}

/** Changes the startup process from outside, and lets it go on as far as it can. */
export function changeStartup(
  step: Transition,
  name: string,
  change: (startup: StartupProcess) => StartupProcess,
): void {
  step.change(name, { startup: change(step.node(name).startup) });
  runStartup(step, name);
}

/** SIGSTOP and SIGCONT. A walreceiver that does not run cannot be stopped. */
function setFrozen(
  step: Transition,
  name: string,
  process: 'walreceiver' | 'startup',
  frozen: boolean,
): void {
  if (process === 'startup') {
    changeStartup(step, name, frozen ? freezeStartup : thawStartup);
    return;
  }
  const { walreceiver } = step.node(name);
  if (walreceiver.status === 'stopped') return;
  step.change(name, { walreceiver: { ...walreceiver, frozen } });
  runReceiver(step, name);
}

function changeLinks(
  step: Transition,
  a: string,
  b: string,
  change: (link: Link<StreamingMessage>) => Link<StreamingMessage>,
): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    const before = step.link(from, to);
    const after = change(before);
    const isHealed = before.cut && !after.cut;
    step.changeLink(from, to, after, isHealed ? 0 : after.inFlight.length);
  }
}

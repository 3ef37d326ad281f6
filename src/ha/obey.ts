/** What people and fault schedules do to the governing. */
import { reviewDcs } from './dcs.ts';
import { applyOperation } from './dcs-operations.ts';
import type { DcsOperation } from './dcs-port.ts';
import { type Governing, pairOf } from './governing.ts';
import type { GovernorInput } from './governor-state.ts';

type Deed = Exclude<
  GovernorInput,
  {
    readonly kind:
      | 'patroni'
      | 'request'
      | 'reply'
      | 'dcsWake'
      | 'proxyCheck'
      | 'watchdog'
      | 'switchOn';
  }
>;

export function obey(step: Governing, deed: Deed): void {
  switch (deed.kind) {
    case 'freezePatroni':
      if (step.node(deed.node).process === 'running') step.change(deed.node, { process: 'frozen' });
      break;
    case 'thawPatroni':
      thaw(step, deed.node);
      break;
    case 'killPatroni':
      step.change(deed.node, { process: 'stopped', missed: [] });
      break;
    case 'startPatroni':
      if (step.node(deed.node).process === 'stopped') step.startPatroni(deed.node);
      break;
    case 'stopDcs':
    case 'freezeDcs':
      setMember(step, deed.member, deed.kind === 'stopDcs' ? 'down' : 'frozen');
      break;
    case 'startDcs':
    case 'thawDcs':
      setMember(step, deed.member, 'up');
      break;
    case 'cutLink':
      setLink(step, deed.a, deed.b, false);
      break;
    case 'healLink':
      setLink(step, deed.a, deed.b, true);
      break;
    case 'nodeLink':
      setLink(step, deed.a, deed.b, deed.works);
      break;
    case 'breakWatchdog':
    case 'mendWatchdog':
      step.change(deed.node, { watchdogWorks: deed.kind === 'mendWatchdog' });
      break;
    case 'machineOff':
      step.machineOff(deed.node);
      break;
    case 'machineOn':
      if (step.node(deed.node).machine === 'off') step.machineOn(deed.node);
      break;
    case 'pause':
    case 'resume': {
      const config = step.state.dcs.keys.config?.value ?? step.state.spec.dynamic;
      write(step, { kind: 'writeConfig', config: { ...config, pause: deed.kind === 'pause' } });
      break;
    }
    case 'editConfig':
      write(step, { kind: 'writeConfig', config: deed.config });
      break;
    case 'switchover':
    case 'failover':
      askForFailover(step, deed.kind === 'switchover' ? deed.leader : null, deed.candidate);
      break;
    case 'reinit':
      step.tellPatroni(deed.node, { kind: 'reinitialize' });
      break;
  }
}

function thaw(step: Governing, name: string): void {
  const { process, missed } = step.node(name);
  if (process !== 'frozen') return;
  step.change(name, { process: 'running', missed: [] });
  for (const input of missed) step.tellPatroni(name, input);
  step.wakePatroni(name);
}

function setMember(step: Governing, member: string, status: 'up' | 'frozen' | 'down'): void {
  const { dcs } = step.state;
  if (!(member in dcs.members)) throw new RangeError(`the DCS has no member ${member}`);
  review(step, { ...dcs, members: { ...dcs.members, [member]: status } });
}

function setLink(step: Governing, a: string, b: string, works: boolean): void {
  const pair = pairOf(a, b);
  const others = step.state.cuts.filter((cut) => cut !== pair);
  step.state = { ...step.state, cuts: works ? others : [...others, pair] };
  review(step, step.state.dcs);
}

function review(step: Governing, dcs: Governing['state']['dcs']): void {
  step.changeDcs(reviewDcs(dcs, step.at, step.reaches), null);
}

/**
 * POST /switchover or /failover to the leader, which looks whether it makes sense (api.py, `is_failover_possible`) and wakes its
 * loop. Simplified: where its Patroni does not answer, patronictl does not go on to write the key by itself.
 */
function askForFailover(step: Governing, leader: string | null, candidate: string | null): void {
  const why = whyNoFailover(step, leader, candidate);
  if (why !== null) {
    step.happened('failoverRefused', leader, `patronictl: ${why}`);
    return;
  }
  write(step, { kind: 'writeFailover', request: { leader, candidate } });
  for (const name of Object.keys(step.state.nodes)) step.wakePatroni(name);
}

function whyNoFailover(
  step: Governing,
  leader: string | null,
  candidate: string | null,
): string | null {
  const { keys } = step.state.dcs;
  const holder = keys.leader?.value ?? null;
  if (leader !== null && holder !== leader) return 'leader name does not match';
  if (holder !== null && step.node(holder).process !== 'running')
    return `${holder} does not answer`;
  if (candidate === null) return null;
  if (!(candidate in keys.members)) return 'candidate does not exist';
  const config = keys.config?.value ?? step.state.spec.dynamic;
  const synchronous = config.synchronousMode !== 'off' && keys.sync !== null;
  return leader !== null && synchronous && !keys.sync.value.members.includes(candidate)
    ? 'candidate name does not match with sync_standby'
    : null;
}

/** patronictl writes to the DCS by itself; without a majority it cannot. */
function write(step: Governing, operation: DcsOperation): void {
  if (step.state.dcs.leader === null) return;
  const [dcs] = applyOperation(step.state.dcs, operation, step.at);
  step.changeDcs(dcs, null);
}

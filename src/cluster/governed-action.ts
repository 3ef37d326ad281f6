/** What a person does to what governs a cluster, as actions of a run: their kinds, their words, and when they make sense. */
import type { GovernedDeed } from '../ha/deeds.ts';
import type { GovernorState } from '../ha/governor-state.ts';

/** `powerOff` and the links between nodes are faults that every cluster knows. */
export type GovernedAction = Exclude<
  GovernedDeed,
  { readonly kind: 'powerOff' | 'cutLink' | 'healLink' | 'editConfig' }
>;

/** The compiler says which one is missing here. */
const KINDS: Readonly<Record<GovernedAction['kind'], true>> = {
  freezePatroni: true,
  thawPatroni: true,
  killPatroni: true,
  startPatroni: true,
  stopDcs: true,
  startDcs: true,
  freezeDcs: true,
  thawDcs: true,
  breakWatchdog: true,
  mendWatchdog: true,
  powerOn: true,
  isolate: true,
  rejoin: true,
  cutFromDcs: true,
  healToDcs: true,
  pause: true,
  resume: true,
  switchover: true,
  failover: true,
  reinit: true,
};

export const GOVERNED_KINDS = Object.keys(KINDS) as readonly GovernedAction['kind'][];

export const isGovernedAction = (action: { readonly kind: string }): action is GovernedAction =>
  action.kind in KINDS;

/** A whole sentence for the event log. */
export function describeGovernedAction(action: GovernedAction): string {
  switch (action.kind) {
    case 'freezePatroni':
      return `You freeze Patroni on ${action.node}: it lives, and does nothing. PostgreSQL goes on.`;
    case 'thawPatroni':
      return `You let Patroni on ${action.node} go on.`;
    case 'killPatroni':
      return `You kill Patroni on ${action.node}. PostgreSQL goes on.`;
    case 'startPatroni':
      return `You start Patroni on ${action.node}.`;
    case 'stopDcs':
      return `You stop the DCS member ${action.member}.`;
    case 'startDcs':
      return `You start the DCS member ${action.member}.`;
    case 'freezeDcs':
      return `You freeze the DCS member ${action.member}.`;
    case 'thawDcs':
      return `You let the DCS member ${action.member} go on.`;
    case 'breakWatchdog':
      return `You take the watchdog device of ${action.node} away.`;
    case 'mendWatchdog':
      return `You give ${action.node} its watchdog device back.`;
    case 'powerOn':
      return `You switch ${action.node} on.`;
    case 'isolate':
      return `You cut ${action.node} off from everybody.`;
    case 'rejoin':
      return `You heal all cables of ${action.node}.`;
    case 'cutFromDcs':
      return `You cut ${action.node} off from the DCS.`;
    case 'healToDcs':
      return `You heal the cables between ${action.node} and the DCS.`;
    case 'pause':
      return 'You type: patronictl pause';
    case 'resume':
      return 'You type: patronictl resume';
    case 'switchover':
      return `You type: patronictl switchover --leader ${action.leader}${action.candidate === null ? '' : ` --candidate ${action.candidate}`}`;
    case 'failover':
      return `You type: patronictl failover --candidate ${action.candidate}`;
    case 'reinit':
      return `You type: patronictl reinit ${action.node}`;
  }
}

/** Why this cannot be done now, in words; null where it can. Nodes that it names are there. */
export function whyNoGovernedAction(action: GovernedAction, state: GovernorState): string | null {
  if ('member' in action) return whyNoMember(action, state);
  if (!('node' in action)) return null;
  const node = state.nodes[action.node];
  const patroni = `Patroni on ${action.node}`;
  switch (action.kind) {
    case 'freezePatroni':
    case 'killPatroni':
      return node?.process === 'running' ? null : `${patroni} does not run`;
    case 'thawPatroni':
      return node?.process === 'frozen' ? null : `${patroni} is not frozen`;
    case 'startPatroni':
      if (node?.machine === 'off') return `${action.node} is switched off`;
      return node?.process === 'stopped' ? null : `${patroni} runs`;
    case 'powerOn':
      return node?.machine === 'off' ? null : `${action.node} is switched on`;
    default:
      return null;
  }
}

function whyNoMember(
  { kind, member }: Extract<GovernedAction, { readonly member: string }>,
  { dcs }: GovernorState,
): string | null {
  const status = dcs.members[member];
  if (status === undefined)
    return `the DCS has no member "${member}"; its members are ${Object.keys(dcs.members).join(', ')}`;
  const wanted = { stopDcs: 'up', freezeDcs: 'up', startDcs: 'down', thawDcs: 'frozen' } as const;
  return status === wanted[kind] ? null : `${member} is ${status} now`;
}

/**
 * What governs a cluster, as one pure machine: a Patroni on each node, the DCS, watchdogs, the proxy, and the links between
 * them. `govern(state, input, at, postgres)` gives the next state and effects; `postgres` says how a node's server stands.
 */
import { after, type Instant, ms } from '../sim/instant.ts';
import { startDcs } from './dcs.ts';
import { Governing } from './governing.ts';
import {
  type GovernedNode,
  type GovernorEffect,
  type GovernorInput,
  type GovernorState,
  identityOf,
  type LookAt,
} from './governor-state.ts';
import type { GovernorSpec } from './ha-port.ts';
import { obey } from './obey.ts';
import { newPatroni } from './patroni/process.ts';
import { checkServer, startProxy } from './proxy.ts';

export function govern(
  state: GovernorState,
  input: GovernorInput,
  at: Instant,
  postgres: LookAt,
): [GovernorState, readonly GovernorEffect[]] {
  const step = new Governing(state, at, postgres);
  switch (input.kind) {
    case 'patroni':
      if (step.lives(input.node, input.life)) step.tellPatroni(input.node, input.input);
      break;
    case 'request':
      step.deliver(input);
      break;
    case 'reply':
      step.hand(input);
      break;
    case 'dcsWake':
      step.wakeDcs();
      break;
    case 'proxyCheck':
      checkServer(step, input.node);
      break;
    case 'watchdog':
      step.watchdogRings(input.node);
      break;
    case 'switchOn':
      step.effects.push({ kind: 'switchOn', node: input.node });
      break;
    default:
      obey(step, input);
  }
  return [step.state, step.effects];
}

/** All nodes run already; the first one is primary. Patroni is just starting on each. */
export function startGovernor(
  spec: GovernorSpec,
  nodes: readonly string[],
  seed: number,
  at: Instant,
): [GovernorState, readonly GovernorEffect[]] {
  const governed = nodes.map((node): [string, GovernedNode] => [
    node,
    {
      patroni: newPatroni(identityOf(spec, node), spec.dynamic, at),
      process: 'running',
      missed: [],
      watchdogWorks: !spec.withoutWatchdog.includes(node),
      firesAt: null,
      life: 1,
      machine: 'on',
    },
  ]);
  const state: GovernorState = {
    spec,
    nodes: Object.fromEntries(governed),
    dcs: startDcs(spec.dcsMembers, spec.dynamic, seed),
    proxy: spec.proxy === null ? null : startProxy(nodes),
    cuts: [],
    dcsWakeAt: null,
  };
  const effects: GovernorEffect[] = nodes.map((node, index) => ({
    kind: 'schedule',
    // The primary's first, so that it is the one that takes the key.
    at: after(at, ms(500 * index)),
    event: { kind: 'patroni', node, life: 1, input: { kind: 'begin' } },
  }));
  if (spec.proxy !== null)
    for (const node of nodes)
      effects.push({
        kind: 'schedule',
        at: after(at, ms(10)),
        event: { kind: 'proxyCheck', node },
      });
  return [state, effects];
}

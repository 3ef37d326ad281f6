/**
 * Keeps a governor's state and hands its effects to whoever has the clock and the servers: the servers of a play, which are
 * numbers, or the real ones of a cluster.
 */
import type { Instant } from '../sim/instant.ts';
import { type Chronicle, chronicled, EMPTY_CHRONICLE, holderOf, type Line } from './chronicle.ts';
import { type CableDeed, cableInputs } from './deeds.ts';
import type { Found } from './found.ts';
import { pairOf } from './governing.ts';
import { govern, startGovernor } from './governor.ts';
import type {
  GovernorEffect,
  GovernorEvent,
  GovernorInput,
  GovernorState,
  LookAt,
} from './governor-state.ts';
import type { GovernorSpec } from './ha-port.ts';
import type { PostgresCommand } from './postgres-port.ts';

export interface GovernedServers {
  now(): Instant;
  readonly look: LookAt;
  /** Give the event to `feed` at the instant. */
  schedule(at: Instant, event: GovernorEvent): void;
  /** Patroni does something to its server. */
  obey(node: string, command: PostgresCommand): void;
  /** The watchdog has reset the machine: its server is gone with it. */
  reset(node: string): void;
  /** The machine is on again, and no server runs on it yet. Called before its Patroni starts. */
  switchedOn(node: string): void;
  logged(line: Line): void;
  happened(event: string, node: string | null, words: string): void;
  /** The proxy closes its clients' connections to a node. */
  closeProxied(node: string): void;
}

/** The name under which clients' cables are known where there is no proxy beside which they stand. */
const CLIENTS = 'clients';

export class Governance {
  readonly spec: GovernorSpec;
  readonly nodes: readonly string[];
  readonly #servers: GovernedServers;
  #state: GovernorState;
  #chronicle = EMPTY_CHRONICLE;

  /** All servers run already; the first one is the primary. */
  constructor(
    spec: GovernorSpec,
    nodes: readonly string[],
    seed: number,
    servers: GovernedServers,
  ) {
    this.spec = spec;
    this.nodes = nodes;
    this.#servers = servers;
    const [state, effects] = startGovernor(spec, nodes, seed, servers.now());
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  get state(): GovernorState {
    return this.#state;
  }

  get chronicle(): Chronicle {
    return this.#chronicle;
  }

  feed(input: GovernorInput): void {
    const servers = this.#servers;
    const [state, effects] = govern(this.#state, input, servers.now(), servers.look);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  /** Cables of a node are cut, or healed. */
  cable(deed: CableDeed): void {
    for (const input of cableInputs(deed, this.nodes, this.spec)) this.feed(input);
  }

  /** A machine that was off is switched on: nothing runs there but its Patroni, which is starting. */
  switchOn(node: string): void {
    if (this.#state.nodes[node]?.machine !== 'off') return;
    this.#servers.switchedOn(node);
    this.feed({ kind: 'machineOn', node });
  }

  /** Whether the cable between two parties works. */
  readonly linked = (a: string, b: string): boolean => !this.#state.cuts.includes(pairOf(a, b));

  /** Whether clients reach a node: they stand where the proxy stands. */
  linkedToClients(node: string): boolean {
    return this.linked(node, this.spec.proxy?.name ?? CLIENTS);
  }

  /** Where HAProxy sends a new connection; null: it has no server, or there is no proxy. */
  proxied(): string | null {
    const all = Object.entries(this.#state.proxy?.servers ?? {});
    return all.find(([, { up }]) => up)?.[0] ?? null;
  }

  /** What was written down before counts no more. */
  forget(): void {
    this.#chronicle = EMPTY_CHRONICLE;
  }

  /** Writes down who is found how, and who holds the key, where that has changed. */
  chronicleNow(found: Readonly<Record<string, Found>>): void {
    const holder = holderOf(this.#state.dcs);
    this.#chronicle = chronicled(this.#chronicle, { found, holder }, this.#servers.now());
  }

  #carryOut(effect: GovernorEffect): void {
    const servers = this.#servers;
    switch (effect.kind) {
      case 'schedule':
        servers.schedule(effect.at, effect.event);
        break;
      case 'postgres':
        servers.obey(effect.node, effect.command);
        break;
      case 'reset':
        servers.reset(effect.node);
        break;
      case 'switchOn':
        this.switchOn(effect.node);
        break;
      case 'log': {
        const { node, level, text } = effect;
        servers.logged({ at: servers.now(), node, level, text });
        break;
      }
      case 'happened':
        servers.happened(effect.event, effect.node, effect.words);
        break;
      case 'proxy':
        if (effect.closes) servers.closeProxied(effect.node);
        break;
    }
  }
}

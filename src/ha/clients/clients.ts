/** The clients of a play: who is connected where, and what each of their writes came to. */
import type { Duration, Instant } from '../../sim/instant.ts';
import {
  type ClientInput,
  type ClientState,
  client,
  newClient,
  type Outcome,
  type Route,
} from './client.ts';
import { leadsTo, type Ways } from './leads-to.ts';

export interface ClientSpec {
  readonly name: string;
  readonly route: Route;
  readonly thinks: Duration;
}

/** A write of a client, as it knows it: invoked, and ok, failed or unknown in the end. */
export interface Call {
  readonly client: string;
  readonly node: string;
  readonly invokedAt: Instant;
  readonly endedAt: Instant | null;
  readonly outcome: Outcome;
}

/** What clients find of the servers and the proxy. */
export interface ClientWorld extends Ways {
  /** Writes a row; says where in the server's WAL it ends. */
  write(node: string): number;
  /** Whether the server may tell its client that a row up to here is committed. */
  isConfirmed(node: string, end: number): boolean;
}

interface Desk {
  readonly name: string;
  state: ClientState;
  /** Where the write that it waits for ends; null while it waits for none. */
  end: number | null;
  /** Index of that write among the calls. */
  call: number;
}

export class Clients {
  readonly calls: Call[] = [];
  readonly #desks: readonly Desk[];
  readonly #world: ClientWorld;

  constructor(specs: readonly ClientSpec[], world: ClientWorld, at: Instant) {
    this.#world = world;
    this.#desks = specs.map(({ name, route, thinks }) => ({
      name,
      state: newClient(route, thinks, at),
      end: null,
      call: -1,
    }));
  }

  /** How many are connected to a node. */
  connections(node: string): number {
    return this.#desks.filter(({ state }) => state.node === node).length;
  }

  /** Each looks whether it has been answered, and does what it is time for. */
  look(at: Instant): void {
    for (const desk of this.#desks) {
      const { node } = desk.state;
      if (node !== null && this.#world.found(node) === 'closed')
        this.#tell(desk, { kind: 'closed' }, at);
      else if (node !== null && desk.end !== null && this.#isConfirmed(node, desk.end))
        this.#tell(desk, { kind: 'acknowledged' }, at);
      if (desk.state.nextAt <= at)
        this.#tell(desk, { kind: 'turn', reaches: leadsTo(desk.state.route, this.#world) }, at);
    }
  }

  /** HAProxy takes a server out, and its sessions with it. */
  closeProxied(node: string, at: Instant): void {
    for (const desk of this.#desks)
      if (desk.state.route.kind === 'proxy' && desk.state.node === node)
        this.#tell(desk, { kind: 'closed' }, at);
  }

  #isConfirmed(node: string, end: number): boolean {
    return this.#world.found(node) === 'writes' && this.#world.isConfirmed(node, end);
  }

  #tell(desk: Desk, input: ClientInput, at: Instant): void {
    const [state, effects] = client(desk.state, input, at);
    desk.state = state;
    if (state.waitsSince === null) desk.end = null;
    for (const effect of effects) {
      if (effect.kind === 'write') this.#write(desk, effect.node, at);
      else {
        const call = this.calls[desk.call];
        if (call) this.calls[desk.call] = { ...call, outcome: effect.outcome, endedAt: at };
      }
    }
  }

  #write(desk: Desk, node: string, at: Instant): void {
    desk.call = this.calls.length;
    this.calls.push({
      client: desk.name,
      node,
      invokedAt: at,
      endedAt: null,
      outcome: 'unknown',
    });
    const found = this.#world.found(node);
    if (found === 'writes') desk.end = this.#world.write(node);
    else if (found !== 'silent') this.#tell(desk, { kind: 'refused' }, at);
  }
}

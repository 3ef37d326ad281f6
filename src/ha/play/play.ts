/**
 * A governed cluster that runs by itself: Patroni, the DCS, watchdogs and a proxy as `govern` has them, servers as numbers,
 * and a client at each node that writes ten times a second. It keeps what a reader wants to see: who was found how, who held
 * the key, what was logged, and what was acknowledged and is not there any more.
 */
import { after, type Instant, ms, seconds as secondsOf } from '../../sim/instant.ts';
import { Simulator } from '../../sim/simulator.ts';
import { type Chronicle, type Line, lastFound } from '../chronicle.ts';
import { type Call, type ClientSpec, Clients } from '../clients/clients.ts';
import { foundByClient } from '../clients/leads-to.ts';
import { type CableDeed, type GovernedDeed, isCableDeed } from '../deeds.ts';
import { foundAs } from '../found.ts';
import { Governance, type GovernedServers } from '../governance.ts';
import type { GovernorEvent, GovernorState } from '../governor-state.ts';
import type { GovernorSpec } from '../ha-port.ts';
import {
  type Change,
  cameTrue,
  changed,
  factsOf,
  holds,
  isConfirmed,
  obeyed,
  primaries,
  type Servers,
  server,
  startServers,
  streamed,
  written,
} from './servers.ts';

/** What befalls a governed cluster whose servers are numbers. */
export type PlayAction =
  | GovernedDeed
  /** The postmaster and all its children die. */
  | { readonly kind: 'killPostgres'; readonly node: string }
  | { readonly kind: 'freezeWalreceiver' | 'thawWalreceiver'; readonly node: string }
  /** Every primary writes so much WAL at once. */
  | { readonly kind: 'write'; readonly bytes: number };

/** A write that a client was told is done. */
export interface Acknowledged {
  readonly node: string;
  readonly at: Instant;
  readonly timeline: number;
  readonly end: number;
}

export interface PlayHistory extends Chronicle {
  readonly lines: readonly Line[];
  readonly happened: readonly { readonly at: Instant; readonly words: string }[];
  readonly acknowledged: readonly Acknowledged[];
  /** How long more than one node acknowledged writes, in seconds. */
  readonly twoPrimaries: number;
}

type Event =
  | { readonly kind: 'governor'; readonly event: GovernorEvent }
  | { readonly kind: 'server'; readonly change: Change }
  | { readonly kind: 'beat' };

const BEAT = ms(100);
const BYTES_A_WRITE = 1000;

export class Play {
  readonly spec: GovernorSpec;
  readonly nodes: readonly string[];
  readonly #simulator = new Simulator<Event>((event) => this.#handle(event));
  #servers: Servers;
  readonly #governance: Governance;
  readonly #lines: Line[] = [];
  readonly #happened: { at: Instant; words: string }[] = [];
  readonly #acknowledged: Acknowledged[] = [];
  #beatsOfTwo = 0;
  readonly #clients: Clients;

  constructor(
    spec: GovernorSpec,
    nodes: readonly string[],
    seed: number,
    clients: readonly ClientSpec[] = [],
  ) {
    this.spec = spec;
    this.nodes = nodes;
    const [first = ''] = nodes;
    this.#servers = startServers(nodes, {
      ...spec.dynamic.parameters,
      ...spec.local[first]?.parameters,
    });
    this.#clients = new Clients(clients, this.#clientWorld(), this.now);
    this.#governance = new Governance(spec, nodes, seed, this.#governed());
    this.#simulator.scheduleAfter(BEAT, { kind: 'beat' });
  }

  /** What the governing sees of the servers, and does to them. */
  #governed(): GovernedServers {
    return {
      now: () => this.now,
      look: (name) => factsOf(this.#servers, name, this.#governance.linked),
      schedule: (at, event) => this.#simulator.scheduleAt(at, { kind: 'governor', event }),
      obey: (node, command) => {
        const { servers, later } = obeyed(this.#servers, node, command);
        this.#servers = servers;
        if (later !== null)
          this.#simulator.scheduleAfter(later.wait, { kind: 'server', change: later.change });
      },
      reset: (node) => this.#change(node, { status: 'off', clean: false }),
      switchedOn: (node) => this.#change(node, { status: 'down', deaf: false }),
      logged: (line) => this.#lines.push(line),
      happened: (_event, _node, words) => this.#happened.push({ at: this.now, words }),
      closeProxied: (node) => this.#clients.closeProxied(node, this.now),
    };
  }

  get now(): Instant {
    return this.#simulator.now;
  }

  get servers(): Servers {
    return this.#servers;
  }

  get governor(): GovernorState {
    return this.#governance.state;
  }

  get history(): PlayHistory {
    return {
      ...this.#governance.chronicle,
      lines: this.#lines,
      happened: this.#happened,
      acknowledged: this.#acknowledged,
      twoPrimaries: (this.#beatsOfTwo * BEAT) / secondsOf(1),
    };
  }

  /** What the clients' own writes came to, in order of invoking. */
  get calls(): readonly Call[] {
    return this.#clients.calls;
  }

  /** How many clients are connected to each node. */
  get connections(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.nodes.map((node) => [node, this.#clients.connections(node)]));
  }

  /** Acknowledged writes that the leader does not have; none while there is no leader. */
  get lost(): readonly Acknowledged[] {
    const leader = this.governor.dcs.keys.leader?.value;
    if (leader === undefined) return [];
    return this.#acknowledged.filter((write) => !holds(this.#servers, leader, write));
  }

  runUntil(end: Instant): void {
    this.#simulator.runUntil(end);
  }

  run(seconds: number): void {
    this.runUntil(after(this.now, secondsOf(seconds)));
  }

  act(action: PlayAction): void {
    if (isCableDeed(action)) this.#governance.cable(action);
    else this.#do(action);
    this.#look();
  }

  #do(action: Exclude<PlayAction, CableDeed>): void {
    switch (action.kind) {
      case 'powerOff':
        this.#change(action.node, { status: 'off', clean: false });
        this.#governance.feed({ kind: 'machineOff', node: action.node });
        break;
      case 'powerOn':
        this.#governance.switchOn(action.node);
        break;
      case 'killPostgres':
        if (server(this.#servers, action.node).status !== 'off')
          this.#change(action.node, { status: 'down', clean: false });
        break;
      case 'freezeWalreceiver':
      case 'thawWalreceiver':
        this.#change(action.node, { deaf: action.kind === 'freezeWalreceiver' });
        break;
      case 'write':
        for (const name of primaries(this.#servers)) this.#write(name, action.bytes);
        break;
      default:
        this.#governance.feed(action);
    }
  }

  #change(name: string, change: Parameters<typeof changed>[2]): void {
    this.#servers = changed(this.#servers, name, change);
  }

  #handle(event: Event): void {
    if (event.kind === 'governor') this.#governance.feed(event.event);
    else if (event.kind === 'server') this.#servers = cameTrue(this.#servers, event.change);
    else this.#beat();
    if (event.kind !== 'beat') this.#look();
  }

  #beat(): void {
    this.#servers = streamed(this.#servers, this.#governance.linked);
    const done = primaries(this.#servers).filter((name) => this.#write(name, BYTES_A_WRITE));
    if (done.length > 1) this.#beatsOfTwo += 1;
    this.#look(done);
    this.#clients.look(this.now);
    this.#simulator.scheduleAfter(BEAT, { kind: 'beat' });
  }

  #clientWorld() {
    return {
      proxied: () => this.#governance.proxied(),
      found: (node: string) =>
        foundByClient(server(this.#servers, node), this.#governance.linkedToClients(node)),
      write: (node: string) => {
        this.#write(node, BYTES_A_WRITE);
        return server(this.#servers, node).wal;
      },
      isConfirmed: (node: string, end: number) =>
        isConfirmed(this.#servers, node, end, this.#governance.linked),
    };
  }

  #write(name: string, bytes: number): boolean {
    const { servers, acknowledged } = written(this.#servers, name, bytes, this.#governance.linked);
    this.#servers = servers;
    const { timeline, wal: end } = server(servers, name);
    if (acknowledged) this.#acknowledged.push({ node: name, at: this.now, timeline, end });
    return acknowledged;
  }

  /** Writes down who is found how, and who holds the key, where that has changed. */
  #look(acknowledged: readonly string[] | null = null): void {
    const { chronicle } = this.#governance;
    const found = this.nodes.map((name) => {
      const told = acknowledged?.includes(name) ?? null;
      return [
        name,
        foundAs(server(this.#servers, name), lastFound(chronicle, name), told),
      ] as const;
    });
    this.#governance.chronicleNow(Object.fromEntries(found));
  }
}

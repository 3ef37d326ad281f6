/**
 * A governed cluster that runs by itself: Patroni, the DCS, watchdogs and a proxy as `govern` has them, servers as numbers,
 * and a client at each node that writes ten times a second. It keeps what a reader wants to see: who was found how, who held
 * the key, what was logged, and what was acknowledged and is not there any more.
 */
import { after, type Instant, ms, seconds as secondsOf } from '../../sim/instant.ts';
import { Simulator } from '../../sim/simulator.ts';
import { type Call, type ClientSpec, Clients } from '../clients/clients.ts';
import { pairOf } from '../governing.ts';
import { govern, startGovernor } from '../governor.ts';
import type {
  GovernorEffect,
  GovernorEvent,
  GovernorInput,
  GovernorState,
} from '../governor-state.ts';
import type { GovernorAction, GovernorSpec } from '../ha-port.ts';
import { type Found, foundAs } from './found.ts';
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

/** What befalls a governed cluster, beside what a `GovernorAction` does to its governing. */
export type PlayAction =
  | GovernorAction
  /** The machine is gone with all that runs on it, or is switched on again. */
  | { readonly kind: 'powerOff' | 'powerOn'; readonly node: string }
  /** The postmaster and all its children die. */
  | { readonly kind: 'killPostgres'; readonly node: string }
  | { readonly kind: 'freezeWalreceiver' | 'thawWalreceiver'; readonly node: string }
  /** Nothing passes between a node and anybody else, the DCS and the proxy included; then it does again. */
  | { readonly kind: 'isolate' | 'rejoin'; readonly node: string }
  /** Nothing passes between a node and the DCS; then it does again. */
  | { readonly kind: 'cutFromDcs' | 'healToDcs'; readonly node: string }
  /** Every primary writes so much WAL at once. */
  | { readonly kind: 'write'; readonly bytes: number };

export type { Found };

/** From an instant on, something is so. */
export interface Since<T> {
  readonly at: Instant;
  readonly is: T;
}

export interface Line {
  readonly at: Instant;
  readonly node: string;
  readonly level: string;
  readonly text: string;
}

/** A write that a client was told is done. */
export interface Acknowledged {
  readonly node: string;
  readonly at: Instant;
  readonly timeline: number;
  readonly end: number;
}

export interface PlayHistory {
  /** By node. */
  readonly found: Readonly<Record<string, readonly Since<Found>[]>>;
  /** Who held the leader key; null: nobody did, or the DCS had no majority to say so. */
  readonly holder: readonly Since<string | null>[];
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
  #governor: GovernorState;
  readonly #found = new Map<string, Since<Found>[]>();
  readonly #holder: Since<string | null>[] = [];
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
    const [state, effects] = startGovernor(spec, nodes, seed, this.now);
    this.#governor = state;
    this.#carryOut(effects);
    this.#simulator.scheduleAfter(BEAT, { kind: 'beat' });
  }

  get now(): Instant {
    return this.#simulator.now;
  }

  get servers(): Servers {
    return this.#servers;
  }

  get governor(): GovernorState {
    return this.#governor;
  }

  get history(): PlayHistory {
    return {
      found: Object.fromEntries(this.#found),
      holder: this.#holder,
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
    const leader = this.#governor.dcs.keys.leader?.value;
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
    switch (action.kind) {
      case 'powerOff':
        this.#change(action.node, { status: 'off', clean: false });
        this.#feed({ kind: 'machineOff', node: action.node });
        break;
      case 'powerOn':
        this.#powerOn(action.node);
        break;
      case 'killPostgres':
        if (server(this.#servers, action.node).status !== 'off')
          this.#change(action.node, { status: 'down', clean: false });
        break;
      case 'freezeWalreceiver':
      case 'thawWalreceiver':
        this.#change(action.node, { deaf: action.kind === 'freezeWalreceiver' });
        break;
      case 'isolate':
      case 'rejoin': {
        const works = action.kind === 'rejoin';
        for (const other of this.nodes)
          if (other !== action.node)
            this.#feed({ kind: 'nodeLink', a: action.node, b: other, works });
        this.#linkToDcs(action.node, works);
        if (this.spec.proxy !== null) this.#link(action.node, this.spec.proxy.name, works);
        break;
      }
      case 'cutFromDcs':
      case 'healToDcs':
        this.#linkToDcs(action.node, action.kind === 'healToDcs');
        break;
      case 'write':
        for (const name of primaries(this.#servers)) this.#write(name, action.bytes);
        break;
      default:
        this.#feed(action);
    }
    this.#look();
  }

  #powerOn(name: string): void {
    if (server(this.#servers, name).status !== 'off') return;
    this.#change(name, { status: 'down', deaf: false });
    this.#feed({ kind: 'machineOn', node: name });
  }

  #linkToDcs(node: string, works: boolean): void {
    for (const member of this.spec.dcsMembers) this.#link(node, member, works);
  }

  #link(a: string, b: string, works: boolean): void {
    this.#feed({ kind: works ? 'healLink' : 'cutLink', a, b });
  }

  #change(name: string, change: Parameters<typeof changed>[2]): void {
    this.#servers = changed(this.#servers, name, change);
  }

  readonly #linked = (a: string, b: string): boolean => !this.#governor.cuts.includes(pairOf(a, b));

  #handle(event: Event): void {
    if (event.kind === 'governor') this.#feed(event.event);
    else if (event.kind === 'server') this.#servers = cameTrue(this.#servers, event.change);
    else this.#beat();
    if (event.kind !== 'beat') this.#look();
  }

  #beat(): void {
    this.#servers = streamed(this.#servers, this.#linked);
    const done = primaries(this.#servers).filter((name) => this.#write(name, BYTES_A_WRITE));
    if (done.length > 1) this.#beatsOfTwo += 1;
    this.#look(done);
    this.#clients.look(this.now);
    this.#simulator.scheduleAfter(BEAT, { kind: 'beat' });
  }

  #clientWorld() {
    return {
      proxied: () => {
        const all = Object.entries(this.#governor.proxy?.servers ?? {});
        return all.find(([, { up }]) => up)?.[0] ?? null;
      },
      found: (node: string) => {
        const { status, inRecovery } = server(this.#servers, node);
        // Clients stand where the proxy stands.
        const linked = this.#linked(node, this.spec.proxy?.name ?? 'clients');
        if (status === 'off' || !linked) return 'silent' as const;
        if (status !== 'up') return 'closed' as const;
        return inRecovery ? ('open' as const) : ('writes' as const);
      },
      write: (node: string) => {
        this.#write(node, BYTES_A_WRITE);
        return server(this.#servers, node).wal;
      },
      isConfirmed: (node: string, end: number) =>
        isConfirmed(this.#servers, node, end, this.#linked),
    };
  }

  #write(name: string, bytes: number): boolean {
    const { servers, acknowledged } = written(this.#servers, name, bytes, this.#linked);
    this.#servers = servers;
    const { timeline, wal: end } = server(servers, name);
    if (acknowledged) this.#acknowledged.push({ node: name, at: this.now, timeline, end });
    return acknowledged;
  }

  /** Writes down who is found how, and who holds the key, where that has changed. */
  #look(acknowledged: readonly string[] | null = null): void {
    for (const name of this.nodes) {
      const before = this.#found.get(name)?.at(-1)?.is;
      const is = foundAs(server(this.#servers, name), before, acknowledged?.includes(name) ?? null);
      if (is === before) continue;
      const all = this.#found.get(name) ?? [];
      all.push({ at: this.now, is });
      this.#found.set(name, all);
    }
    const { dcs } = this.#governor;
    const holder = dcs.leader === null ? null : (dcs.keys.leader?.value ?? null);
    const last = this.#holder.at(-1);
    if (last === undefined || last.is !== holder) this.#holder.push({ at: this.now, is: holder });
  }

  #feed(input: GovernorInput): void {
    const [state, effects] = govern(this.#governor, input, this.now, (name) =>
      factsOf(this.#servers, name, this.#linked),
    );
    this.#governor = state;
    this.#carryOut(effects);
  }

  #carryOut(effects: readonly GovernorEffect[]): void {
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: GovernorEffect): void {
    switch (effect.kind) {
      case 'schedule':
        this.#simulator.scheduleAt(effect.at, { kind: 'governor', event: effect.event });
        break;
      case 'postgres': {
        const { servers, later } = obeyed(this.#servers, effect.node, effect.command);
        this.#servers = servers;
        if (later !== null)
          this.#simulator.scheduleAfter(later.wait, { kind: 'server', change: later.change });
        break;
      }
      case 'reset':
        this.#change(effect.node, { status: 'off', clean: false });
        break;
      case 'switchOn':
        this.#powerOn(effect.node);
        break;
      case 'log':
        this.#lines.push({
          ...{ at: this.now, node: effect.node },
          ...{ level: effect.level, text: effect.text },
        });
        break;
      case 'happened':
        this.#happened.push({ at: this.now, words: effect.words });
        break;
      case 'proxy':
        if (effect.closes) this.#clients.closeProxied(effect.node, this.now);
        break;
    }
  }
}

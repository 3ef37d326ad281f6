import {
  DEFAULT_DYNAMIC,
  DEFAULT_LOCAL,
  type DynamicConfiguration,
  type LocalConfiguration,
} from '../../../src/ha/configuration.ts';
import { govern, startGovernor } from '../../../src/ha/governor.ts';
import type {
  GovernorEvent,
  GovernorInput,
  GovernorState,
} from '../../../src/ha/governor-state.ts';
import { DEFAULT_PROXY, type GovernorAction } from '../../../src/ha/ha-port.ts';
import type { Fork, PostgresCommand, PostgresFacts } from '../../../src/ha/postgres-port.ts';
import type { Lsn, TimelineId } from '../../../src/postgres/lsn.ts';
import { parseSynchronousStandbyNames } from '../../../src/postgres/synchronous-standby-names.ts';
import { after, type Instant, ms, seconds } from '../../../src/sim/instant.ts';
import { Simulator } from '../../../src/sim/simulator.ts';

/** How long a write takes in the stand-in, in bytes of WAL, and how often one comes. */
const RECORD = 1000;
const EVERY = ms(100);

interface Server {
  status: PostgresFacts['status'];
  inRecovery: boolean;
  timeline: number;
  wal: number;
  upstream: string | null;
  clean: boolean;
  history: Fork[];
  names: string;
  paused: boolean;
}

type Event =
  | { readonly kind: 'governor'; readonly event: GovernorEvent }
  | { readonly kind: 'server'; readonly change: () => void }
  | { readonly kind: 'tick' };

export interface Acknowledged {
  readonly node: string;
  readonly timeline: number;
  readonly end: number;
  readonly at: number;
}

export interface Options {
  readonly dynamic?: Partial<DynamicConfiguration>;
  readonly local?: Partial<LocalConfiguration>;
  readonly withoutWatchdog?: readonly string[];
  readonly nodes?: readonly string[];
  readonly stopTakes?: number;
}

/** A governed cluster whose servers are a few numbers: enough to see what Patroni does to them, and what is lost. */
export class StandIn {
  readonly log: { readonly at: number; readonly node: string; readonly text: string }[] = [];
  readonly events: { readonly at: number; readonly words: string }[] = [];
  readonly acknowledged: Acknowledged[] = [];
  /** Instants, in seconds, at which more than one server acknowledged writes. */
  readonly twoPrimaries: number[] = [];
  readonly servers: Record<string, Server> = {};
  state: GovernorState;
  readonly #simulator: Simulator<Event>;
  readonly #nodes: readonly string[];
  readonly #stopTakes: number;

  constructor(options: Options = {}) {
    this.#nodes = options.nodes ?? ['node1', 'node2', 'node3'];
    this.#stopTakes = options.stopTakes ?? 0.5;
    this.#simulator = new Simulator((event) => this.#handle(event));
    for (const [index, name] of this.#nodes.entries())
      this.servers[name] = {
        status: 'up',
        inRecovery: index > 0,
        timeline: 1,
        wal: 0x3000000,
        upstream: index > 0 ? (this.#nodes[0] ?? null) : null,
        clean: false,
        history: [],
        names: '',
        paused: false,
      };
    const [state, effects] = startGovernor(
      {
        scope: 'cafe',
        dynamic: { ...DEFAULT_DYNAMIC, ...options.dynamic },
        local: Object.fromEntries(
          this.#nodes.map((node) => [node, { ...DEFAULT_LOCAL, ...options.local }]),
        ),
        dcsMembers: ['etcd1', 'etcd2', 'etcd3'],
        withoutWatchdog: options.withoutWatchdog ?? [],
        proxy: DEFAULT_PROXY,
      },
      this.#nodes,
      7,
      this.#simulator.now,
    );
    this.state = state;
    this.#carryOut(effects);
    this.#simulator.scheduleAfter(EVERY, { kind: 'tick' });
  }

  get now(): number {
    return this.#simulator.now / 1e6;
  }

  run(length: number): void {
    this.#simulator.runUntil(after(this.#simulator.now, seconds(length)));
  }

  /** Lets a time pass, then does something. */
  after(
    length: number,
    ...actions: readonly (GovernorAction | ((cluster: StandIn) => void))[]
  ): this {
    this.run(length);
    for (const action of actions)
      if (typeof action === 'function') action(this);
      else this.feed(action);
    return this;
  }

  feed(input: GovernorInput): void {
    const [state, effects] = govern(this.state, input, this.#simulator.now, (name) =>
      this.#facts(name),
    );
    this.state = state;
    this.#carryOut(effects);
  }

  get leader(): string | null {
    return this.state.dcs.keys.leader?.value ?? null;
  }

  get primaries(): readonly string[] {
    return this.#nodes.filter((name) => {
      const { status, inRecovery } = this.server(name);
      return status === 'up' && !inRecovery;
    });
  }

  server(name: string): Server {
    const server = this.servers[name];
    if (!server) throw new Error(`no server ${name}`);
    return server;
  }

  /** The lines of a node's log since the instant, of all nodes where none is named. */
  said(node: string | null, since = 0): readonly string[] {
    return this.log
      .filter((line) => line.at >= since && (node === null || line.node === node))
      .map(({ text }) => text);
  }

  /** Every process of PostgreSQL dies. */
  kill(name: string): void {
    Object.assign(this.server(name), { status: 'down', clean: false });
  }

  powerOff(name: string): void {
    Object.assign(this.server(name), { status: 'off', clean: false });
    this.feed({ kind: 'machineOff', node: name });
  }

  powerOn(name: string): void {
    this.server(name).status = 'down';
    this.feed({ kind: 'machineOn', node: name });
  }

  /** Cuts a node off from everybody, the DCS included. */
  isolate(name: string, works = false): void {
    for (const other of this.#nodes)
      if (other !== name) this.feed({ kind: 'nodeLink', a: name, b: other, works });
    this.cutFromDcs(name, works);
  }

  cutFromDcs(name: string, works = false): void {
    for (const member of ['etcd1', 'etcd2', 'etcd3'])
      this.feed({ kind: works ? 'healLink' : 'cutLink', a: name, b: member });
  }

  /** Writes that a client was told are done and that are not on the leader's timeline any more. */
  lost(): readonly Acknowledged[] {
    const leader = this.leader;
    if (leader === null) throw new Error('there is no leader');
    const { timeline, history, wal } = this.server(leader);
    return this.acknowledged.filter((write) => {
      if (write.timeline === timeline) return write.end > wal;
      const fork = history.find((one) => one.timeline === write.timeline);
      return fork === undefined || write.end > fork.forkedAt;
    });
  }

  #handle(event: Event): void {
    if (event.kind === 'governor') this.feed(event.event);
    else if (event.kind === 'server') event.change();
    else {
      this.#tick();
      this.#simulator.scheduleAfter(EVERY, { kind: 'tick' });
    }
  }

  #later(length: number, change: () => void): void {
    this.#simulator.scheduleAfter(seconds(length), { kind: 'server', change });
  }

  #tick(): void {
    for (const name of this.#nodes) this.#stream(name);
    const done = this.primaries.filter((name) => this.#write(name));
    if (done.length > 1) this.twoPrimaries.push(this.now);
  }

  #write(name: string): boolean {
    const server = this.server(name);
    server.wal += RECORD;
    for (const other of this.#nodes) this.#stream(other);
    const { names } = parseSynchronousStandbyNames(server.names);
    if (names !== null) {
      const holders = this.#streamers(name).filter(
        (other) =>
          this.server(other).wal >= server.wal &&
          (names.members.includes('*') || names.members.includes(other)),
      );
      if (holders.length < names.numSync) return false;
    }
    const { timeline, wal: end } = server;
    this.acknowledged.push({ node: name, timeline, end, at: this.now });
    return true;
  }

  #streamers(name: string): readonly string[] {
    return this.#nodes.filter((other) => other !== name && this.#streamsFrom(other) === name);
  }

  #streamsFrom(name: string): string | null {
    const server = this.server(name);
    if (server.status !== 'up' || !server.inRecovery || server.upstream === null) return null;
    const upstream = this.server(server.upstream);
    if (!['up', 'stopping'].includes(upstream.status)) return null;
    if (this.state.cuts.includes([name, server.upstream].sort().join('|'))) return null;
    return this.#follows(server, upstream) ? server.upstream : null;
  }

  #follows(server: Server, upstream: Server): boolean {
    if (server.timeline === upstream.timeline) return server.wal <= upstream.wal;
    const fork = upstream.history.find(({ timeline }) => timeline === server.timeline);
    return fork !== undefined && server.wal <= fork.forkedAt;
  }

  #stream(name: string): void {
    const from = this.#streamsFrom(name);
    if (from === null || this.server(name).paused) return;
    const upstream = this.server(from);
    Object.assign(this.server(name), {
      wal: upstream.wal,
      timeline: upstream.timeline,
      history: [...upstream.history],
    });
  }

  #facts(name: string): PostgresFacts {
    const server = this.server(name);
    const { names } = parseSynchronousStandbyNames(server.names);
    const named = (other: string) => names?.members.includes('*') || names?.members.includes(other);
    return {
      status: server.status,
      inRecovery: server.inRecovery,
      timeline: server.timeline as TimelineId,
      walLsn: server.wal as Lsn,
      receiveLsn: server.wal as Lsn,
      replayLsn: server.wal as Lsn,
      streaming: this.#streamsFrom(name) !== null,
      upstream: server.upstream,
      cleanlyShutDown: server.clean,
      history: server.history,
      replication: this.#streamers(name).map((other) => ({
        applicationName: other,
        syncState: named(other) ? (names?.method === 'quorum' ? 'quorum' : 'sync') : 'async',
        writeLsn: this.server(other).wal as Lsn,
        flushLsn: this.server(other).wal as Lsn,
        replayLsn: this.server(other).wal as Lsn,
      })),
      synchronousStandbyNames: server.names,
      synchronousCommit: 'on',
    };
  }

  #carryOut(effects: ReturnType<typeof startGovernor>[1]): void {
    for (const effect of effects) {
      if (effect.kind === 'schedule')
        this.#simulator.scheduleAt(effect.at as Instant, { kind: 'governor', event: effect.event });
      else if (effect.kind === 'log')
        this.log.push({ at: this.now, node: effect.node, text: effect.text });
      else if (effect.kind === 'happened') this.events.push({ at: this.now, words: effect.words });
      else if (effect.kind === 'postgres') this.#obey(effect.node, effect.command);
      else if (effect.kind === 'reset')
        Object.assign(this.server(effect.node), { status: 'off', clean: false });
      else if (effect.kind === 'switchOn') this.powerOn(effect.node);
    }
  }

  #obey(name: string, command: PostgresCommand): void {
    const server = this.server(name);
    switch (command.kind) {
      case 'start':
        if (server.status !== 'down') return;
        server.status = 'starting';
        server.inRecovery = command.as === 'standby';
        if (command.as === 'standby') server.upstream = command.upstream;
        this.#later(0.5, () => {
          if (server.status === 'starting') Object.assign(server, { status: 'up', clean: false });
        });
        break;
      case 'stop':
        if (server.status !== 'up' && server.status !== 'starting') return;
        server.status = 'stopping';
        this.#later(command.mode === 'fast' ? this.#stopTakes : 0.1, () => {
          if (server.status === 'stopping')
            Object.assign(server, { status: 'down', clean: command.mode === 'fast' });
        });
        break;
      case 'promote':
        this.#later(0.3, () => {
          if (server.status !== 'up' || !server.inRecovery) return;
          const fork = { timeline: server.timeline as TimelineId, forkedAt: server.wal as Lsn };
          const newest = Math.max(...this.#nodes.map((other) => this.server(other).timeline));
          Object.assign(server, {
            inRecovery: false,
            history: [...server.history, fork],
            timeline: newest + 1,
            upstream: null,
          });
        });
        break;
      case 'follow':
        server.upstream = command.upstream;
        break;
      case 'rewind':
      case 'reinitialize': {
        const upstream = this.server(command.upstream);
        const { timeline, wal } = upstream;
        Object.assign(server, { timeline, wal, history: [...upstream.history], clean: true });
        Object.assign(server, { inRecovery: true, upstream: command.upstream });
        if (command.kind === 'reinitialize') server.status = 'up';
        break;
      }
      case 'synchronousStandbyNames':
        server.names = command.value;
        break;
      case 'checkpoint':
        break;
    }
  }
}

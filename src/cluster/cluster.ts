import { type Lsn, parseLsn } from '../postgres/lsn.ts';
import { transactionsAt } from '../postgres/record-log.ts';
import { reportedXmin, type StandbyTransaction } from '../postgres/recovery-conflict.ts';
import { replicate, startReplication } from '../postgres/replication.ts';
import type {
  ReplicationEffect,
  ReplicationEvent,
  ReplicationInput,
} from '../postgres/replication-port.ts';
import { type ReplicationState, recordsOf } from '../postgres/replication-state.ts';
import { recoveryView, unsettled } from '../postgres/replication-view.ts';
import { after, type Instant, seconds } from '../sim/instant.ts';
import { Simulator } from '../sim/simulator.ts';
import { Trace } from '../sim/trace.ts';
import { type Action, ActionRefused, type ClusterSpec } from './action.ts';
import { ask } from './ask.ts';
import type { Asked } from './asked.ts';
import { autovacuum, hasAutovacuum } from './autovacuum.ts';
import { BackupDesk } from './backup-desk.ts';
import { checkAction, type Grounds, openSession } from './check-action.ts';
import { ClusterNode } from './cluster-node.ts';
import type { ClusterView, MessageView, StatementView, TraceEvent } from './cluster-view.ts';
import { clusterView } from './draw-view.ts';
import type { FlightEvent } from './flight.ts';
import { Flights } from './flights.ts';
import { leaderOf } from './leader.ts';
import { MessageLog } from './message-log.ts';
import { messages } from './messages.ts';
import { nodeFacts } from './node-facts.ts';
import { autovacuumNaptime, replicationSettings } from './node-settings.ts';
import { serverState } from './server-state.ts';
import type { Session } from './session.ts';
import { applySettings, obey, type SignalReceiver } from './signal-handling.ts';
import type { ServerState, Signal, SqlEngine } from './sql-engine.ts';
import { loadParser } from './sql-text.ts';
import { keepActivities, type Standing } from './standing.ts';
import { streamsInWords, upstreamsOf } from './upstreams.ts';
import { type WalBranch, WalBranches } from './wal-branches.ts';
import { describeAction } from './words.ts';
import { clusterFacts } from './workload/cluster-facts.ts';
import { asStatement } from './workload/modelled-read.ts';
import { whyNoPopulations } from './workload/population.ts';
import { type ClientOptions, type Sent, Workload } from './workload/workload.ts';

type ClusterEvent =
  | { readonly kind: 'replication'; readonly event: ReplicationEvent }
  | { readonly kind: 'flight'; readonly event: FlightEvent }
  | { readonly kind: 'autovacuum'; readonly node: string };

type Promoted = Extract<ReplicationEffect, { kind: 'promoted' }>;

/** How long a new cluster may take until every standby streams. */
const START_LIMIT = seconds(60);

/**
 * A cluster in virtual time: real servers answer SQL, the replication machine decides what travels and when. Everything
 * that happens follows from the spec, its seed, and the actions with their instants.
 */
export class Cluster {
  readonly spec: ClusterSpec;
  readonly #engine: SqlEngine;
  readonly #simulator: Simulator<ClusterEvent>;
  #trace = new Trace<TraceEvent>();
  #messages = new MessageLog();
  readonly #nodes = new Map<string, ClusterNode>();
  readonly #flights: Flights;
  readonly #backups: BackupDesk;
  readonly #workload: Workload;
  readonly #branches: WalBranches;
  readonly #effects: ReplicationEffect[] = [];
  /** Work for the host (booting servers) that must be done before virtual time goes on. */
  readonly #jobs: (() => Promise<void>)[] = [];
  #replication: ReplicationState | null = null;
  #draining = false;
  #lastStanding: Standing | null = null;

  private constructor(spec: ClusterSpec, engine: SqlEngine, clients?: ClientOptions) {
    this.spec = spec;
    this.#engine = engine;
    const { walStart } = spec;
    const template =
      walStart === undefined ? engine.template : engine.templateAt(parseLsn(walStart));
    this.#branches = new WalBranches(template);
    const facts = clusterFacts({
      wal: (name) => this.#branchOf(name).wal,
      primary: () => this.#leader(),
      node: (name) => this.#node(name),
      replayedTo: (name) => recoveryView(this.#state, name).replayLsn,
    });
    this.#workload = new Workload(spec.populations ?? [], spec.seed, facts, clients);
    this.#simulator = new Simulator((event) => this.#handle(event));
    this.#flights = new Flights({
      now: () => this.now,
      node: (name) => this.#node(name),
      feed: (input) => this.#feed(input),
      schedule: (at, event) => this.#simulator.scheduleAt(at, { kind: 'flight', event }),
      job: (job) => this.#jobs.push(job),
      publish: () => this.#publish(),
      trace: (event) => this.#trace.append(event),
    });
    this.#backups = this.#backupDesk();
  }

  #backupDesk(): BackupDesk {
    return new BackupDesk({
      engine: this.#engine,
      branches: this.#branches,
      nodes: this.spec.nodes,
      seed: this.spec.seed,
      now: () => this.now,
      state: () => this.#state,
      node: (name) => this.#node(name),
      feed: (input) => this.#feed(input),
      note: (kind, node, words, facts) => this.#note(kind, node, words, facts),
      flushNewWal: (node) => this.#signalReceiver().flushNewWal(node),
      ask: (node, sql) => this.ask(node, sql),
      send: (node, session, sql) => this.#flights.send(node, session, sql),
    });
  }

  /** Boots the primary, runs the setup on it, lets every standby connect and replay all, and then its clients in. */
  static async open(
    spec: ClusterSpec,
    engine: SqlEngine,
    clients?: ClientOptions,
  ): Promise<Cluster> {
    await loadParser();
    const why = whyNoPopulations(spec.populations ?? [], spec.nodes);
    if (why !== null) throw new ActionRefused(why);
    const cluster = new Cluster(spec, engine, clients);
    await cluster.#start();
    cluster.#workload.begin(clients?.since ?? cluster.now);
    return cluster;
  }

  get now(): Instant {
    return this.#simulator.now;
  }

  get statements(): readonly StatementView[] {
    return this.#flights.statements;
  }

  get trace(): readonly TraceEvent[] {
    return this.#trace.entries;
  }

  /** The requests of its clients, in order of sending. */
  get sent(): readonly Sent[] {
    return this.#workload.sent;
  }

  /** Messages between nodes that have arrived or been lost, in that order: those from place `first` on. */
  messagesFrom(first: number): readonly MessageView[] {
    return this.#messages.from(first, this.#state.branches);
  }

  /** What two runs must have in common to be the same run. */
  hashes(): { readonly trace: string; readonly wal: string } {
    return { trace: this.#trace.hash, wal: this.#branches.hash() };
  }

  view(): ClusterView {
    const commits = this.#flights.waitingCommits();
    const { views } = this.#workload;
    return clusterView(this.now, this.#state, [...this.#nodes.values()], commits, views);
  }

  /** In force on the primary; empty where there is none. */
  get synchronousStandbyNames(): string {
    const primary = leaderOf(this.#replication, this.#nodes.values());
    return primary?.settings.synchronous_standby_names ?? '';
  }

  /** Why not every standby has replayed all that its upstream flushed, or null. Those that cannot do not count. */
  unsettled(): string | null {
    return unsettled(this.#state);
  }

  nextEventAt(): Instant | null {
    this.#workload.hear(this.statements);
    const client = this.#workload.nextAt();
    const { nextAt, now } = this.#simulator;
    if (client === null || (nextAt !== null && nextAt <= client)) return nextAt;
    return client < now ? now : client;
  }

  /**
   * Does something to the cluster now, behind everything that happens at this instant by itself: so the order does not
   * depend on who drives. Throws ActionRefused, and then nothing has changed.
   */
  async act(action: Action): Promise<void> {
    await this.advance(this.now);
    if (action.kind === 'sql' && this.#workload.has(action.node, action.session))
      throw new ActionRefused(
        `session "${action.session}" of ${action.node} belongs to a client: open one of your own`,
      );
    await this.#do(action);
  }

  async #do(action: Action): Promise<void> {
    checkAction(action, this.#grounds());
    this.#note(action.kind, 'node' in action ? action.node : null, describeAction(action), {
      ...action,
    });
    switch (action.kind) {
      case 'sql':
        this.#flights.send(action.node, action.session, action.sql);
        break;
      case 'cancel':
        this.#flights.cancel(openSession(this.#grounds().node, action));
        break;
      case 'terminate':
        this.#flights.terminate(openSession(this.#grounds().node, action));
        break;
      case 'clients':
        this.#workload.setPace(action.population, action.pace, this.now);
        break;
      case 'baseBackup':
        this.#node(action.node).copied();
        this.#feed({ ...action, bytes: this.#node(action.upstream).prepareBackup() });
        break;
      case 'backup':
      case 'restore':
      case 'verifyBackup':
      case 'damageBackup':
      case 'copyTable':
        await this.#backups.do(action);
        break;
      case 'follow':
        this.#node(action.node).setUpstream(action.upstream);
        if (this.#state.nodes[action.node]?.upstream === null)
          this.#feed({ ...action, kind: 'becomeStandby' });
        else this.#feed(action);
        break;
      case 'rewind':
        this.#node(action.node).setUpstream(action.upstream);
        this.#feed(action);
        break;
      case 'stop':
        this.#stop(this.#node(action.node));
        break;
      case 'start':
        applySettings(this.#node(action.node), this.#signalReceiver());
        this.#feed(action);
        break;
      default:
        this.#feed(action);
    }
    await this.#doJobs();
  }

  /** Lets everything up to and including an instant happen. */
  async advance(until: Instant): Promise<void> {
    await this.#doJobs();
    for (let next = this.nextEventAt(); next !== null && next <= until; next = this.nextEventAt()) {
      if (next === this.#simulator.nextAt) this.#simulator.step();
      else await this.#letClientSend(next);
      if (this.#jobs.length > 0) await this.#doJobs();
    }
    this.#simulator.runUntil(until);
  }

  /** A client's request comes behind everything else that happens at its instant, as whatever is done from outside. */
  async #letClientSend(at: Instant): Promise<void> {
    this.#simulator.runUntil(at);
    const due = this.#workload.take(at, this.statements.length);
    if (!due) return;
    const { session, turn } = due;
    if (turn.kind === 'request') {
      const { node, sql } = turn.request;
      await this.#do({ kind: 'sql', node, session, sql });
      return;
    }
    const { read, event } = turn;
    if (read) this.#flights.statements.push(asStatement(this.statements.length, session, read, at));
    if (event) this.#note(event.kind, event.node, event.words, event.facts);
  }

  /** How the cluster stands now, to be asked of later. */
  standing(): Standing {
    const before = this.#lastStanding;
    const nodes = [...this.#nodes.values()].map((node) => {
      const known = before?.nodes[node.name]?.activities;
      return [
        node.name,
        node.standing(keepActivities(known, this.#flights.activities(node.name))),
      ] as const;
    });
    this.#lastStanding = {
      at: this.now,
      replication: this.#state,
      branches: this.#branches.marks(),
      nodes: Object.fromEntries(nodes),
    };
    return this.#lastStanding;
  }

  /** What a node answers to one who only reads, now or as it stood. No part of the run: nothing of the run changes by it. */
  async ask(node: string, sql: string, asOf?: Standing, at = this.now): Promise<Asked> {
    return ask(this.#node(node), asOf ?? this.standing(), at, sql);
  }

  close(): void {
    for (const node of this.#nodes.values()) node.stop();
  }

  async #start(): Promise<void> {
    const { nodes, settings, seed, setup = [] } = this.spec;
    const upstreams = upstreamsOf(this.spec);
    for (const [index, name] of nodes.entries()) {
      const upstream = upstreams.get(name) ?? null;
      const role = upstream === null ? 'primary' : 'standby';
      const conninfo =
        upstream === null ? {} : { primary_conninfo: `host=${upstream} application_name=${name}` };
      const own = { ...conninfo, cluster_name: name, ...settings[name] };
      replicationSettings(own);
      const node = new ClusterNode(name, role, own, seed + index, this.#environment());
      node.accepting = !this.#isSpare(name);
      this.#nodes.set(name, node);
    }
    const primary = this.#node(nodes[0] ?? '');
    await primary.boot();
    const signals: Signal[] = [];
    for (const sql of setup) {
      const { error, signals: heard } = primary.live.runApart(sql);
      signals.push(...heard);
      if (error)
        throw new ActionRefused(`the setup of this cluster failed: ${error.message} (in: ${sql})`);
    }
    const { wal } = this.#branches.at(0);
    wal.takeWritten();
    wal.publish();
    const [replication, effects] = startReplication({
      nodes: nodes.map((name) => ({
        name,
        upstream: upstreams.get(name) ?? null,
        settings: replicationSettings(this.#node(name).settings),
        isSpare: this.#isSpare(name),
        walVolumeSize: this.spec.walVolumes?.[name] ?? Number.POSITIVE_INFINITY,
      })),
      start: wal.scannedTo,
      checkpoint: primary.live.server.checkpoint(),
      transactions: wal.transactions,
      seed,
      ...(this.spec.linkDelay === undefined ? {} : { linkDelay: this.spec.linkDelay }),
    });
    this.#replication = replication;
    // Slots that the setup made: the standbys that connect in a moment may name them.
    for (const signal of signals) obey(signal, primary.name, this.#signalReceiver());
    this.#drain(effects);
    while (unsettled(this.#state) !== null && this.now < START_LIMIT) this.#simulator.step();
    if (unsettled(this.#state) !== null)
      throw new Error(`the cluster does not settle: ${unsettled(this.#state)}`);
    this.#trace = new Trace();
    this.#messages = new MessageLog();
    this.#note(
      'ready',
      null,
      streamsInWords(new Map([...upstreams].filter(([name]) => !this.#isSpare(name)))),
      {},
    );
    if (hasAutovacuum(primary.settings)) this.#planAutovacuum(primary);
  }

  #isSpare(name: string): boolean {
    return this.spec.spares?.includes(name) ?? false;
  }

  #planAutovacuum({ name, settings }: ClusterNode): void {
    const at = after(this.now, autovacuumNaptime(settings));
    this.#simulator.scheduleAt(at, { kind: 'autovacuum', node: name });
  }

  /** The autovacuum launcher of a primary wakes. */
  #autovacuum(name: string): void {
    const node = this.#node(name);
    if (node.role === 'standby') return;
    this.#planAutovacuum(node);
    if (!node.accepting) return;
    for (const { words, ...facts } of autovacuum(node.live, node.settings))
      this.#note(
        'autovacuum',
        node.name,
        `automatic vacuum of table "${facts.table}": ${words}`,
        facts,
      );
    this.#publish();
  }

  #environment() {
    return {
      engine: this.#engine,
      branchOf: (node: string, index?: number) =>
        index === undefined ? this.#branchOf(node) : this.#branches.at(index),
      workCost: this.spec.work ?? null,
      now: () => this.now,
      stateFor: (node: string, session: Session | null) => this.#stateFor(node, session),
      replayedTo: (node: string) => recoveryView(this.#state, node).replayLsn,
      transactionsAt: (node: string) => {
        const facts = transactionsAt(
          recordsOf(this.#state, node),
          recoveryView(this.#state, node).replayLsn,
        );
        // The locks of transactions that had not ended are let go with the end of recovery.
        return this.#node(node).role === 'primary' ? { ...facts, locks: [] } : facts;
      },
      locksAwaited: (node: string) => recoveryView(this.#state, node).conflict?.relations ?? [],
      transactionsChanged: (node: string, transactions: readonly StandbyTransaction[]) => {
        if (this.#state.nodes[node]?.status === 'up')
          this.#feed({ kind: 'standbyTransactions', node, transactions });
      },
      reportedXmin: (node: string) => {
        const own = this.#replication?.nodes[node];
        return own === undefined ? null : reportedXmin(own);
      },
      fsyncTime: (node: string) => this.#state.nodes[node]?.disk.fsyncTime ?? 0,
      standbysNamed: (node: string) =>
        this.#state.nodes[node]?.settings.synchronousStandbyNames != null,
      checkpointDue: (node: string) => this.#state.nodes[node]?.checkpointer.asked != null,
      restartpoint: (node: string) => this.#feed({ kind: 'restartpoint', node }),
      queueBefore: (node: string, session: Session) => this.#flights.queueBefore(node, session),
      retryLocks: (node: string) => this.#flights.retryLocks(node),
      signal: (node: string, signal: Signal) => obey(signal, node, this.#signalReceiver()),
      archivedUpTo: (node: string, end: Lsn) =>
        (this.#state.nodes[node]?.archiver.next ?? 0) >= end,
      flushSoon: (node: string, upTo: Lsn) => {
        this.#publish();
        this.#flights.flushSoon(node, upTo);
      },
    };
  }

  get #state(): ReplicationState {
    if (this.#replication === null) throw new Error('the cluster has not started');
    return this.#replication;
  }

  #node(name: string): ClusterNode {
    const node = this.#nodes.get(name);
    if (node) return node;
    throw new ActionRefused(
      `there is no node "${name}"; the nodes are ${this.spec.nodes.join(', ')}`,
    );
  }

  #branchOf(name: string): WalBranch {
    return this.#branches.at(this.#replication?.nodes[name]?.branch ?? 0);
  }

  #leader(): ClusterNode {
    return (
      leaderOf(this.#replication, this.#nodes.values()) ?? this.#node(this.spec.nodes[0] ?? '')
    );
  }

  #grounds(): Grounds {
    return {
      node: (name) => this.#node(name),
      state: this.#state,
      flights: this.#flights,
      workload: this.#workload,
      backups: this.#backups,
    };
  }

  #signalReceiver(): SignalReceiver {
    return {
      node: (name) => this.#node(name),
      has: (name) => this.#nodes.has(name),
      state: this.#state,
      flights: this.#flights,
      feed: (input) => this.#feed(input),
      note: (kind, node, words) => this.#note(kind, node, words, {}),
      flushNewWal: (node) => {
        this.#publish();
        this.#flights.flushSoon(node, this.#branchOf(node).wal.scannedTo);
      },
    };
  }

  #handle(event: ClusterEvent): void {
    if (event.kind === 'replication') this.#feed(event.event);
    else if (event.kind === 'autovacuum') this.#autovacuum(event.node);
    else this.#flights.handle(event.event);
  }

  #feed(input: ReplicationInput): void {
    const [state, effects] = replicate(this.#state, input, this.now);
    this.#replication = state;
    this.#drain(effects);
  }

  /** Effects in order, each to its end: what one of them sets off waits its turn. */
  #drain(effects: readonly ReplicationEffect[]): void {
    this.#effects.push(...effects);
    if (this.#draining) return;
    this.#draining = true;
    for (let effect = this.#effects.shift(); effect; effect = this.#effects.shift())
      this.#carryOut(effect);
    this.#draining = false;
  }

  #carryOut(effect: ReplicationEffect): void {
    switch (effect.kind) {
      case 'schedule':
        this.#simulator.scheduleAt(effect.at, { kind: 'replication', event: effect.event });
        break;
      case 'recoveryConflict': {
        const { node, vxid, reason } = effect;
        const { standby } = this.#node(node);
        const session = standby.sessionOf(vxid);
        if (session && this.#flights.conflict(session, reason)) standby.countConflict(reason);
        break;
      }
      case 'flushed':
        this.#flights.wake(effect.request);
        break;
      case 'released':
        this.#flights.wake(effect.waiter);
        break;
      case 'stopped':
        this.#stopped(effect.node, effect.keptUpTo, effect.panic);
        break;
      case 'started':
        this.#started(effect.node);
        break;
      case 'demoted':
        this.#node(effect.node).role = 'standby';
        break;
      case 'promoted':
        this.#promoted(effect);
        break;
      case 'switchWal':
        this.#node(effect.node).switchWal();
        break;
      case 'checkpointDue':
        this.#node(effect.node).checkpointIfDue(effect.patient);
        this.#publish();
        break;
      case 'checkpointWritten':
        this.#node(effect.node).keepBase();
        break;
      case 'walRemoved':
        this.#node(effect.node).removeWalBefore(effect.before);
        break;
      case 'arrived':
        this.#messages.append(effect.from, effect.to, effect.messages, this.now);
        break;
      case 'lost':
        this.#messages.append(effect.from, effect.to, effect.messages, null);
        break;
      case 'happened': {
        const { event, node, words, facts } = effect;
        this.#note(event, node, words, facts);
        if (event === 'walReplayed') this.#flights.retryLocks(node);
        break;
      }
    }
  }

  #stopped(name: string, keptUpTo: Lsn, panic: string | null): void {
    const node = this.#node(name);
    this.#flights.lose(name, panic === null ? null : messages.noSpace(panic));
    node.stop();
    if (node.role !== 'primary') return;
    const { wal, bases } = this.#branchOf(name);
    wal.cut(keptUpTo);
    bases.cut(keptUpTo);
  }

  #started(name: string): void {
    const node = this.#node(name);
    node.startedAt = this.now;
    if (node.role === 'standby') {
      node.accepting = true;
      return;
    }
    this.#jobs.push(async () => {
      await node.boot();
      this.#publish();
      this.#flights.flushSoon(name, this.#branchOf(name).wal.scannedTo);
    });
  }

  /** A fast shutdown: sessions are ended, a primary's server writes its last checkpoint. */
  #stop(node: ClusterNode): void {
    for (const session of [...node.sessions.values()]) this.#flights.terminate(session);
    node.prepareStop();
    this.#publish();
    if (node.role === 'primary')
      this.#flights.flushSoon(node.name, this.#branchOf(node.name).wal.scannedTo);
    this.#feed({ kind: 'stop', node: node.name });
  }

  #promoted({ node: name, parent, forkedAt, timeline }: Promoted): void {
    const node = this.#node(name);
    this.#branches.fork(parent, forkedAt, timeline);
    this.#jobs.push(async () => {
      await node.promote(timeline);
      this.#flights.retryLocks(name);
      this.#publish();
      this.#flights.flushSoon(name, this.#branchOf(name).wal.scannedTo);
      if (hasAutovacuum(node.settings)) this.#planAutovacuum(node);
    });
  }

  async #doJobs(): Promise<void> {
    for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) await job();
  }

  /** Tells the processes of each primary's new records, once these say what they must. */
  #publish(): void {
    for (const { name, role } of this.#nodes.values())
      if (role === 'primary') this.#publishOf(name);
  }

  #publishOf(node: string): void {
    const records = this.#branchOf(node).wal.publish();
    if (records.length === 0) return;
    this.#feed({ kind: 'walInserted', node, records });
    // XLogSetAsyncXactLSN: what ends a transaction is flushed in time, whoever waits; other records only with it.
    const last = records.findLast(({ commit }) => commit !== null);
    if (last) this.#feed({ kind: 'asyncCommit', node, lsn: last.end });
  }

  #stateFor(name: string, session: Session | null): ServerState {
    const node = this.#node(name);
    const { startedAt, hidden } = node;
    const activities = this.#flights.activities(name);
    const stood = { startedAt, activities, hidden, conflicts: node.standby.conflicts };
    const facts = nodeFacts(name, this.#replication, stood, this.now);
    return serverState(facts, session);
  }

  #note(kind: string, node: string | null, words: string, facts: TraceEvent['facts']): void {
    this.#trace.append({ at: this.now, kind, node, words, facts });
  }
}

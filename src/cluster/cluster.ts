import { parseLsn } from '../postgres/lsn.ts';
import { replicate } from '../postgres/replication.ts';
import type { ReplicationEffect, ReplicationInput } from '../postgres/replication-port.ts';
import type { ReplicationState } from '../postgres/replication-state.ts';
import { recoveryView, unsettled } from '../postgres/replication-view.ts';
import { after, type Instant, seconds } from '../sim/instant.ts';
import { Simulator } from '../sim/simulator.ts';
import { Trace } from '../sim/trace.ts';
import { type Action, ActionRefused, type ClusterSpec } from './action.ts';
import { ask } from './ask.ts';
import type { Asked } from './asked.ts';
import { hasAutovacuum } from './autovacuum.ts';
import { planAutovacuum, wakeAutovacuum } from './autovacuum-launcher.ts';
import { BackupDesk } from './backup-desk.ts';
import { checkAction, type Grounds, openSession } from './check-action.ts';
import type { ClusterNode } from './cluster-node.ts';
import type { ClusterEvent, ClusterParts } from './cluster-parts.ts';
import type { ClusterView, MessageView, StatementView, TraceEvent } from './cluster-view.ts';
import { clusterView } from './draw-view.ts';
import { carryOut } from './effects.ts';
import { Flights } from './flights.ts';
import { foundByClients, Governed } from './governed.ts';
import { isGovernedAction } from './governed-action.ts';
import { leaderOf } from './leader.ts';
import { MessageLog } from './message-log.ts';
import { beginReplication, bootPrimary, isSpare, newNodes } from './new-cluster.ts';
import { followNode, renewNode, rewindNode, startServer, stopServer } from './operator.ts';
import { obey } from './signal-handling.ts';
import type { SqlEngine } from './sql-engine.ts';
import { loadParser } from './sql-text.ts';
import { keepActivities, type Standing } from './standing.ts';
import { streamsInWords, upstreamsOf } from './upstreams.ts';
import { type WalBranch, WalBranches } from './wal-branches.ts';
import { describeAction } from './words.ts';
import { clusterFacts } from './workload/cluster-facts.ts';
import { asStatement } from './workload/modelled-read.ts';
import { whyNoPopulations } from './workload/population.ts';
import { type ClientOptions, type Sent, Workload } from './workload/workload.ts';

/** How long a new cluster may take until every standby streams. */
const START_LIMIT = seconds(60);
/** What has governed a new cluster for so long has come to rest: three turns of Patroni's loop by default. */
const GOVERNED_FOR = seconds(32);

/**
 * A cluster in virtual time: real servers answer SQL, the replication machine decides what travels and when. Everything
 * that happens follows from the spec, its seed, and the actions with their instants.
 */
export class Cluster {
  readonly spec: ClusterSpec;
  readonly #simulator: Simulator<ClusterEvent>;
  #trace = new Trace<TraceEvent>();
  #messages = new MessageLog();
  readonly #nodes = new Map<string, ClusterNode>();
  readonly #flights: Flights;
  readonly #backups: BackupDesk;
  readonly #workload: Workload;
  readonly #branches: WalBranches;
  readonly #parts: ClusterParts;
  #governed: Governed | null = null;
  readonly #effects: ReplicationEffect[] = [];
  /** Work for the host (booting servers) that must be done before virtual time goes on. */
  readonly #jobs: (() => Promise<void>)[] = [];
  #replication: ReplicationState | null = null;
  #draining = false;
  #lastStanding: Standing | null = null;

  private constructor(spec: ClusterSpec, engine: SqlEngine, clients?: ClientOptions) {
    this.spec = spec;
    const { walStart } = spec;
    const template =
      walStart === undefined ? engine.template : engine.templateAt(parseLsn(walStart));
    const branches = new WalBranches(template);
    this.#branches = branches;
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
    this.#parts = this.#newParts(engine);
    const facts = clusterFacts({
      wal: (name) => this.#branchOf(name).wal,
      primary: () => this.#leader(),
      node: (name) => this.#node(name),
      replayedTo: (name) => recoveryView(this.#state, name).replayLsn,
      ways: {
        proxied: () => this.#governed?.proxied() ?? null,
        found: (name) => foundByClients(name, this.#parts, this.#governed),
      },
    });
    this.#workload = new Workload(spec.populations ?? [], spec.seed, facts, clients);
    this.#backups = new BackupDesk({
      ...{ engine, branches, nodes: spec.nodes, seed: spec.seed },
      now: () => this.now,
      state: () => this.#state,
      node: (name) => this.#node(name),
      feed: (input) => this.#feed(input),
      note: (kind, node, words, facts) => this.#note(kind, node, words, facts),
      flushNewWal: (node) => this.#parts.flushNewWal(node),
      ask: (node, sql) => this.ask(node, sql),
      send: (node, session, sql) => this.#flights.send(node, session, sql),
    });
  }

  #newParts(engine: SqlEngine): ClusterParts {
    const cluster = this;
    return {
      ...{ spec: this.spec, engine, branches: this.#branches, nodes: this.#nodes },
      flights: this.#flights,
      get messages() {
        return cluster.#messages;
      },
      get state() {
        return cluster.#state;
      },
      get stateIfAny() {
        return cluster.#replication;
      },
      now: () => this.now,
      node: (name) => this.#node(name),
      has: (name) => this.#nodes.has(name),
      branchOf: (name) => this.#branchOf(name),
      feed: (input) => this.#feed(input),
      schedule: (at, event) => this.#simulator.scheduleAt(at, event),
      job: (work) => this.#jobs.push(work),
      publish: () => this.#publish(),
      flushNewWal: (node) => {
        this.#publish();
        this.#flights.flushSoon(node, this.#branchOf(node).wal.scannedTo);
      },
      note: (kind, node, words, facts = {}) => this.#note(kind, node, words, facts),
    };
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
    const governor = this.#governed?.view() ?? null;
    return clusterView(this.now, this.#state, [...this.#nodes.values()], commits, views, governor);
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
        renewNode(action.node, action.upstream, this.#parts);
        break;
      case 'backup':
      case 'restore':
      case 'verifyBackup':
      case 'damageBackup':
      case 'copyTable':
        await this.#backups.do(action);
        break;
      case 'follow':
        followNode(action.node, action.upstream, this.#parts);
        break;
      case 'rewind':
        rewindNode(action.node, action.upstream, true, this.#parts);
        break;
      case 'stop':
        stopServer(action.node, this.#parts);
        break;
      case 'start':
        startServer(action.node, this.#parts);
        break;
      default:
        if (!isGovernedAction(action)) this.#feed(action);
    }
    this.#governed?.acted(action);
    await this.#doJobs();
  }

  /** Lets everything up to and including an instant happen. */
  async advance(until: Instant): Promise<void> {
    await this.#doJobs();
    for (let next = this.nextEventAt(); next !== null && next <= until; next = this.nextEventAt()) {
      if (next === this.#simulator.nextAt) this.#simulator.step();
      else await this.#letClientSend(next);
      this.#governed?.chronicle();
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
      const { node, sql, connects } = turn.request;
      const known = this.#node(node).sessions.get(session);
      if (connects && known?.ended) this.#node(node).close(known);
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
    const parts = this.#parts;
    for (const node of newNodes(parts)) this.#nodes.set(node.name, node);
    const primary = this.#node(this.spec.nodes[0] ?? '');
    const signals = await bootPrimary(primary, this.spec);
    const [replication, effects] = beginReplication(primary, parts);
    this.#replication = replication;
    // Slots that the setup made: the standbys that connect in a moment may name them.
    for (const signal of signals) obey(signal, primary.name, parts);
    this.#drain(effects);
    while (unsettled(this.#state) !== null && this.now < START_LIMIT) this.#simulator.step();
    if (unsettled(this.#state) !== null)
      throw new Error(`the cluster does not settle: ${unsettled(this.#state)}`);
    await this.#beginGoverning();
    this.#trace = new Trace();
    this.#messages = new MessageLog();
    const streaming = [...upstreamsOf(this.spec)].filter(([name]) => !isSpare(this.spec, name));
    this.#note('ready', null, streamsInWords(new Map(streaming)), {});
    if (hasAutovacuum(primary.settings)) planAutovacuum(primary.name, parts);
  }

  /** Its Patronis have made their first turns, and agree, before anybody looks. */
  async #beginGoverning(): Promise<void> {
    const { governor } = this.spec;
    if (governor == null) return;
    this.#governed = new Governed(governor, this.#parts, this.#workload);
    await this.advance(after(this.now, GOVERNED_FOR));
    this.#governed.beginChronicle();
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
      governor: this.#governed?.governance.state ?? null,
    };
  }

  #handle(event: ClusterEvent): void {
    if (event.kind === 'replication') this.#feed(event.event);
    else if (event.kind === 'autovacuum') wakeAutovacuum(event.node, this.#parts);
    else if (event.kind === 'governor') this.#governed?.handle(event.event);
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
      carryOut(effect, this.#parts);
    this.#draining = false;
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

  #note(kind: string, node: string | null, words: string, facts: TraceEvent['facts']): void {
    this.#trace.append({ at: this.now, kind, node, words, facts });
  }
}

import { type Action, ActionRefused } from '../../../src/cluster/action.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { NodeView, StandbyView, StatementView } from '../../../src/cluster/cluster-view.ts';
import type { SqlEngine } from '../../../src/cluster/sql-engine.ts';
import { after, type Instant, ms, seconds } from '../../../src/sim/instant.ts';
import { Prng } from '../../../src/sim/prng.ts';
import { type Acknowledgement, brokenBy, type Promotion } from '../../../src/soak/invariants.ts';
import { forksOf, HISTORY_FILES, promotionsIn } from '../../../src/soak/timelines.ts';

const NODES = ['primary', 'standby1', 'standby2'] as const;
const NAMES = ['', 'ANY 1 (*)', 'FIRST 1 (*)', 'ANY 2 (*)'] as const;

/** Who takes over: the standby that has received most, as it should be, or the one that has received least. */
export type Choice = 'foremost' | 'hindmost';

/** What a run is: all of it follows from the seed. */
export interface Night {
  readonly seed: number;
  readonly choice: Choice;
}

const FAILOVERS = 3;
const TICK = ms(100);
/** Between two losses of the leader. */
const TROUBLE_TICKS = 25;
/** A walreceiver that finds nobody tries again after 5 s; the rest is replay. */
const CONVERGENCE = seconds(60);
const PATIENCE = seconds(120);

interface Write {
  readonly id: number;
  readonly node: string;
}

/**
 * Writes by many clients while links, disks and processes fail and the leader is lost three times over: killed, without power,
 * shut down or cut off. Each time an operator promotes a standby, lets the other one follow, and brings the old leader back.
 * Says what was broken, in words; null where nothing was.
 */
export async function night({ seed, choice }: Night, engine: SqlEngine): Promise<string | null> {
  const random = Prng.seeded(seed).fork('night');
  const names = random.pick(NAMES);
  const own = { synchronous_standby_names: names, wal_sender_timeout: '3s', wal_keep_size: '16MB' };
  const cluster = await Cluster.open(
    {
      nodes: NODES,
      seed,
      settings: Object.fromEntries(NODES.map((name) => [name, own])),
      setup: ['create table payments (id int primary key)'],
    },
    engine,
  );
  try {
    const operator = new Operator(cluster, random, choice, names !== '');
    for (let round = 0; round < FAILOVERS; round++) {
      await operator.live(TROUBLE_TICKS, true);
      await operator.failOver();
    }
    await operator.heal();
    const healed = { at: cluster.now, bound: seconds(30) };
    await operator.live(TROUBLE_TICKS, false);
    await cluster.advance(after(cluster.now, CONVERGENCE));
    const broken = brokenBy({
      ...operator.facts(),
      forks: forksOf(await operator.historyFiles()),
      kept: new Set((await operator.payments(operator.leader)).split(',').map(Number)),
      promisesDurability: names !== '',
      healed,
      until: cluster.now,
    });
    if (broken[0]) return `${broken[0].invariant}: ${broken[0].words}`;
    return await operator.differences();
  } finally {
    cluster.close();
  }
}

class Operator {
  readonly #cluster: Cluster;
  readonly #random: Prng;
  readonly #choice: Choice;
  /** A leader that nobody hears can acknowledge nothing. */
  readonly #waitsForStandbys: boolean;
  readonly #writes = new Map<number, Write>();
  #leader: string = NODES[0];

  constructor(cluster: Cluster, random: Prng, choice: Choice, waitsForStandbys: boolean) {
    this.#cluster = cluster;
    this.#random = random;
    this.#choice = choice;
    this.#waitsForStandbys = waitsForStandbys;
  }

  get leader(): string {
    return this.#leader;
  }

  /** Clients write, and with `trouble` something befalls the cluster now and then. */
  async live(ticks: number, trouble: boolean): Promise<void> {
    for (let tick = 0; tick < ticks; tick++) {
      if (this.#random.chance(0.5)) await this.#write();
      if (trouble && this.#random.chance(0.2)) await this.#attempt(this.#fault());
      await this.#cluster.advance(after(this.#cluster.now, TICK));
    }
  }

  async #write(): Promise<void> {
    const id = this.#writes.size + 1;
    const statement = this.#cluster.statements.length;
    const [node, session] = [this.#leader, `client ${id}`];
    this.#writes.set(statement, { id, node });
    const sql = `insert into payments values (${id})`;
    await this.#attempt({ kind: 'sql', node, session, sql });
  }

  /** What makes no sense now is left out. */
  async #attempt(action: Action): Promise<void> {
    try {
      await this.#cluster.act(action);
    } catch (error) {
      if (!(error instanceof ActionRefused)) throw error;
    }
  }

  #fault(): Action {
    const random = this.#random;
    const node = random.pick(this.#others());
    const link = { a: this.#leader, b: node };
    const process = random.pick(['walreceiver', 'startup'] as const);
    return random.pick<Action>([
      { kind: 'freeze', node, process },
      { kind: 'thaw', node, process },
      { kind: 'cut', ...link },
      { kind: 'heal', ...link },
      { kind: 'delay', ...link, delay: ms(random.below(400)) },
      { kind: 'loss', ...link, ratio: random.below(30) / 100 },
      { kind: 'fsync', node: random.pick(NODES), time: ms(random.below(100)) },
      { kind: 'replayRate', node, bytesPerSecond: 1_000 + random.below(100_000) },
    ]);
  }

  #others(): readonly string[] {
    return NODES.filter((name) => name !== this.#leader);
  }

  async failOver(): Promise<void> {
    const old = this.#leader;
    await this.#loseLeader();
    await this.live(this.#random.between(1, 15), false);
    await this.#calm(this.#others());
    // What they have received is flushed, and what is on its way has arrived: else one could come to be ahead of the elected.
    await this.live(10, false);
    await this.#promote(this.#elected());
    for (const node of this.#others())
      if (node !== old) await this.#attempt({ kind: 'follow', node, upstream: this.#leader });
    await this.live(this.#random.between(0, 10), false);
    await this.#bringBack(old);
  }

  /** It is killed, loses its power, is shut down, or nobody hears it any more. */
  async #loseLeader(): Promise<void> {
    const node = this.#leader;
    const ways = ['kill', 'powerOff', 'stop'] as const;
    const way = this.#random.pick(this.#waitsForStandbys ? ([...ways, 'cut'] as const) : ways);
    if (way === 'cut')
      for (const b of this.#others()) await this.#attempt({ kind: way, a: node, b });
    else await this.#attempt({ kind: way, node });
    // A fast shutdown that waits for a standby in vain is over with SIGKILL.
    if (way === 'stop') {
      await this.live(10, false);
      await this.#attempt({ kind: 'kill', node });
    }
  }

  async #calm(nodes: readonly string[]): Promise<void> {
    for (const node of nodes) {
      for (const process of ['walreceiver', 'startup'] as const)
        await this.#attempt({ kind: 'thaw', node, process });
      await this.#attempt({ kind: 'fsync', node, time: ms(0.4) });
      await this.#attempt({ kind: 'replayRate', node, bytesPerSecond: Number.POSITIVE_INFINITY });
    }
    const [a, b] = nodes;
    if (a && b) await this.#healLink(a, b);
  }

  async #healLink(a: string, b: string): Promise<void> {
    await this.#attempt({ kind: 'heal', a, b });
    await this.#attempt({ kind: 'delay', a, b, delay: ms(5) });
    await this.#attempt({ kind: 'loss', a, b, ratio: 0 });
  }

  /** Everything is well again. */
  async heal(): Promise<void> {
    await this.#calm(NODES);
    for (const node of this.#others()) await this.#healLink(this.#leader, node);
  }

  #elected(): string {
    const received = (name: string) => this.#standby(name).ownFlushLsn;
    const [least, most] = [...this.#others()].sort((a, b) => received(a) - received(b));
    return (this.#choice === 'foremost' ? most : least) as string;
  }

  async #promote(node: string): Promise<void> {
    await this.#cluster.act({ kind: 'promote', node });
    await this.#until(() => this.#node(node).role === 'primary', `${node} is promoted`);
    this.#leader = node;
  }

  /** The old leader becomes a standby of the new one: its files are rewound, or made anew. */
  async #bringBack(node: string): Promise<void> {
    const upstream = this.#leader;
    await this.#attempt({ kind: 'kill', node });
    for (const other of this.#others()) await this.#healLink(upstream, other);
    await this.#calm([node]);
    const rewinds = this.#random.chance(0.6);
    await this.#cluster.act({ kind: rewinds ? 'rewind' : 'baseBackup', node, upstream });
    const isBack = () => this.#node(node).status === 'up' && this.#node(node).role === 'standby';
    await this.#until(isBack, `${node} is back`);
  }

  async #until(isSo: () => boolean, what: string): Promise<void> {
    const end = after(this.#cluster.now, PATIENCE);
    while (!isSo()) {
      if (this.#cluster.now >= end) throw new Error(`two minutes have passed, and never: ${what}`);
      await this.live(1, false);
    }
  }

  #node(name: string): NodeView {
    return this.#cluster.view().nodes.find((node) => node.name === name) as NodeView;
  }

  #standby(name: string): StandbyView {
    return this.#node(name).standby as StandbyView;
  }

  // What has become of it

  /** Where nodes differ that should be alike; null where they are. */
  async differences(): Promise<string | null> {
    const waiting = this.#cluster.unsettled();
    if (waiting !== null) return `${waiting}, long after everything healed`;
    const leader = await this.payments(this.#leader);
    for (const name of this.#others()) {
      const own = await this.payments(name);
      if (own !== leader) return `${name} has payments ${own}, ${this.#leader} ${leader}`;
    }
    return null;
  }

  async payments(node: string): Promise<string> {
    const sql = "select coalesce(string_agg(id::text, ',' order by id), '') from payments";
    const answer = await this.#ask(node, sql);
    return answer?.results[0]?.rows[0]?.[0] ?? `unreadable: ${answer?.error?.message ?? ''}`;
  }

  /** Those of the leader; an engine that has no files says nothing. */
  async historyFiles(): Promise<readonly (readonly (string | null)[])[]> {
    return (await this.#ask(this.#leader, HISTORY_FILES))?.results.at(-1)?.rows ?? [];
  }

  async #ask(node: string, sql: string): Promise<StatementView | undefined> {
    const id = this.#cluster.statements.length;
    await this.#cluster.act({ kind: 'sql', node, session: 'checker', sql });
    await this.#cluster.advance(after(this.#cluster.now, seconds(1)));
    return this.#cluster.statements[id];
  }

  facts(): { acknowledgements: readonly Acknowledgement[]; promotions: readonly Promotion[] } {
    const { trace, statements } = this.#cluster;
    const promotions = promotionsIn(trace);
    const termOf = (node: string, at: Instant): number =>
      promotions.findLast((one) => one.node === node && one.at <= at)?.timeline ?? 1;
    const acknowledgements = [...this.#writes]
      .flatMap(([statement, { id: key, node }]) => {
        const { state, answeredAt: at } = statements[statement] ?? {};
        return state === 'done' && at ? [{ at, node, term: termOf(node, at), key }] : [];
      })
      .sort((one, other) => one.at - other.at);
    return { acknowledgements, promotions };
  }
}

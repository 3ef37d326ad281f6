import { afterEach, expect } from 'vitest';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import type { Action, ClusterSpec } from '../../src/cluster/action.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import type { NodeView, StandbyView, StatementView } from '../../src/cluster/cluster-view.ts';
import type { WorkCost } from '../../src/cluster/work.ts';
import { after, between, ms, seconds, toMs } from '../../src/sim/instant.ts';

export const NODES = ['primary', 'standby1', 'standby2'] as const;
export type NodeName = (typeof NODES)[number] | 'standby3' | 'node1' | 'node2' | 'node3';

/** How an incident starts. Where nothing is said: three nodes, no synchronous standby, three accounts of 100 each. */
export interface Start {
  /** synchronous_standby_names of the primary. */
  readonly names?: string;
  readonly settings?: ClusterSpec['settings'];
  readonly nodes?: readonly string[];
  readonly spares?: readonly string[];
  readonly upstreams?: Readonly<Record<string, string>>;
  readonly setup?: readonly string[];
  readonly seed?: number;
  readonly work?: WorkCost;
  readonly populations?: ClusterSpec['populations'];
  readonly governor?: ClusterSpec['governor'];
}

export const ACCOUNTS = [
  'create table accounts (id int primary key, balance int not null)',
  'insert into accounts values (1, 100), (2, 100), (3, 100)',
];

/** How long `run` waits for an answer, in virtual time. */
const PATIENCE = seconds(120);
/** After this long what was sent has come to rest: answered, or waiting for something. */
const MOMENT = ms(50);

const open = new Set<Cluster>();

afterEach(() => {
  for (const cluster of open) cluster.close();
  open.clear();
});

const engine = await openNodeEngine();

export async function openCluster({
  names = '',
  settings = {},
  setup,
  seed,
  work,
  nodes,
  spares,
  upstreams,
  populations,
  governor,
}: Start = {}): Promise<Rig> {
  const cluster = await Cluster.open(
    {
      nodes: nodes ?? NODES,
      ...(upstreams && { upstreams }),
      ...(spares && { spares }),
      settings: {
        ...settings,
        primary: { synchronous_standby_names: names, ...settings.primary },
      },
      seed: seed ?? 1,
      ...(work && { work }),
      ...(populations && { populations }),
      ...(governor && { governor }),
      setup: setup ?? ACCOUNTS,
    },
    engine,
  );
  open.add(cluster);
  return new Rig(cluster);
}

/** A cluster under test, and a person in front of it. */
export class Rig {
  readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /** A terminal on the primary, or on another node. */
  psql(session: string, node: string = 'primary'): Terminal {
    return new Terminal(this, node, session);
  }

  do(action: Action): Promise<void> {
    return this.cluster.act(action);
  }

  freeze(node: NodeName, process: 'walreceiver' | 'startup'): Promise<void> {
    return this.do({ kind: 'freeze', node, process });
  }

  thaw(node: NodeName, process: 'walreceiver' | 'startup'): Promise<void> {
    return this.do({ kind: 'thaw', node, process });
  }

  /** Down, and up again as far as PostgreSQL's own recovery takes it. */
  async restart(how: 'kill' | 'powerOff', node: NodeName): Promise<void> {
    await this.do({ kind: how, node });
    await this.start(node);
  }

  async start(node: NodeName): Promise<void> {
    await this.do({ kind: 'start', node });
    await this.until(() => this.node(node).status === 'up');
  }

  /** Lets virtual time pass. */
  wait(milliseconds: number): Promise<void> {
    return this.cluster.advance(after(this.cluster.now, ms(milliseconds)));
  }

  /** Lets virtual time pass until something is so. */
  async until(done: () => boolean): Promise<void> {
    const end = after(this.cluster.now, PATIENCE);
    while (!done()) {
      const next = this.cluster.nextEventAt();
      if (next === null || next > end) throw new Error('it has not come to pass in two minutes');
      await this.cluster.advance(next);
    }
  }

  /** Until every standby that can has replayed everything. */
  settle(): Promise<void> {
    return this.until(() => this.cluster.unsettled() === null);
  }

  /** Milliseconds since the cluster was born. */
  get now(): number {
    return toMs(this.cluster.now);
  }

  node(name: NodeName): NodeView {
    const node = this.cluster.view().nodes.find((one) => one.name === name);
    if (!node) throw new Error(`no node ${name}`);
    return node;
  }

  standby(name: NodeName): StandbyView {
    const { standby } = this.node(name);
    if (!standby) throw new Error(`${name} is no standby`);
    return standby;
  }
}

/** A string that was sent, which may be a long time without an answer. */
export class Sent {
  readonly #rig: Rig;
  readonly #id: number;

  constructor(rig: Rig, id: number) {
    this.#rig = rig;
    this.#id = id;
  }

  get view(): StatementView {
    return this.#rig.cluster.statements[this.#id] as StatementView;
  }

  /** What it waits for, as in pg_stat_activity (`IPC/SyncRep`); null where nothing is said, or where it is answered. */
  get waitsFor(): string | null {
    const { waitEventType, waitEvent } = this.view;
    return waitEvent === null ? null : `${waitEventType}/${waitEvent}`;
  }

  get answered(): boolean {
    return this.view.state !== 'running';
  }

  /** Milliseconds from sending it to its answer. */
  get took(): number {
    const { sentAt, answeredAt } = this.view;
    if (answeredAt === null) throw new Error(`not answered yet: ${this.view.sql}`);
    return toMs(between(sentAt, answeredAt));
  }

  /** The rows of its last statement; values of one row are joined by `|`, as psql -At prints them. */
  get rows(): readonly string[] {
    return (this.view.results.at(-1)?.rows ?? []).map((row) =>
      row.map((value) => value ?? '').join('|'),
    );
  }

  get tags(): readonly string[] {
    return this.view.results.map(({ command }) => command);
  }

  /** SQLSTATE and message of its error, or null. */
  get error(): string | null {
    const { error } = this.view;
    return error && `${error.sqlstate} ${error.message}`;
  }

  get notices(): readonly string[] {
    return this.view.notices.map(
      ({ severity, sqlstate, message }) => `${severity} ${sqlstate} ${message}`,
    );
  }

  async answer(): Promise<this> {
    await this.#rig.until(() => this.answered);
    return this;
  }
}

/** One client's connection. */
export class Terminal {
  readonly node: string;
  readonly session: string;
  readonly #rig: Rig;

  constructor(rig: Rig, node: string, session: string) {
    this.#rig = rig;
    this.node = node;
    this.session = session;
  }

  /** Sends a string, and looks a moment later how it stands. */
  async send(sql: string): Promise<Sent> {
    const sent = new Sent(this.#rig, this.#rig.cluster.statements.length);
    await this.#rig.do({ kind: 'sql', node: this.node, session: this.session, sql });
    const late = after(this.#rig.cluster.now, MOMENT);
    for (
      let next = this.#rig.cluster.nextEventAt();
      !sent.answered && next !== null && next <= late;
    ) {
      await this.#rig.cluster.advance(next);
      next = this.#rig.cluster.nextEventAt();
    }
    return sent;
  }

  /** Sends a string and waits for its answer, whatever it is. */
  async run(sql: string): Promise<Sent> {
    return (await this.send(sql)).answer();
  }

  /** Runs a string that must succeed; its last rows. */
  async rows(sql: string): Promise<readonly string[]> {
    const sent = await this.run(sql);
    expect(sent.error, sql).toBeNull();
    expect(sent.view.state, sql).toBe('done');
    return sent.rows;
  }

  /** Runs a string that must succeed. */
  async ok(...strings: readonly string[]): Promise<void> {
    for (const sql of strings) await this.rows(sql);
  }

  /** Runs a string that must succeed; the first row. */
  async value(sql: string): Promise<string | undefined> {
    return (await this.rows(sql))[0];
  }

  cancel(): Promise<void> {
    return this.#rig.do({ kind: 'cancel', node: this.node, session: this.session });
  }

  terminate(): Promise<void> {
    return this.#rig.do({ kind: 'terminate', node: this.node, session: this.session });
  }
}

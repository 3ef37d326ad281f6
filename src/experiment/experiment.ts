import { type Action, ActionRefused, type ClusterSpec } from '../cluster/action.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { NodeView, TraceEvent } from '../cluster/cluster-view.ts';
import type { SqlEngine } from '../cluster/sql-engine.ts';
import type { Operation } from '../grading/operation.ts';
import { after, type Duration, type Instant, ms, seconds } from '../sim/instant.ts';
import type { Promotion } from '../soak/invariants.ts';
import { CLIENTS, cafe } from './cafe.ts';
import { historyOfRegister, readBy } from './client-history.ts';
import { type Configuration, settingUp } from './configuration.ts';
import { FAR, type FaultPlan } from './fault-plan.ts';

/** A span of an experiment with a name, such as that of the trouble that it was. */
export interface Phase {
  readonly name: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** What an experiment is made of. */
export interface ExperimentSetup {
  readonly configuration: Configuration;
  readonly plan: FaultPlan;
  readonly seed: number;
  /** How fast its clients work: 1 as they are. */
  readonly pace: number;
}

/** One configuration under one schedule, as it went: plain data, and all that is needed to play it again. */
export interface Experiment extends ExperimentSetup {
  readonly spec: ClusterSpec;
  readonly actions: readonly {
    readonly at: Instant;
    readonly action: Action;
  }[];
  readonly until: Instant;
  readonly history: readonly Operation[];
  readonly phases: readonly Phase[];
  /** Standbys that became primaries. */
  readonly promotions: readonly Promotion[];
  /** Who was left ahead of the others, and the keys of the rows there; null where no side was given up. */
  readonly left: {
    readonly node: string;
    readonly keys: ReadonlySet<number>;
  } | null;
}

/** How long a side that is left alone gets to replay what is on its disks. */
const REPLAYED = seconds(1);

/** Plays a schedule on one configuration. The same seed is the same run, so that configurations can be held side by side. */
export async function experiment(setup: ExperimentSetup, engine: SqlEngine): Promise<Experiment> {
  const { configuration, plan, seed, pace } = setup;
  const spec = cafe(seed);
  const cluster = await Cluster.open(spec, engine);
  try {
    const run = new Run(cluster);
    for (const action of [...FAR, ...settingUp(configuration)]) {
      await run.act(action);
      await run.wait(ms(20));
    }
    const begin = cluster.now;
    for (const { name } of CLIENTS) await run.act({ kind: 'clients', population: name, pace });
    const phases = await troubles(run, plan, begin);
    const left = plan.failoverAt === null ? null : await failover(run, plan);
    return {
      ...setup,
      spec,
      actions: run.actions,
      until: cluster.now,
      history: [...historyOfRegister(cluster.sent, cluster.statements), ...run.audits],
      phases,
      promotions: promotionsIn(cluster.trace),
      left,
    };
  } finally {
    cluster.close();
  }
}

async function troubles(run: Run, plan: FaultPlan, begin: Instant): Promise<readonly Phase[]> {
  const end = after(begin, plan.lasts);
  const steps = plan.troubles
    .flatMap(({ from, to, starts, ends }) => [
      { at: from, actions: starts },
      ...(to === null ? [] : [{ at: to, actions: ends }]),
    ])
    .concat(takeoverOf(plan))
    .sort((one, other) => one.at - other.at);
  for (const { at, actions } of steps) {
    await run.until(after(begin, at));
    for (const action of actions) await run.act(action);
  }
  await run.until(end);
  const first = Math.min(plan.lasts, ...plan.troubles.map(({ from }) => from)) as Duration;
  return [
    { name: 'all is well', from: begin, to: after(begin, first) },
    ...plan.troubles.map(({ name, from, to }) => ({
      name,
      from: after(begin, from),
      to: to === null ? end : after(begin, to),
    })),
  ];
}

const takeoverOf = ({ takeover }: FaultPlan) =>
  takeover === null
    ? []
    : [
        {
          at: takeover.at,
          actions: [{ kind: 'promote', node: takeover.node } as const],
        },
      ];

const promotionsIn = (trace: readonly TraceEvent[]): readonly Promotion[] =>
  trace.flatMap(({ at, kind, node, facts }) =>
    kind === 'promoted' && node !== null ? [{ at, node, timeline: Number(facts.timeline) }] : [],
  );

/**
 * The primary’s side burns, the others are brought back to work, and the best of them is read. Promotion replays all WAL on the disk of a standby, and so
 * does a standby that is left alone: what it shows is what the new primary begins with.
 */
async function failover(run: Run, { burns }: FaultPlan): Promise<Experiment['left']> {
  for (const { name } of CLIENTS) await run.act({ kind: 'clients', population: name, pace: 0 });
  for (const node of burns) await run.act({ kind: 'powerOff', node });
  for (const { name: node } of run.cluster.view().nodes) {
    if (burns.includes(node)) continue;
    await run.act({ kind: 'start', node });
    for (const process of ['walreceiver', 'startup'] as const)
      await run.act({ kind: 'thaw', node, process });
  }
  await run.wait(REPLAYED);
  const { nodes } = run.cluster.view();
  const best = bestOf(nodes.filter(({ name }) => !burns.includes(name)));
  const keys = await run.read(best, 'select id from payments');
  await run.audit(best, 'select price from board');
  return { node: best, keys: new Set(keys) };
}

/** Who has been promoted has begun a newer timeline; else whoever has the most WAL. */
function bestOf(nodes: readonly NodeView[]): string {
  const [best] = nodes.toSorted(
    (one, other) =>
      Number(other.role === 'primary') - Number(one.role === 'primary') ||
      other.flushLsn - one.flushLsn,
  );
  if (!best) throw new RangeError('somebody must be left');
  return best.name;
}

/** A cluster that is acted on, and what was done to it. */
class Run {
  readonly cluster: Cluster;
  readonly actions: { readonly at: Instant; readonly action: Action }[] = [];
  readonly audits: Operation[] = [];

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /** What makes no sense at its moment (to freeze what is down) is left out. */
  async act(action: Action): Promise<void> {
    try {
      await this.cluster.act(action);
      this.actions.push({ at: this.cluster.now, action });
    } catch (error) {
      if (!(error instanceof ActionRefused)) throw error;
    }
  }

  until(at: Instant): Promise<void> {
    return this.cluster.advance(at);
  }

  wait(length: Duration): Promise<void> {
    return this.until(after(this.cluster.now, length));
  }

  /** The first column of what a node answers. */
  async read(node: string, sql: string): Promise<readonly number[]> {
    const id = this.cluster.statements.length;
    await this.act({ kind: 'sql', node, session: 'auditor', sql });
    await this.wait(ms(100));
    return (this.cluster.statements[id]?.results ?? []).flatMap(({ rows }) =>
      rows.map(([value]) => Number(value)),
    );
  }

  /** A read of the register that counts among those of its clients. */
  async audit(node: string, sql: string): Promise<void> {
    const id = this.cluster.statements.length;
    await this.read(node, sql);
    const answer = this.cluster.statements[id];
    if (!answer) return;
    this.audits.push({
      client: 'auditor',
      group: 'desk',
      node,
      kind: 'read',
      value: readBy(answer),
      invokedAt: answer.sentAt,
      answeredAt: answer.answeredAt,
      outcome: answer.state === 'done' ? 'ok' : 'unknown',
      sqlstate: null,
    });
  }
}

import type { Action, ClusterSpec } from '../cluster/action.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { SqlEngine } from '../cluster/sql-engine.ts';
import type { Operation } from '../grading/operation.ts';
import { after, type Duration, type Instant, ms } from '../sim/instant.ts';
import type { Fork, Promotion } from '../soak/invariants.ts';
import { promotionsIn } from '../soak/timelines.ts';
import { type Aftermath, failover, forksIn, healing } from './aftermath.ts';
import { CLIENTS, cafe } from './cafe.ts';
import { historyOfRegister } from './client-history.ts';
import { type Configuration, settingUp } from './configuration.ts';
import { ExperimentRun } from './experiment-run.ts';
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
export interface Experiment extends ExperimentSetup, Aftermath {
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
  /** Where timelines begin, as the history files of those who are primaries in the end have it. */
  readonly forks: readonly Fork[];
}

/** Plays a schedule on one configuration. The same seed is the same run, so that configurations can be held side by side. */
export async function experiment(setup: ExperimentSetup, engine: SqlEngine): Promise<Experiment> {
  const { configuration, plan, seed, pace } = setup;
  const spec = cafe(seed);
  const cluster = await Cluster.open(spec, engine);
  try {
    const run = new ExperimentRun(cluster);
    for (const action of [...FAR, ...settingUp(configuration)]) {
      await run.act(action);
      await run.wait(ms(20));
    }
    const begin = cluster.now;
    for (const { name } of CLIENTS) await run.act({ kind: 'clients', population: name, pace });
    const phases = await troubles(run, plan, begin);
    const aftermath = await (plan.failoverAt === null ? healing(run, plan) : failover(run, plan));
    const forks = await forksIn(run);
    return {
      ...setup,
      spec,
      actions: run.actions,
      until: cluster.now,
      history: [...historyOfRegister(cluster.sent, cluster.statements), ...run.audits],
      phases,
      promotions: promotionsIn(cluster.trace),
      forks,
      ...aftermath,
    };
  } finally {
    cluster.close();
  }
}

async function troubles(
  run: ExperimentRun,
  plan: FaultPlan,
  begin: Instant,
): Promise<readonly Phase[]> {
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

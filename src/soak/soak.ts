import { type Action, ActionRefused } from '../cluster/action.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { ClusterView, StatementView } from '../cluster/cluster-view.ts';
import type { SqlEngine } from '../cluster/sql-engine.ts';
import { formatLsn, type Lsn, parseLsn } from '../postgres/lsn.ts';
import { parseSynchronousStandbyNames } from '../postgres/synchronous-standby-names.ts';
import { after, type Instant, seconds, toMs } from '../sim/instant.ts';
import { type Broken, brokenBy, type Invariant, type RunFacts } from './invariants.ts';
import { healing, type Planned, soakPlan } from './schedule.ts';
import { forksOf, HISTORY_FILES, promotionsIn } from './timelines.ts';

/** What the soak promises beside the invariants of all clusters. */
export type SoakInvariant =
  | Invariant
  /** A commit that is acknowledged is on as many standbys as its level and the names promise. */
  | 'enough standbys'
  /** After healing nothing waits any more, and all nodes have the same rows. */
  | 'all alike';

/** What a run broke, when, and what was seen. */
export interface Breach extends Omit<Broken, 'invariant'> {
  readonly invariant: SoakInvariant;
}

/** Virtual time after healing in which the cluster must converge: a few reconnections. */
const CONVERGENCE = seconds(60);

/** The write after everything has healed; all others have keys from 1 on. */
const LAST_WRITE = { id: 0, level: 'on' } as const;

/**
 * One seeded run of faults against a cluster under writes, on real servers. Null where all held.
 * @param faults those of the seed, or what a shorter schedule has left of them
 */
export async function soak(
  seed: number,
  engine: SqlEngine,
  faults: readonly Planned[] = soakPlan(seed).faults,
): Promise<Breach | null> {
  const plan = soakPlan(seed);
  const cluster = await Cluster.open(plan.spec, engine);
  try {
    const start = cluster.now;
    const writes = new Map<number, { readonly id: number; readonly level: string }>();
    const write = async (one: { readonly id: number; readonly level: string }) => {
      writes.set(cluster.statements.length, one);
      const session = `client ${one.id}`;
      await cluster.act({ kind: 'sql', node: 'primary', session, sql: insertSql(one) });
    };
    const steps = [
      ...faults.map(({ at, action }) => ({ at, run: () => attempt(cluster, action) })),
      ...plan.writes.map(({ at, ...one }) => ({ at, run: () => write(one) })),
    ].sort((one, other) => one.at - other.at);
    const watch = new Watch(cluster, writes);
    for (const { at, run } of steps) {
      const breach = await watch.until(after(start, at as number as never));
      if (breach) return breach;
      await run();
    }
    for (const action of healing(plan.spec)) await attempt(cluster, action);
    const healedAt = cluster.now;
    const end = after(healedAt, CONVERGENCE);
    // A server that is starting takes nobody yet: its client tries again.
    for (let sent = -1; cluster.now < end && isRefused(cluster.statements[sent]); ) {
      sent = cluster.statements.length;
      await write(LAST_WRITE);
      const breach = await watch.until(after(cluster.now, seconds(1)));
      if (breach) return breach;
    }
    return (
      (await watch.until(end)) ??
      (await converged(cluster)) ??
      brokenIn(await factsOf(cluster, writes, healedAt))
    );
  } finally {
    cluster.close();
  }
}

/** Whether a write has to be sent again; one that was never sent has to be. */
const isRefused = (write: StatementView | undefined): boolean =>
  write === undefined || write.state === 'error' || write.state === 'lost';

const brokenIn = (facts: RunFacts): Breach | null => brokenBy(facts)[0] ?? null;

const insertSql = ({ id, level }: { id: number; level: string }): string =>
  `begin; set local synchronous_commit = ${level}; insert into payments values (${id}); commit`;

/** A fault that makes no sense now (to kill what is down) is left out. */
async function attempt(cluster: Cluster, action: Action): Promise<void> {
  try {
    await cluster.act(action);
  } catch (error) {
    if (!(error instanceof ActionRefused)) throw error;
  }
}

/** Lets a run go on, and looks at every acknowledgement at the instant at which it comes. */
class Watch {
  readonly #cluster: Cluster;
  readonly #writes: ReadonlyMap<number, { readonly level: string }>;
  #seen = 0;

  constructor(cluster: Cluster, writes: ReadonlyMap<number, { readonly level: string }>) {
    this.#cluster = cluster;
    this.#writes = writes;
  }

  async until(end: Instant): Promise<Breach | null> {
    for (;;) {
      const next = this.#cluster.nextEventAt();
      const last = next === null || next > end;
      await this.#cluster.advance(last ? end : next);
      const breach = this.#look();
      if (breach || last) return breach;
    }
  }

  #look(): Breach | null {
    const { trace, statements } = this.#cluster;
    for (; this.#seen < trace.length; this.#seen++) {
      const event = trace[this.#seen];
      if (event?.kind !== 'answered' || event.facts.state !== 'done') continue;
      const id = event.facts.statement as number;
      const write = this.#writes.get(id);
      const statement = statements[id];
      const words = write && statement && this.#promise(statement, write.level);
      if (words) return { invariant: 'enough standbys', at: event.at, words };
    }
    return null;
  }

  /** A commit that waited for standbys must be where the names promise it, at its level's stage. */
  #promise(statement: StatementView, level: string): string | null {
    const waited = this.#cluster.trace.find(
      (event) => event.kind === 'commitWaits' && event.facts.statement === statement.id,
    );
    if (waited === undefined || statement.notices.some(({ sqlstate }) => sqlstate === '01000'))
      return null;
    const lsn = parseLsn(String(waited.facts.lsn));
    const view = this.#cluster.view();
    const holders = standbysWith(view, lsn, level);
    const { names } = parseSynchronousStandbyNames(view.synchronousStandbyNames);
    if (names === null) return null;
    const counted = holders.filter((holder) =>
      names.members.some((member) => member === '*' || member === holder),
    );
    return counted.length >= names.numSync
      ? null
      : `"${statement.sql}" was acknowledged with WAL up to ${formatLsn(lsn)} on ${counted.join(', ') || 'no standby'}, though "${view.synchronousStandbyNames}" promises ${names.numSync}`;
  }
}

/** The standbys that really hold WAL up to a position, at the stage that the level names. */
function standbysWith({ nodes }: ClusterView, lsn: Lsn, level: string): readonly string[] {
  return nodes.flatMap(({ name, standby }) => {
    if (standby === null) return [];
    const own = {
      remote_write: standby.ownReceiveLsn,
      on: standby.ownFlushLsn,
      remote_apply: standby.ownReplayLsn,
    };
    return (own[level as keyof typeof own] ?? Number.POSITIVE_INFINITY) >= lsn ? [name] : [];
  });
}

async function converged(cluster: Cluster): Promise<Breach | null> {
  const unlike = (words: string): Breach => ({ invariant: 'all alike', at: cluster.now, words });
  const waiting = cluster.unsettled();
  if (waiting !== null)
    return unlike(`${waiting}, ${toMs(CONVERGENCE) / 1000} s after everything healed`);
  const still = cluster.statements.find(({ state }) => state === 'running');
  if (still) return unlike(`"${still.sql}" is still not answered (${still.waitEvent})`);
  const primary = await tableOf(cluster, 'primary');
  for (const { name } of cluster.view().nodes) {
    const own = await tableOf(cluster, name);
    if (own !== primary) return unlike(`${name} has payments ${own}, the primary ${primary}`);
  }
  return null;
}

/** What the invariants look at. A commit at `off` promises nothing; the soak promotes nobody, so that all is one term. */
async function factsOf(
  cluster: Cluster,
  writes: ReadonlyMap<number, { readonly id: number; readonly level: string }>,
  healedAt: Instant,
): Promise<RunFacts> {
  const acknowledgements = [...writes].flatMap(([statement, { id: key, level }]) => {
    const { state, answeredAt: at } = cluster.statements[statement] ?? {};
    return state === 'done' && at != null && level !== 'off'
      ? [{ at, node: 'primary', term: 1, key }]
      : [];
  });
  const files = await ask(cluster, 'primary', HISTORY_FILES);
  const kept = await tableOf(cluster, 'primary');
  return {
    acknowledgements: acknowledgements.sort((one, other) => one.at - other.at),
    promotions: promotionsIn(cluster.trace),
    forks: forksOf(files?.results.at(-1)?.rows ?? []),
    kept: new Set(kept.split(',').map(Number)),
    promisesDurability: true,
    healed: { at: healedAt, bound: CONVERGENCE },
    until: cluster.now,
  };
}

async function ask(
  cluster: Cluster,
  node: string,
  sql: string,
): Promise<StatementView | undefined> {
  const id = cluster.statements.length;
  await cluster.act({ kind: 'sql', node, session: 'checker', sql });
  await cluster.advance(after(cluster.now, seconds(1)));
  return cluster.statements[id];
}

async function tableOf(cluster: Cluster, node: string): Promise<string> {
  const sql = "select coalesce(string_agg(id::text, ',' order by id), '') from payments";
  const answer = await ask(cluster, node, sql);
  return (
    answer?.results[0]?.rows[0]?.[0] ?? `unreadable: ${answer?.error?.message ?? answer?.state}`
  );
}

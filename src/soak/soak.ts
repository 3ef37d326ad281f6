import { type Action, ActionRefused } from '../cluster/action.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { ClusterView, StatementView } from '../cluster/cluster-view.ts';
import type { SqlEngine } from '../cluster/sql-engine.ts';
import { formatLsn, type Lsn, parseLsn } from '../postgres/lsn.ts';
import { parseSynchronousStandbyNames } from '../postgres/synchronous-standby-names.ts';
import { after, type Instant, seconds, toMs } from '../sim/instant.ts';
import { healing, soakPlan } from './schedule.ts';

/** An invariant that a run broke, in words, and when. */
export interface Breach {
  readonly at: Instant;
  readonly words: string;
}

/** Virtual time after healing in which the cluster must converge: a few reconnections. */
const CONVERGENCE = seconds(60);

/**
 * One seeded run of faults against a cluster under writes, on real servers. Null where all held: no acknowledged commit
 * on fewer standbys than its level and the names promise, none missing on the primary in the end, all tables equal.
 */
export async function soak(seed: number, engine: SqlEngine): Promise<Breach | null> {
  const plan = soakPlan(seed);
  const cluster = await Cluster.open(plan.spec, engine);
  try {
    const start = cluster.now;
    const writes = new Map<number, { readonly id: number; readonly level: string }>();
    const steps = [
      ...plan.faults.map(({ at, action }) => ({ at, run: () => attempt(cluster, action) })),
      ...plan.writes.map(({ at, ...write }) => ({
        at,
        run: async () => {
          writes.set(cluster.statements.length, write);
          await cluster.act({
            kind: 'sql',
            node: 'primary',
            session: `client ${write.id}`,
            sql: insertSql(write),
          });
        },
      })),
    ].sort((one, other) => one.at - other.at);
    const watch = new Watch(cluster, writes);
    for (const { at, run } of steps) {
      const breach = await watch.until(after(start, at as number as never));
      if (breach) return breach;
      await run();
    }
    for (const action of healing(plan.spec)) await attempt(cluster, action);
    return (
      (await watch.until(after(cluster.now, CONVERGENCE))) ?? (await converged(cluster, writes))
    );
  } finally {
    cluster.close();
  }
}

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
      if (words) return { at: event.at, words };
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

async function converged(
  cluster: Cluster,
  writes: ReadonlyMap<number, { readonly id: number; readonly level: string }>,
): Promise<Breach | null> {
  const at = cluster.now;
  const waiting = cluster.unsettled();
  if (waiting !== null)
    return { at, words: `${waiting}, ${toMs(CONVERGENCE) / 1000} s after everything healed` };
  const still = cluster.statements.find(({ state }) => state === 'running');
  if (still) return { at, words: `"${still.sql}" is still not answered (${still.waitEvent})` };
  const tables = new Map<string, string>();
  for (const { name } of cluster.view().nodes) tables.set(name, await tableOf(cluster, name));
  const primary = tables.get('primary') ?? '';
  for (const [name, table] of tables)
    if (table !== primary)
      return { at, words: `${name} has payments ${table}, the primary ${primary}` };
  const kept = new Set(primary.split(',').map(Number));
  const lost = [...writes].find(
    ([statement, { id, level }]) =>
      cluster.statements[statement]?.state === 'done' && level !== 'off' && !kept.has(id),
  );
  return lost
    ? { at, words: `payment ${lost[1].id} was acknowledged at ${lost[1].level} and is gone` }
    : null;
}

async function tableOf(cluster: Cluster, node: string): Promise<string> {
  const id = cluster.statements.length;
  const sql = "select coalesce(string_agg(id::text, ',' order by id), '') from payments";
  await cluster.act({ kind: 'sql', node, session: 'checker', sql });
  await cluster.advance(after(cluster.now, seconds(1)));
  const answer = cluster.statements[id];
  return (
    answer?.results[0]?.rows[0]?.[0] ?? `unreadable: ${answer?.error?.message ?? answer?.state}`
  );
}

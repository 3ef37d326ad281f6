import type { NodeView } from '../cluster/cluster-view.ts';
import { after, type Duration, type Instant, ms, seconds } from '../sim/instant.ts';
import type { Acknowledgement, Fork } from '../soak/invariants.ts';
import { distinct, forksOf, HISTORY_FILES, promotionsIn } from '../soak/timelines.ts';
import { CLIENTS } from './cafe.ts';
import type { ExperimentRun } from './experiment-run.ts';
import type { FaultPlan } from './fault-plan.ts';

/** Who was left ahead of the others, and the keys of the rows there. */
export interface Left {
  readonly node: string;
  readonly keys: ReadonlySet<number>;
}

/** What an experiment ends with. */
export interface Aftermath {
  /** Null where no side was given up. */
  readonly left: Left | null;
  /** The first write on the server that goes on after a fire; null where there was none, or it was not answered. */
  readonly probe: Acknowledgement | null;
  /** When everything had healed, or somebody was to take over, and how soon writes are to be acknowledged then. */
  readonly healed: { readonly at: Instant; readonly bound: Duration };
}

/** How long a side that is left alone gets to replay what is on its disks. */
const REPLAYED = seconds(1);
/** A receiver tries again every five seconds (wal_retrieve_retry_interval); then it has to catch up. */
export const WRITES_BACK = seconds(15);
/** A promotion, and a write. */
const TAKEN_OVER = seconds(5);
const LOOK_EVERY = ms(100);
/** No client has this key. */
const PROBE = -1;

/** Nobody burns: what lasts to the end is mended, and clients go on until one of their writes is acknowledged. */
export async function healing(run: ExperimentRun, { troubles }: FaultPlan): Promise<Aftermath> {
  for (const { to, ends } of troubles)
    if (to === null) for (const action of ends) await run.act(action);
  const at = run.cluster.now;
  const due = after(at, WRITES_BACK);
  while (run.cluster.now < due && !isAcknowledged(run, at)) await run.wait(LOOK_EVERY);
  return { left: null, probe: null, healed: { at, bound: WRITES_BACK } };
}

/** Whether a client's write has been acknowledged since. */
const isAcknowledged = ({ cluster }: ExperimentRun, since: Instant): boolean =>
  cluster.sent.some(({ statement, kind }) => {
    const { state, answeredAt } = cluster.statements[statement] ?? {};
    return kind === 'write' && state === 'done' && (answeredAt ?? 0) >= since;
  });

/**
 * The primary’s side burns, the others are brought back to work, and the best of them takes over, where it has not done so already.
 * It replays all WAL on its disk before that. Then it is written to, and read.
 */
export async function failover(run: ExperimentRun, { burns }: FaultPlan): Promise<Aftermath> {
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
  const healed = { at: run.cluster.now, bound: TAKEN_OVER };
  if (best.role === 'standby') await run.act({ kind: 'promote', node: best.name });
  const probe = await probed(run, best.name, after(healed.at, healed.bound));
  const rows = await run.ask(best.name, 'select id from payments');
  const keys = (rows?.results ?? []).flatMap(({ rows }) => rows.map(([id]) => Number(id)));
  await run.audit(best.name, 'select price from board');
  return { left: { node: best.name, keys: new Set(keys) }, probe, healed };
}

/** A write on a server that may be a standby yet, tried until it is taken or due. */
async function probed(
  run: ExperimentRun,
  node: string,
  due: Instant,
): Promise<Acknowledgement | null> {
  while (run.cluster.now < due) {
    const answer = await run.ask(node, `insert into payments values (${PROBE})`);
    const term = promotionsIn(run.cluster.trace).findLast((one) => one.node === node)?.timeline;
    if (answer?.state === 'done' && answer.answeredAt !== null)
      return { at: answer.answeredAt, node, term: term ?? 1, key: PROBE };
  }
  return null;
}

/** Who has been promoted has begun a newer timeline; else whoever has the most WAL. */
function bestOf(nodes: readonly NodeView[]): NodeView {
  const [best] = nodes.toSorted(
    (one, other) =>
      Number(other.role === 'primary') - Number(one.role === 'primary') ||
      other.flushLsn - one.flushLsn,
  );
  if (!best) throw new RangeError('somebody must be left');
  return best;
}

/** What the history files of all that are primaries now say, as PostgreSQL wrote them. */
export async function forksIn(run: ExperimentRun): Promise<readonly Fork[]> {
  const forks: Fork[] = [];
  for (const { node } of promotionsIn(run.cluster.trace)) {
    const now = run.cluster.view().nodes.find(({ name }) => name === node);
    if (now?.role !== 'primary' || now.status !== 'up') continue;
    const answer = await run.ask(node, HISTORY_FILES);
    forks.push(...forksOf(answer?.results.at(-1)?.rows ?? []));
  }
  return distinct(forks);
}

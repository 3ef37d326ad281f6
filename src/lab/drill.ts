import type { NodeView } from '../cluster/cluster-view.ts';
import type { FireRecord, RoundRecord } from '../grading/evidence.ts';
import { after, type Duration, ms, seconds } from '../sim/instant.ts';
import type { StepWatcher } from './grading-step.ts';
import type { Lab, Round } from './lab.ts';
import type { LabRun } from './lab-run.ts';
import type { Watchers } from './watchers.ts';

/** How long a fire waits for an acknowledgement to come with. */
const FIRE_LIMIT = seconds(3);
/** How long a cluster may take to recover between two rounds. */
const RECOVERY_LIMIT = seconds(20);
const READER = 'drill';

/**
 * Puts a run through the lab's rounds, one after another, with its clients at work. The run is the grader's copy: it
 * was made again from the learner's actions, and hers stays as she left it.
 */
export async function drill(
  run: LabRun,
  { drill: { rounds, read = '' } }: Lab,
  watchers: Watchers,
  watch: StepWatcher,
): Promise<RoundRecord[]> {
  const records: RoundRecord[] = [];
  for (const round of rounds) {
    watch({ kind: 'drill', round: round.name, done: records.length, of: rounds.length });
    records.push(await runRound(run, round, read, watchers));
  }
  return records;
}

async function runRound(
  run: LabRun,
  round: Round,
  read: string,
  watchers: Watchers,
): Promise<RoundRecord> {
  const from = run.now;
  const watched = (length: number) =>
    watchers.watch(after(run.now, seconds(length)), round.name, round.every);
  for (const action of round.begin) await run.attempt(action);
  await watched(round.lasts);
  const to = run.now;
  const fire = await catastrophe(run, round, read);
  for (const action of round.end) await run.attempt(action);
  if (round.rest > 0) await watched(round.rest);
  await until(run, () => run.unsettled() === null, RECOVERY_LIMIT);
  return { name: round.name, facts: round.facts, from, to, fire };
}

async function catastrophe(run: LabRun, round: Round, read: string): Promise<FireRecord | null> {
  if (round.burn.length > 0) return burn(run, round, read);
  return round.plug === undefined ? null : pullThePlug(run, round.plug, round.spark, read);
}

/** Cuts a node's power, right after an acknowledgement where the round names a spark, starts it, and reads what recovery has brought back. */
async function pullThePlug(
  run: LabRun,
  node: string,
  spark: string | undefined,
  read: string,
): Promise<FireRecord> {
  const known = acknowledged(run, spark);
  if (spark !== undefined) await until(run, () => acknowledged(run, spark) > known, FIRE_LIMIT);
  const at = run.now;
  await run.attempt({ kind: 'powerOff', node });
  return { at, survivor: node, keys: await keysOn(run, node, read) };
}

/**
 * Burns nodes at the worst moment: when a client has just been told that its row is safe. Their cables burn first, so
 * that nothing on its way gets out. An outage takes others' power at the same moment. The standby that is furthest ahead of the others is the one to promote. It need not be
 * promoted to know what it would bring back: promotion replays all WAL on its disk, and so does a standby that is left
 * alone; its tables then hold exactly the rows that survive. Afterwards the fire is undone, for the next round.
 */
async function burn(
  run: LabRun,
  { burn, outage, spark }: Round,
  read: string,
): Promise<FireRecord> {
  const known = acknowledged(run, spark);
  await until(run, () => acknowledged(run, spark) > known, FIRE_LIMIT);
  const at = run.now;
  const { nodes } = run.view();
  const cables = burn.flatMap((a) => nodes.flatMap(({ name: b }) => (a === b ? [] : [{ a, b }])));
  for (const cable of cables) await run.attempt({ kind: 'cut', ...cable });
  for (const node of [...burn, ...outage]) await run.attempt({ kind: 'powerOff', node });
  const left = run.view().nodes.filter(({ name }) => !burn.includes(name));
  const survivor = furthestAhead(left);
  const keys = await keysOn(run, survivor, read);
  for (const node of [...burn, ...outage]) await run.attempt({ kind: 'start', node });
  for (const cable of cables) await run.attempt({ kind: 'heal', ...cable });
  return { at, survivor, keys };
}

function furthestAhead(nodes: readonly NodeView[]): string {
  const standbys = nodes.filter(({ standby }) => standby !== null);
  const best = standbys.toSorted((one, other) => other.flushLsn - one.flushLsn)[0];
  if (!best) throw new RangeError('a fire must leave a standby');
  return best.name;
}

async function keysOn(
  run: LabRun,
  node: string,
  read: string,
): Promise<ReadonlySet<number> | null> {
  await run.attempt({ kind: 'start', node });
  for (const process of ['walreceiver', 'startup'] as const)
    await run.attempt({ kind: 'thaw', node, process });
  await run.attempt({ kind: 'replayRate', node, bytesPerSecond: Number.POSITIVE_INFINITY });
  await wait(run, seconds(1));
  await run.attempt({ kind: 'sql', node, session: READER, sql: 'select pg_wal_replay_resume()' });
  await wait(run, seconds(1));
  const id = run.statements.length;
  const sent = await run.attempt({ kind: 'sql', node, session: READER, sql: read });
  if (!sent) return null;
  await wait(run, ms(100));
  const answer = run.statements[id];
  if (answer?.state !== 'done') return null;
  return new Set(answer.results.flatMap(({ rows }) => rows.map(([key]) => Number(key))));
}

function acknowledged(run: LabRun, by?: string): number {
  let count = 0;
  for (const { statement, client } of run.sent)
    if ((by === undefined || client === by) && run.statements[statement]?.state === 'done') count++;
  return count;
}

const wait = (run: LabRun, length: Duration): Promise<void> => run.advance(after(run.now, length));

/** Lets time pass until something is so, event by event, or until the limit. */
async function until(run: LabRun, done: () => boolean, limit: Duration): Promise<void> {
  const end = after(run.now, limit);
  while (!done()) {
    const next = run.nextEventAt();
    if (next === null || next > end) return run.advance(end);
    await run.advance(next);
  }
}

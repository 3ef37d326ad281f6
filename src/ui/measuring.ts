/** How a table of statements is measured, and under which conditions. Fetched with the first press of its button. */
import type { ClusterView, LinkView, NodeView, StatementView } from '../cluster/cluster-view.ts';
import { FSYNC_TIME, LINK_DELAY } from '../postgres/replication-state.ts';
import { runInTurn } from '../session/run-in-turn.ts';
import type { Session } from '../session/session.ts';
import type { Snapshot } from '../session/snapshot.ts';
import { between, type Duration, type Instant, seconds } from '../sim/instant.ts';
import type { MeasuredRow } from './measurement.ts';
import { bytesOf, lengthOfTime } from './time-words.ts';

/** A commit that has no answer by then is cancelled, and the next row is measured. */
const PATIENCE = seconds(2);
/** Lets what the row before has set off come to rest, so that each row is measured for itself. */
const REST = 'select pg_sleep(0.25);';

/** Runs each row's statement and waits for its answer; `began` is called once each is sent. */
export async function measureRows(
  session: Session,
  node: string,
  name: string,
  rows: readonly MeasuredRow[],
  began: () => void,
): Promise<void> {
  const namesBefore = session.snapshot.get().view?.synchronousStandbyNames ?? '';
  const setNames = async (names: string) =>
    runInTurn(session, node, 'operator', [
      `alter system set synchronous_standby_names = '${names.replaceAll("'", "''")}';`,
      'select pg_reload_conf();',
    ]);
  for (const row of rows) {
    if (row.names !== undefined) await setNames(row.names);
    await runInTurn(session, node, name, [REST]);
    if (!(await session.runSql(node, name, row.sql))) break;
    began();
    await answeredOrLate(session, name, row.sql);
    const late = lastOf(session.snapshot.get(), name, row.sql)?.state === 'running';
    if (late) await session.act({ kind: 'cancel', node, session: name });
  }
  if (rows.some(({ names }) => names !== undefined)) await setNames(namesBefore);
}

const lastOf = ({ statements }: Snapshot, session: string, sql: string) =>
  statements.findLast((s) => s.session === session && s.sql === sql);

function answeredOrLate(session: Session, name: string, sql: string): Promise<void> {
  const over = (snapshot: Snapshot): boolean => {
    const sent = lastOf(snapshot, name, sql);
    const now = snapshot.view?.now ?? (0 as Instant);
    return sent === undefined || sent.state !== 'running' || isTooLate(sent, now);
  };
  return new Promise((resolve) => {
    if (over(session.snapshot.get())) return resolve();
    const stop = session.snapshot.watch((snapshot) => {
      if (!over(snapshot)) return;
      stop();
      resolve();
    });
  });
}

/** What is different from a cluster as built, in words: what a column of measurements stands under. */
export function conditionsOf({ nodes, links }: ClusterView): readonly string[] {
  return [...nodes.flatMap(nodeConditions), ...links.flatMap(linkConditions)];
}

function nodeConditions(node: NodeView): readonly string[] {
  const { name, status, frozen, replayPaused, replayBytesPerSecond, fsyncTime } = node;
  if (status !== 'up') return [`${name} ${status}`];
  return [
    ...frozen.map((process) => `${name}’s ${process} frozen`),
    ...(replayPaused ? [`${name}’s replay paused`] : []),
    ...(Number.isFinite(replayBytesPerSecond)
      ? [`${name} replays ${bytesOf(replayBytesPerSecond)}/s`]
      : []),
    ...(fsyncTime === FSYNC_TIME ? [] : [`fsync on ${name} ${timeOrNever(fsyncTime)}`]),
  ];
}

const timeOrNever = (time: Duration): string =>
  Number.isFinite(time) ? lengthOfTime(time) : 'never ends';

function linkConditions({ a, b, cut, delay, bytesPerSecond, lossRatio }: LinkView) {
  if (cut) return [`cable ${a} – ${b} cut`];
  const conditions = [
    ...(delay === LINK_DELAY ? [] : [lengthOfTime(delay)]),
    ...(Number.isFinite(bytesPerSecond) ? [`${bytesOf(bytesPerSecond)}/s`] : []),
    ...(lossRatio === 0 ? [] : [`loses ${Math.round(100 * lossRatio)} %`]),
  ];
  return conditions.length === 0 ? [] : [`cable ${a} – ${b} ${conditions.join(', ')}`];
}

/** Whether it has been waiting for longer than anyone here wants to wait. */
export const isTooLate = ({ state, sentAt }: StatementView, now: Instant): boolean =>
  state === 'running' && between(sentAt, now) > (PATIENCE as Duration);

/** What a table of measured statements knows without a page: under which conditions it measured, and what came back. */
import type { ClusterView, LinkView, NodeView, StatementView } from '../cluster/cluster-view.ts';
import { FSYNC_TIME, LINK_DELAY } from '../postgres/replication-state.ts';
import { between, type Duration, type Instant, seconds } from '../sim/instant.ts';
import { bytesOf, lengthOfTime } from './time-words.ts';

/** What is measured in a row of the table: the time from sending `sql` to its answer. */
export interface MeasuredRow {
  readonly label: string;
  /** No two rows of a page run the same text: by it the answer is found again. */
  readonly sql: string;
  /** synchronous_standby_names for this row; where nothing is said it stays as it is. */
  readonly names?: string;
}

/** One press of the button. */
export interface MeasuredColumn {
  readonly startedAt: Instant;
  readonly cells: readonly (StatementView | null)[];
}

/** A commit that has no answer by then is cancelled, and the next row is measured. */
export const PATIENCE = seconds(2);

const CANCELED_WAIT = '01000';

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

/** The answers that statements of `session` had, by press: each begins with the first row's statement. */
export function columnsOf(
  statements: readonly StatementView[],
  session: string,
  rows: readonly MeasuredRow[],
): readonly MeasuredColumn[] {
  const ours = statements.filter((statement) => statement.session === session);
  const starts = ours.filter(({ sql }) => sql === rows[0]?.sql).map(({ sentAt }) => sentAt);
  return starts.map((startedAt, i) => {
    const end = starts[i + 1] ?? Number.POSITIVE_INFINITY;
    const cells = rows.map(
      ({ sql }) =>
        ours.find((s) => s.sql === sql && s.sentAt >= startedAt && s.sentAt < end) ?? null,
    );
    return { startedAt, cells };
  });
}

/** How long an answer took, in words; a wait that was given up is no answer. */
export function cellText(statement: StatementView | null): string {
  if (statement === null) return '';
  const { state, error, notices, answeredAt, sentAt } = statement;
  if (state === 'running') return '…';
  if (state === 'lost' || answeredAt === null) return 'lost';
  if (error) return error.sqlstate;
  if (notices.some(({ sqlstate }) => sqlstate === CANCELED_WAIT)) return 'no answer';
  return lengthOfTime(between(sentAt, answeredAt));
}

/** Whether it has been waiting for longer than anyone here wants to wait. */
export const isTooLate = ({ state, sentAt }: StatementView, now: Instant): boolean =>
  state === 'running' && between(sentAt, now) > (PATIENCE as Duration);

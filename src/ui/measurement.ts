/** What a table of measured statements shows of what came back. */
import type { StatementView } from '../cluster/cluster-view.ts';
import { between, type Instant } from '../sim/instant.ts';
import { lengthOfTime } from './time-words.ts';

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

const CANCELED_WAIT = '01000';

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

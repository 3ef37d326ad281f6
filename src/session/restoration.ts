import type { StatementView } from '../cluster/cluster-view.ts';
import type { Instant } from '../sim/instant.ts';
import { START } from '../sim/instant.ts';
import type { FromWorker, RecordedAction, RunRecord } from './protocol.ts';
import { withoutStatement } from './run-record.ts';
import type { Snapshot, StoppedStatement } from './snapshot.ts';

/** How a run whose worker is gone comes back: the record to replay, how far, and the statement that is left out. */
export interface Restoration {
  readonly record: RunRecord;
  readonly until: Instant;
  readonly stopped: StoppedStatement | null;
}

/**
 * Plans the return of a run. `death` is null when a person stopped a statement, else why the worker ended. A worker
 * that ended while it was idle, or while it answered a question (`asked`), is not a statement's fault: then nothing is left out.
 */
export function planRestoration(
  before: Snapshot & { readonly record: RunRecord },
  applying: Extract<FromWorker, { kind: 'applying' }> | null,
  asked: boolean,
  death: string | null,
): Restoration {
  const guilty = applying !== null || (!asked && (death === null || before.busy));
  const culprit = guilty ? heldUpBy(before, applying) : null;
  const record = culprit ? withoutStatement(before.record, culprit.index) : before.record;
  const shown = before.view?.now ?? START;
  const until = shown < record.until ? shown : record.until;
  const action = culprit?.entry.action;
  if (!culprit || action?.kind !== 'sql') return { record, until, stopped: null };
  const why =
    death === null
      ? 'Stopped: it had kept this page’s PostgreSQL busy for more than a second'
      : `It was running when ${death}`;
  const { node, session, sql } = action;
  const reason = `${why}. The run stands as if it had never been sent.`;
  return { record, until, stopped: { at: culprit.entry.at, node, session, sql, reason } };
}

/** What to tell once the run stands again. */
export function restoredInWords(
  { stopped }: Restoration,
  death: string | null,
  before: Snapshot,
  now: Snapshot,
): string {
  const lost = answersLost(before.statements, now.statements).length;
  const happened = death === null ? 'Stopped.' : `The cluster ended by itself: ${death}.`;
  const place = stopped
    ? 'just before the statement that kept it busy'
    : 'the moment it had reached';
  const kept =
    lost === 0
      ? 'Nothing that had been answered is lost.'
      : `Answered otherwise than before: ${lost} statements.`;
  return `${happened} The run is restored to ${place}. ${kept}`;
}

/**
 * The statement that holds the worker up, as its place in the record and its entry; null where none can be named. An
 * SQL action that was begun and not done is the one; else it is the youngest that runs, best one that waits for nothing.
 */
function heldUpBy(
  { record, statements }: Pick<Snapshot, 'record' | 'statements'>,
  applying: Extract<FromWorker, { kind: 'applying' }> | null,
): { readonly index: number; readonly entry: RecordedAction } | null {
  if (applying?.entry.action.kind === 'sql') return applying;
  const running = statements.filter((s) => s.state === 'running');
  const suspect = running.findLast((s) => s.waitEvent === null) ?? running.at(-1);
  if (!suspect || !record) return null;
  const index = record.actions.findLastIndex(
    ({ at, action }) =>
      action.kind === 'sql' &&
      at === suspect.sentAt &&
      action.node === suspect.node &&
      action.session === suspect.session,
  );
  const entry = record.actions[index];
  return entry ? { index, entry } : null;
}

/** Statements that had been answered before a restore and are not answered the same after it. */
function answersLost(
  before: readonly StatementView[],
  after: readonly StatementView[],
): readonly StatementView[] {
  const answerOf = (s: StatementView) =>
    JSON.stringify([s.node, s.session, s.sql, s.sentAt, s.state, s.results, s.error]);
  const kept = new Set(after.map(answerOf));
  return before.filter((s) => s.state !== 'running' && !kept.has(answerOf(s)));
}

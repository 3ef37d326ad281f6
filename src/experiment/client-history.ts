import type { StatementView } from '../cluster/cluster-view.ts';
import type { Sent } from '../cluster/workload/workload.ts';
import type { Operation } from '../grading/operation.ts';

/** What clients of a register asked for and were told. A write’s value is the key of its request. */
export const historyOfRegister = (
  sent: readonly Sent[],
  statements: readonly StatementView[],
): readonly Operation[] =>
  sent.flatMap(({ statement, client, population, kind, key }): Operation[] => {
    const view = statements[statement];
    if (!view || kind === 'rollback') return [];
    return [operationOf(view, client, population, kind, key)];
  });

function operationOf(
  view: StatementView,
  client: string,
  group: string,
  kind: Operation['kind'],
  key: number,
): Operation {
  const { node, sentAt, state, error } = view;
  return {
    client,
    group,
    node,
    kind,
    value: kind === 'write' ? key : readBy(view),
    invokedAt: sentAt,
    answeredAt: state === 'lost' ? null : view.answeredAt,
    outcome: state === 'done' ? 'ok' : state === 'error' ? 'fail' : 'unknown',
    sqlstate: error?.sqlstate ?? null,
  };
}

/** The one value of a read’s one row; null where it was not answered. */
export function readBy({ results }: StatementView): number | null {
  const value = results.at(-1)?.rows[0]?.[0];
  return value == null ? null : Number(value);
}

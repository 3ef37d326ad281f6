/** A decision table as its editor has it: what is chosen in each row, changed one thing at a time. */
import type { TableCondition, TableDecision, TableRow } from '../../../routing/decision-table.ts';

export const CONDITIONS: readonly (readonly [TableCondition['if'], string])[] = [
  ['a standby has replayed her write', 'a standby has replayed her write (her token)'],
  ['a standby has replayed all she has seen', 'a standby has replayed all that she has seen'],
  ['a standby has replayed both', 'a standby has replayed both'],
  ['her own standby has replayed both', 'her own standby has replayed both'],
  ['wrote within', 'she wrote within the last … ms'],
  ['waited less than', 'this read has waited less than … ms'],
  ['always', 'always'],
];

export const DECISIONS: readonly (readonly [TableDecision['do'], string])[] = [
  ['that standby', 'that standby'],
  ['her own standby', 'her own standby (always the same one)'],
  ['any standby', 'the standbys in turn'],
  ['primary', 'the primary'],
  ['wait', 'wait … ms, then ask again'],
];

const MS = 100;

export function withCondition(row: TableRow, condition: TableCondition['if'], ms = MS): TableRow {
  const timed = condition === 'wrote within' || condition === 'waited less than';
  return { ...decisionOf(row), ...(timed ? { if: condition, ms } : { if: condition }) };
}

export function withDecision(row: TableRow, decision: TableDecision['do'], waitMs = 5): TableRow {
  return {
    ...conditionOf(row),
    ...(decision === 'wait' ? { do: decision, waitMs } : { do: decision }),
  };
}

const conditionOf = (row: TableRow): TableCondition =>
  'ms' in row ? { if: row.if, ms: row.ms } : { if: row.if };

const decisionOf = (row: TableRow): TableDecision =>
  'waitMs' in row ? { do: row.do, waitMs: row.waitMs } : { do: row.do };

/** The rows with one moved up by a place. */
export function movedUp(rows: readonly TableRow[], index: number): readonly TableRow[] {
  const moved = [...rows];
  const [row] = moved.splice(index, 1);
  if (row) moved.splice(Math.max(0, index - 1), 0, row);
  return moved;
}

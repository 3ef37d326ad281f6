import type { StatementResult } from '../../cluster/sql-engine.ts';
import { visible, widthOf } from '../visible-text.ts';
import { linesOf } from './cells.ts';
import type { Printed } from './printed.ts';

/** Whether a result is what COPY … TO STDOUT sent: lines without titles. */
export const isCopy = ({ command, columns }: StatementResult): boolean =>
  command.startsWith('COPY') && columns.length === 1 && columns[0] === '';

/** The lines of COPY … TO STDOUT as they came. */
export function psqlCopy({ rows }: StatementResult): Printed {
  const lineOf = (row: number) => linesOf(rows[row]?.[0] ?? '')?.join('\\n') ?? '';
  return {
    head: [],
    length: rows.length,
    width: rows.reduce((most, _, row) => Math.max(most, widthOf(lineOf(row))), 0),
    lines: (from, to) =>
      Array.from({ length: Math.max(0, Math.min(to, rows.length) - from) }, (_, i) =>
        visible(lineOf(from + i)),
      ),
  };
}

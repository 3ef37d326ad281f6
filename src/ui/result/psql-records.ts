import type { StatementResult } from '../../cluster/sql-engine.ts';
import { visible, widthOf } from '../visible-text.ts';
import { cellPieces, cellWidth, heightOf, text } from './cells.ts';
import { type Line, type Printed, Stack } from './printed.ts';

/** A result in psql's expanded display: every row a record, every value a line. */
export function psqlRecords({ columns, rows }: StatementResult): Printed {
  const names = columns.reduce((most, column) => Math.max(most, widthOf(column)), 0);
  const values = rows.reduce(
    (most, row) => row.reduce((wide, value) => Math.max(wide, cellWidth(value)), most),
    0,
  );
  const stack = new Stack(
    rows.map((row) => row.reduce((sum, value) => sum + heightOf(value), 1)),
    rows.length,
  );
  const print = (record: number): readonly Line[] => [
    visible(ruleOf(record + 1, names, values)),
    ...(rows[record] ?? []).flatMap((value, x) =>
      Array.from({ length: heightOf(value) }, (_, y): Line => {
        const name = y === 0 ? (columns[x] ?? '') : '';
        return [
          ...visible(name.padEnd(name.length + names - widthOf(name))),
          text(' | '),
          ...cellPieces(value, y, cellWidth(value), false),
        ];
      }),
    ),
  ];
  return {
    head: [],
    length: stack.length,
    width: names + 3 + values,
    lines: (from, to) => [...stack.slice(from, to, print)],
  };
}

/** print_aligned_vertical_line of psql: the plus stands above the bars where the record's number leaves room. */
function ruleOf(record: number, names: number, values: number): string {
  const label = `-[ RECORD ${record} ]`;
  const left = label.padEnd(names, '-');
  if (left.length > names + 1) return left.padEnd(names + values + 3, '-');
  return `${left.padEnd(names + 1, '-')}+`.padEnd(names + values + 3, '-');
}

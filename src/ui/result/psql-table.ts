import type { StatementResult } from '../../cluster/sql-engine.ts';
import { visible, widthOf } from '../visible-text.ts';
import { cellPieces, cellWidth, heightOf, rightAligned, text } from './cells.ts';
import { type Line, type Printed, Stack } from './printed.ts';

/** A result as psql prints it: aligned to all of its rows. */
export function psqlTable(result: StatementResult): Printed {
  const { columns, rows } = result;
  const widths = columns.map((column, i) =>
    rows.reduce((most, row) => Math.max(most, cellWidth(row[i] ?? null)), widthOf(column)),
  );
  const right = rightAligned(result);
  const stack = new Stack(
    rows.map((row) => row.reduce((most, value) => Math.max(most, heightOf(value)), 1)),
    rows.length,
  );
  const print = (row: number) => tableRow(rows[row] ?? [], widths, right);
  return {
    head: [
      visible(columns.map((column, i) => centred(column, widths[i] ?? 0)).join('|')),
      visible(widths.map((width) => '-'.repeat(width + 2)).join('+') || '--'),
    ],
    // A row without columns is nothing to see.
    length: columns.length === 0 ? 0 : stack.length,
    width: widths.reduce((sum, width) => sum + width + 3, 0),
    lines: (from, to) => [...stack.slice(from, to, print)],
  };
}

/** A row is as many lines high as its highest cell. */
function tableRow(
  row: readonly (string | null)[],
  widths: readonly number[],
  right: readonly boolean[],
): readonly Line[] {
  const height = row.reduce((most, value) => Math.max(most, heightOf(value)), 1);
  return Array.from({ length: height }, (_, y) =>
    widths.flatMap((width, x) => [
      text(x > 0 ? '| ' : ' '),
      ...cellPieces(row[x] ?? null, y, width, right[x] ?? false),
    ]),
  );
}

function centred(title: string, width: number): string {
  const gap = width - widthOf(title);
  const left = Math.floor(gap / 2);
  return ` ${' '.repeat(left)}${title}${' '.repeat(gap - left)} `;
}

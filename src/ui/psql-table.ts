import type { StatementResult } from '../cluster/sql-engine.ts';
import { type Piece, visible, widthOf } from './visible-text.ts';

/** A line of output: pieces in order, nothing of it ever read as HTML. */
export type Line = readonly Piece[];

/** A cell longer than this is cut, with its true length named. */
const MAX_CELL = 1_000;
const NULL_WIDTH = 4;
const NUMBER = /^-?(\d+(\.\d+)?([eE][+-]?\d+)?|NaN|Infinity)$/;

/** The rows from the first up to `shown`, aligned as psql aligns them. */
export function psqlTable(result: StatementResult, shown: number): readonly Line[] {
  const rows = result.rows.slice(0, shown);
  const cells = rows.map((row) => row.map((value) => (value === null ? null : linesOf(value))));
  const widths = result.columns.map((column, i) =>
    Math.max(widthOf(column), ...cells.map((row) => cellWidth(row[i] ?? null))),
  );
  const numeric = result.columns.map((_, i) =>
    rows.every((row) => row[i] == null || NUMBER.test(row[i])),
  );
  const header = result.columns.map((column, i) => centred(column, widths[i] ?? 0)).join('|');
  const rule = widths.map((width) => '-'.repeat(width + 2)).join('+');
  return [
    visible(header),
    visible(rule),
    ...cells.flatMap((row) => tableRow(row, widths, numeric)),
  ];
}

/** psql's last line of a table, with the true count even where fewer rows are shown. */
export const rowCount = (count: number): string => `(${count} ${count === 1 ? 'row' : 'rows'})`;

/** A row is as many lines high as its highest cell; psql ends a line that goes on with a plus sign. */
function tableRow(
  row: readonly (readonly string[] | null)[],
  widths: readonly number[],
  numeric: readonly boolean[],
): readonly Line[] {
  const height = Math.max(1, ...row.map((cell) => cell?.length ?? 1));
  return Array.from({ length: height }, (_, y) =>
    widths.flatMap((width, x): readonly Piece[] => {
      const cell = row[x] ?? null;
      const bar: readonly Piece[] = x > 0 ? [{ kind: 'text', text: '|' }] : [];
      if (cell === null && y === 0) {
        return [...bar, text(' '), { kind: 'null' }, text(' '.repeat(width - NULL_WIDTH + 1))];
      }
      const line = cell?.[y] ?? '';
      const gap = ' '.repeat(width - widthOf(line));
      const goesOn = cell !== null && y < cell.length - 1 ? '+' : ' ';
      const padded = numeric[x] ? `${gap}${line}` : `${line}${gap}`;
      return [...bar, text(' '), ...visible(padded), text(goesOn)];
    }),
  );
}

const text = (value: string): Piece => ({ kind: 'text', text: value });

const cellWidth = (cell: readonly string[] | null): number =>
  cell === null ? NULL_WIDTH : Math.max(...cell.map(widthOf));

function linesOf(value: string): readonly string[] {
  const cut =
    value.length > MAX_CELL
      ? `${value.slice(0, MAX_CELL)}… (${value.length.toLocaleString('en')} characters)`
      : value;
  return cut.split('\n');
}

function centred(title: string, width: number): string {
  const gap = width - widthOf(title);
  const left = Math.floor(gap / 2);
  return ` ${' '.repeat(left)}${title}${' '.repeat(gap - left)} `;
}

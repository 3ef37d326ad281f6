import type { StatementResult } from '../../cluster/sql-engine.ts';
import { type Piece, visible, widthOf } from '../visible-text.ts';

/** A cell longer than this is cut, with its true length named. */
const MAX_CELL = 1_000;
export const NULL_WIDTH = 4;
const NUMBER = /^-?(\d+(\.\d+)?([eE][+-]?\d+)?|NaN|Infinity)$/;
/** The types that psql aligns to the right: int8, int2, int4, oid, xid, float4, float8, cid, money, numeric, xid8. */
const NUMERIC = new Set([20, 21, 23, 26, 28, 29, 700, 701, 790, 1700, 5069]);

/** A value's lines as they are shown; null for NULL. */
export function linesOf(value: string | null): readonly string[] | null {
  if (value === null) return null;
  const cut =
    value.length > MAX_CELL
      ? `${value.slice(0, MAX_CELL)}… (${value.length.toLocaleString('en')} characters)`
      : value;
  return cut.includes('\n') ? cut.split('\n') : [cut];
}

const printedLines = (value: string | null) => linesOf(value)?.map(withoutTabs) ?? null;

/** psql prints a tab of a table as blanks up to the next column that eight divides. */
function withoutTabs(line: string): string {
  const [first = '', ...others] = line.split('\t');
  return others.reduce((so, part) => `${so}${' '.repeat(8 - (widthOf(so) % 8))}${part}`, first);
}

export const heightOf = (value: string | null): number => linesOf(value)?.length ?? 1;

export function cellWidth(value: string | null): number {
  const lines = printedLines(value);
  if (lines === null) return NULL_WIDTH;
  return lines.reduce((most, line) => Math.max(most, widthOf(line)), 0);
}

/** By column: whether its values stand to the right. */
export function rightAligned({ columns, rows, typeOids }: StatementResult): readonly boolean[] {
  return columns.map((_, i) => {
    const type = typeOids?.[i];
    if (type !== undefined) return NUMERIC.has(type);
    return rows.every((row) => row[i] == null || NUMBER.test(row[i]));
  });
}

export const text = (value: string): Piece => ({ kind: 'text', text: value });

/** A line of a cell in its place, with the mark that psql ends a line with that goes on. */
export function cellPieces(
  value: string | null,
  y: number,
  width: number,
  right: boolean,
): readonly Piece[] {
  const lines = printedLines(value);
  if (lines === null) {
    const gap = ' '.repeat(width - (y === 0 ? NULL_WIDTH : 0));
    const shown: readonly Piece[] = y === 0 ? [{ kind: 'null' }] : [];
    return right ? [text(gap), ...shown, text(' ')] : [...shown, text(`${gap} `)];
  }
  const line = lines[y] ?? '';
  const gap = ' '.repeat(Math.max(0, width - widthOf(line)));
  const goesOn = y < lines.length - 1 ? '+' : ' ';
  return [...visible(right ? `${gap}${line}` : `${line}${gap}`), text(goesOn)];
}

import { scanSql } from './sql-scan.ts';

/** A selection in a text; where nothing is selected, its ends are the caret. */
export interface Selection {
  readonly from: number;
  readonly to: number;
}

/** Beyond this, a text is run as a whole: nobody has typed it. */
const LONG = 200_000;

/** What Ctrl+Enter runs: what is selected, else the statement at the caret, else all. */
export function sqlToRun(text: string, { from, to }: Selection): string {
  if (to > from && text.slice(from, to).trim() !== '') return text.slice(from, to);
  if (text.length > LONG || isCommand(text)) return text;
  const { statements } = scanSql(text);
  const at =
    statements.find((s) => s.from <= from && from <= s.to) ??
    statements.findLast((s) => s.to <= from);
  return at && statements.length > 1 ? text.slice(at.from, at.to) : text;
}

/** Whether Enter at the end of a text sends it, as in psql: its last statement has its semicolon. */
export function isComplete(text: string): boolean {
  if (isCommand(text)) return true;
  if (!text.trimEnd().endsWith(';')) return false;
  return text.length > LONG || scanSql(text).end === '=';
}

/** A backslash command, which psql answers itself. */
export const isCommand = (text: string): boolean => text.trimStart().startsWith('\\');

import type { ServerMessage } from '../../cluster/sql-engine.ts';

/** Longest part of a statement's line that is shown above a caret. */
const EXCERPT = 60;

/** An error or a notice as psql prints it, with its SQLSTATE, and a caret under the place it names. */
export function psqlMessage(message: ServerMessage, sql: string): readonly string[] {
  const lines = [`${message.severity}:  ${message.sqlstate}: ${message.message}`];
  if (message.position !== null) lines.push(...caret(sql, message.position));
  if (message.detail !== null) lines.push(`DETAIL:  ${message.detail}`);
  if (message.hint !== null) lines.push(`HINT:  ${message.hint}`);
  return lines;
}

/** The line of the statement that a 1-based character position lies in, and a caret below that character. */
function caret(sql: string, position: number): readonly string[] {
  const characters = [...sql];
  const at = position - 1;
  if (at < 0 || at > characters.length) return [];
  const start = characters.lastIndexOf('\n', at - 1) + 1;
  const newline = characters.indexOf('\n', at);
  const end = newline === -1 ? characters.length : newline;
  const number = characters.slice(0, at).filter((c) => c === '\n').length + 1;
  const from = Math.max(start, at - EXCERPT / 2);
  const to = Math.min(end, from + EXCERPT);
  const head = `LINE ${number}: ${from > start ? '...' : ''}`;
  const excerpt = characters.slice(from, to).join('').replaceAll('\t', ' ');
  const tail = to < end ? '...' : '';
  return [`${head}${excerpt}${tail}`, `${' '.repeat(head.length + at - from)}^`];
}

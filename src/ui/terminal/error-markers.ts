import type { StatementView } from '../../cluster/cluster-view.ts';
import type { SqlMarker } from '../editor/sql-editor.ts';

/** Beyond this, nobody looks for a mark in the text. */
const LONG = 200_000;

/** Where in a text the last answer of its session found an error, if the text still holds what was sent. */
export function errorMarkers(text: string, last: StatementView | undefined): readonly SqlMarker[] {
  if (!last?.error || last.error.position === null || text.length > LONG) return [];
  const start = text.indexOf(last.sql);
  if (start === -1) return [];
  // PostgreSQL counts characters, JavaScript UTF-16 units.
  const before = [...last.sql].slice(0, last.error.position - 1).join('');
  const from = start + before.length;
  const word = /^[\w$\u0080-\uffff]+|^"(?:[^"]|"")*"?|^'(?:[^']|'')*'?|^[\s\S]/u.exec(
    text.slice(from),
  );
  const { severity, sqlstate, message, detail, hint } = last.error;
  const said = [`${severity} ${sqlstate}: ${message}`, detail, hint && `HINT: ${hint}`];
  return [
    {
      from: word ? from : Math.max(start, from - 1),
      to: from + (word?.[0].length ?? 0),
      severity: 'error',
      message: said.filter(Boolean).join('\n'),
    },
  ];
}

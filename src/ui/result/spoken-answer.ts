import type { StatementView } from '../../cluster/cluster-view.ts';
import type { StatementResult } from '../../cluster/sql-engine.ts';
import { visible } from '../visible-text.ts';
import { rowCount } from './row-count.ts';

/** Of a small result all values are read out; of a larger one how large it is. */
const FEW_ROWS = 3;
const FEW_COLUMNS = 6;
const FEW_CHARACTERS = 200;

/** An answer in a sentence, for those who hear it; nothing while it is not there. */
export function spokenAnswer(statement: StatementView | null): string {
  if (statement === null) return '';
  const { state, notices, results, error } = statement;
  if (state === 'running') return '';
  const messages = [...notices, ...(error ? [error] : [])].map(
    ({ severity, message, hint }) => `${severity}: ${message}${hint ? `. Hint: ${hint}` : ''}`,
  );
  const lost = state === 'lost' ? [lostInWords(statement)] : [];
  const parts = [
    ...(notices.length > 0 || error ? messages : []),
    ...results.map(spokenResult),
    ...lost,
  ];
  return parts.map(seen).join('. ');
}

/** What is known of a statement that nobody answers. Without a connection it was not even sent. */
export function lostInWords({ sentAt, answeredAt, node }: StatementView): string {
  return answeredAt === sentAt
    ? `Not run: no connection to ${node}. The next statement tries a new one.`
    : 'The connection ended before an answer came. Nobody told this client how it went.';
}

function spokenResult(result: StatementResult): string {
  const { columns, rows, command } = result;
  if (columns.length === 0) return command;
  const count = rowCount(result).slice(1, -1);
  if (rows.length === 0 || rows.length > FEW_ROWS || columns.length > FEW_COLUMNS)
    return `${count}: ${columns.join(', ')}`;
  const values = rows.map((row) =>
    row.map((value, i) => `${columns[i]} ${value ?? 'NULL'}`.trim()).join(', '),
  );
  const all = `${count}: ${values.join('; ')}`;
  return all.length > FEW_CHARACTERS ? `${count}: ${columns.join(', ')}` : all;
}

const seen = (text: string): string =>
  visible(text)
    .map((piece) => (piece.kind === 'null' ? 'NULL' : piece.text))
    .join('');

import type { Poll } from './evidence.ts';
import { clock } from './verdict.ts';

/** SQLSTATEs whose meaning for a watcher is worth a word. */
const MEANINGS: Readonly<Record<string, string>> = {
  '25006': 'A query of a monitor reads, and changes nothing.',
  '57014': 'Whoever watches cannot wait: it is given up after 2 s.',
  '08006': 'Its connection ended with the server.',
};

/** Rows that nobody reads: then the query was not asked again. */
const TOO_MANY = 1_000;

/**
 * What is wrong with an answer, whatever it says: an error, the wrong columns, NULLs, more rows than anybody reads. Columns behind those asked for do not count, where there may be more.
 * Null where it can be judged.
 */
export function misshapen(
  poll: Poll,
  columns: readonly string[],
  others: 'no others' | 'and more' = 'no others',
): string | null {
  const asked = `Asked at ${clock(poll.at)} on ${poll.node}, your query`;
  const { error } = poll;
  if (error) {
    const meaning = MEANINGS[error.sqlstate];
    return `${asked} fails: ERROR ${error.sqlstate}: ${error.message}.${meaning ? ` ${meaning}` : ''}`;
  }
  const { length } = poll.columns;
  if (length < columns.length || (others === 'no others' && length > columns.length))
    return `${asked} returns ${counted(length, 'column')}${listed(poll.columns)}. The task asks for ${counted(columns.length, 'column')}${listed(columns)}.`;
  if (poll.rowCount > TOO_MANY)
    return `${asked} returns ${poll.rowCount.toLocaleString('en')} rows. It was not asked again.`;
  for (const row of poll.rows) {
    const empty = row.slice(0, columns.length).indexOf(null);
    if (empty >= 0)
      return `${asked} returns a row with NULL for ${columns[empty]}. A comparison with NULL is neither true nor false: say what is meant then.`;
  }
  return null;
}

const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;
const listed = (names: readonly string[]): string =>
  names.length === 0 ? '' : ` (${names.join(', ')})`;

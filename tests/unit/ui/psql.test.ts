import { describe, expect, test } from 'vitest';
import { psqlMessage } from '../../../src/ui/psql-message.ts';
import type { Line } from '../../../src/ui/psql-table.ts';
import { psqlTable, rowCount } from '../../../src/ui/psql-table.ts';
import { visible } from '../../../src/ui/visible-text.ts';

const plain = (lines: readonly Line[]) =>
  lines.map((line) => line.map((piece) => (piece.kind === 'null' ? 'NULL' : piece.text)).join(''));

const table = (columns: string[], rows: (string | null)[][], shown = 200) =>
  plain(psqlTable({ command: `SELECT ${rows.length}`, columns, rows }, shown));

describe('a table', () => {
  test('is aligned as psql aligns it: numbers right, words left, titles centred', () => {
    expect(
      table(
        ['id', 'what', 'amount'],
        [
          ['1', 'tea', '4.20'],
          ['20', 'cheesecake', '15.50'],
        ],
      ),
    ).toEqual([
      ' id |    what    | amount ',
      '----+------------+--------',
      '  1 | tea        |   4.20 ',
      ' 20 | cheesecake |  15.50 ',
    ]);
  });

  test('marks NULL apart from the word', () => {
    const lines = psqlTable({ command: 'SELECT 2', columns: ['v'], rows: [[null], ['NULL']] }, 9);
    expect(lines[2]?.map((p) => p.kind)).toContain('null');
    expect(lines[3]?.map((p) => p.kind)).not.toContain('null');
    expect(plain(lines)).toEqual(['  v   ', '------', ' NULL ', ' NULL ']);
  });

  test('shows the first rows only', () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => [String(i)]);
    expect(table(['i'], rows, 3)).toHaveLength(5);
    expect(rowCount(1_000)).toBe('(1000 rows)');
    expect(rowCount(1)).toBe('(1 row)');
  });

  test('goes on in the next line where a value does', () => {
    expect(table(['a', 'b'], [['one\ntwo', 'x']])).toEqual([
      '  a  | b ',
      '-----+---',
      ' one+| x ',
      ' two |   ',
    ]);
  });

  test('cuts a cell of a million characters and says so', () => {
    const [, , line] = table(['v'], [['x'.repeat(1_000_000)]]);
    expect(line).toContain('… (1,000,000 characters)');
    expect(line?.length).toBeLessThan(1_100);
  });

  test('stays aligned where a value holds an escape', () => {
    expect(
      table(
        ['v', 'n'],
        [
          ['\u001b[31m', '1'],
          ['plain', '2'],
        ],
      ),
    ).toEqual(['    v     | n ', '----------+---', ' \\x1B[31m | 1 ', ' plain    | 2 ']);
  });

  test('of no columns and of no rows', () => {
    expect(table(['id'], [])).toEqual([' id ', '----']);
  });
});

describe('a message', () => {
  const error = {
    severity: 'ERROR',
    sqlstate: '42703',
    message: 'column "wat" does not exist',
    detail: null,
    hint: 'Perhaps you meant "what".',
    position: 8,
  };

  test('has its code, a caret at its position, and its hint', () => {
    expect(psqlMessage(error, 'select wat from payments;')).toEqual([
      'ERROR:  42703: column "wat" does not exist',
      'LINE 1: select wat from payments;',
      '               ^',
      'HINT:  Perhaps you meant "what".',
    ]);
  });

  test('points into the right line of several', () => {
    expect(
      psqlMessage({ ...error, position: 10, hint: null }, 'select\n  wat\nfrom payments'),
    ).toEqual(['ERROR:  42703: column "wat" does not exist', 'LINE 2:   wat', '          ^']);
  });

  test('shows the part of a long line that it is about', () => {
    const sql = `select ${'1, '.repeat(100)}wat from payments`;
    const [, line, caret] = psqlMessage({ ...error, position: sql.indexOf('wat') + 1 }, sql);
    expect(line?.length).toBeLessThan(80);
    expect(line?.slice(caret?.indexOf('^'))).toMatch(/^wat/);
  });

  test('without a position has no caret', () => {
    expect(
      psqlMessage(
        {
          ...error,
          severity: 'WARNING',
          sqlstate: '01000',
          position: null,
          hint: null,
          detail: 'It is so.',
        },
        'x',
      ),
    ).toEqual(['WARNING:  01000: column "wat" does not exist', 'DETAIL:  It is so.']);
  });
});

test('what has no glyph is shown as a mark; markup stays text', () => {
  expect(visible('<b>\u001b[2J\u202e\u007f')).toEqual([
    { kind: 'text', text: '<b>' },
    { kind: 'control', text: '\\x1B', name: 'U+001B' },
    { kind: 'text', text: '[2J' },
    { kind: 'control', text: '\\u202E', name: 'U+202E' },
    { kind: 'control', text: '\\x7F', name: 'U+007F' },
  ]);
});

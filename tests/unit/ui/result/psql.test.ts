import { describe, expect, test } from 'vitest';
import { resultCsv } from '../../../../src/ui/result/csv.ts';
import { type Line, type Printed, printedText } from '../../../../src/ui/result/printed.ts';
import { isCopy, psqlCopy } from '../../../../src/ui/result/psql-copy.ts';
import { psqlMessage } from '../../../../src/ui/result/psql-message.ts';
import { psqlRecords } from '../../../../src/ui/result/psql-records.ts';
import { psqlTable } from '../../../../src/ui/result/psql-table.ts';
import { rowCount } from '../../../../src/ui/result/row-count.ts';
import { visible, widthOf } from '../../../../src/ui/visible-text.ts';

const plain = (lines: readonly Line[]) =>
  lines.map((line) => line.map((piece) => (piece.kind === 'null' ? 'NULL' : piece.text)).join(''));

const all = ({ head, lines, length }: Printed) => plain([...head, ...lines(0, length)]);

const of = (columns: string[], rows: (string | null)[][], typeOids?: number[]) => ({
  command: `SELECT ${rows.length}`,
  columns,
  rows,
  ...(typeOids && { typeOids }),
});

const table = (...result: Parameters<typeof of>) => all(psqlTable(of(...result)));
const records = (...result: Parameters<typeof of>) => all(psqlRecords(of(...result)));

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

  test('has blanks for a tab, as far as psql goes', () => {
    const history = '1\t0/114ED30\tno recovery target specified';
    expect(table(['line'], [[history]])[2]).toBe(
      ' 1       0/114ED30       no recovery target specified ',
    );
  });

  test('marks NULL apart from the word', () => {
    const lines = psqlTable(of(['v'], [[null], ['NULL']])).lines(0, 2);
    expect(lines[0]?.map((p) => p.kind)).toContain('null');
    expect(lines[1]?.map((p) => p.kind)).not.toContain('null');
    expect(table(['v'], [[null], ['NULL']])).toEqual(['  v   ', '------', ' NULL ', ' NULL ']);
  });

  test('aligns by type where it is known: a text of digits stands left', () => {
    const [TEXT, INT4] = [25, 23];
    expect(
      table(
        ['setting', 'id'],
        [
          ['8', '8'],
          ['16384', '16384'],
        ],
        [TEXT, INT4],
      ),
    ).toEqual([' setting |  id   ', '---------+-------', ' 8       |     8 ', ' 16384   | 16384 ']);
  });

  test('counts rows, those too that did not come', () => {
    expect(rowCount(of(['i'], []))).toBe('(0 rows)');
    expect(rowCount(of(['i'], [['1']]))).toBe('(1 row)');
    expect(rowCount({ ...of(['i'], [['1']]), omittedRows: 199_999 })).toBe('(200000 rows)');
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
    expect(table([], [[], []])).toEqual(['', '--']);
  });

  test('gives two columns to what a terminal draws wide, and none to what combines', () => {
    expect(widthOf('台北🐘')).toBe(6);
    expect(widthOf('e\u0301')).toBe(1);
    expect(table(['v'], [['台北'], ['abc']])).toEqual(['  v   ', '------', ' 台北 ', ' abc  ']);
  });

  test('of a hundred thousand rows gives any of its lines', () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => [String(i), i % 2 ? 'odd' : null]);
    const printed = psqlTable(of(['i', 'v'], rows));
    expect(printed.length).toBe(100_000);
    expect(plain(printed.lines(99_999, 100_100))).toEqual([' 99999 | odd  ']);
    expect(plain(printed.lines(50_000, 50_002))).toEqual([' 50000 | NULL ', ' 50001 | odd  ']);
  });

  test('finds lines among rows of different heights', () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => [i % 3 ? `${i}` : `${i}\n${i}b`]);
    const printed = psqlTable(of(['v'], rows));
    const whole = plain(printed.lines(0, printed.length));
    expect(whole).toHaveLength(1_334);
    for (const [from, to] of [
      [0, 3],
      [1, 2],
      [700, 710],
      [1_333, 2_000],
    ] as const)
      expect(plain(printed.lines(from, to))).toEqual(whole.slice(from, to));
  });
});

describe('expanded display', () => {
  test('has a record a row and a line a value', () => {
    expect(
      records(
        ['id', 'application_name'],
        [
          ['1', 'standby1'],
          ['20', null],
        ],
      ),
    ).toEqual([
      '-[ RECORD 1 ]----+---------',
      'id               | 1 ',
      'application_name | standby1 ',
      '-[ RECORD 2 ]----+---------',
      'id               | 20 ',
      'application_name | NULL ',
    ]);
  });

  test('goes on in the next line where a value does', () => {
    expect(records(['v'], [['one\ntwo']])).toEqual(['-[ RECORD 1 ]', 'v | one+', '  | two ']);
  });
});

test('COPY TO STDOUT has lines and no titles', () => {
  const copy = { command: 'COPY 2', columns: [''], rows: [['1\ta'], ['2\t\\N']] };
  expect([isCopy(copy), isCopy(of(['v'], []))]).toEqual([true, false]);
  expect(all(psqlCopy(copy))).toEqual(['1\\ta', '2\\t\\N']);
});

test('the text to copy is what is seen', () => {
  expect(printedText(psqlTable(of(['v'], [['a\u001bb'], [null]])))).toBe(
    '   v    \n--------\n a\\x1Bb \n NULL   ',
  );
});

test('CSV tells NULL from an empty text, and quotes what needs it', () => {
  expect(
    resultCsv(
      of(
        ['a', 'b,c'],
        [
          [null, ''],
          ['say "hi"', 'two\nlines'],
          ['-1', '=x'],
        ],
      ),
    ),
  ).toBe('a,"b,c"\r\n,""\r\n"say ""hi""","two\nlines"\r\n-1,=x\r\n');
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

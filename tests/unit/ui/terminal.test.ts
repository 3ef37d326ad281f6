import { describe, expect, test } from 'vitest';
import type { StatementView } from '../../../src/cluster/cluster-view.ts';
import { instant, START } from '../../../src/sim/instant.ts';
import { promptsOf } from '../../../src/ui/psql/prompt.ts';
import { sqlOf, transcript } from '../../../src/ui/terminal/entries.ts';
import { errorMarkers } from '../../../src/ui/terminal/error-markers.ts';
import { freeSession, parseTerminals } from '../../../src/ui/terminal/terminal-list.ts';

const statement = (sql: string, rest: Partial<StatementView> = {}): StatementView => ({
  id: 0,
  node: 'primary',
  session: 'a',
  sql,
  sentAt: START,
  sentIn: 'idle',
  answeredAt: START,
  state: 'done',
  results: [],
  notices: [],
  error: null,
  waitEventType: null,
  waitEvent: null,
  ...rest,
});

const failed = (sql: string, position: number | null) =>
  statement(sql, {
    state: 'error',
    error: {
      severity: 'ERROR',
      sqlstate: '42703',
      message: 'column "wat" does not exist',
      detail: null,
      hint: 'Perhaps not.',
      position,
    },
  });

describe('the mark of an error', () => {
  const marked = (text: string, last: StatementView) =>
    errorMarkers(text, last).map(({ from, to }) => text.slice(from, to));

  test('stands under the word that PostgreSQL points at', () => {
    expect(marked('select wat from t;', failed('select wat from t;', 8))).toEqual(['wat']);
    expect(marked('select "w at";', failed('select "w at";', 8))).toEqual(['"w at"']);
    expect(marked('select );', failed('select );', 8))).toEqual([')']);
  });

  test('counts characters, not UTF-16 units', () => {
    expect(marked("select '🐘', wat;", failed("select '🐘', wat;", 13))).toEqual(['wat']);
  });

  test('finds a statement that was run out of a longer text', () => {
    expect(marked('select 1;\nselect wat;', failed('select wat;', 8))).toEqual(['wat']);
  });

  test('stands before the end where the text ends too soon', () => {
    expect(marked('select (', failed('select (', 9))).toEqual(['(']);
  });

  test('says all that the server said', () => {
    expect(errorMarkers('x', failed('x', 1))[0]?.message).toBe(
      'ERROR 42703: column "wat" does not exist\nHINT: Perhaps not.',
    );
  });

  test('is nowhere once the text is another one, or the server named no place', () => {
    expect(marked('select 2', failed('select wat', 8))).toEqual([]);
    expect(marked('select wat', failed('select wat', null))).toEqual([]);
    expect(errorMarkers('select 1', undefined)).toEqual([]);
  });
});

test('prompts show the transaction, and in what a line goes on', () => {
  expect(promptsOf('primary', 'idle', 'select\n1;')).toEqual(['primary=# ', 'primary-# ']);
  expect(promptsOf('primary', 'transaction', 'x')).toEqual(['primary=*# ']);
  expect(promptsOf('primary', 'failed', "'\n")).toEqual(['primary=!# ', "primary'!# "]);
  expect(promptsOf('primary', 'idle', 'x\n'.repeat(50_000))).toHaveLength(1);
});

test('a screen is in the order of time, and an entry stays the same one', () => {
  const first = statement('first', { sentAt: instant(5) });
  const command = { at: instant(7), line: '\\d', sentIn: 'idle', output: null } as const;
  const stopped = { at: instant(6), node: 'primary', session: 'a', sql: 'loop', reason: '' };
  const entries = transcript([first], [stopped], [command]);
  expect(entries.map(sqlOf)).toEqual(['first', 'loop', '\\d']);
  expect(transcript([first], [], [])[0]).toBe(entries[0]);
});

describe('opened terminals', () => {
  test('get a letter that no session has', () => {
    expect(freeSession(new Set(['a', 'b', 'd']))).toBe('c');
    expect(freeSession(new Set('abcdefghijklmnopqrstuvwxyz'))).toBe('s1');
  });

  test.each([null, '', '{', '7', '{"a":1}'])('%j holds none', (text) => {
    expect(parseTerminals(text)).toEqual([]);
  });

  test('what is none is left out', () => {
    const good = { node: 'primary', session: 'e', title: 'the <b>till</b>' };
    const bad = [
      null,
      1,
      {},
      { ...good, node: 'a b' },
      { ...good, title: 3 },
      { ...good, session: '' },
    ];
    expect(parseTerminals(JSON.stringify([...bad, good]))).toEqual([good]);
  });
});

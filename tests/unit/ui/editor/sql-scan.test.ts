import { describe, expect, test } from 'vitest';
import { scanSql } from '../../../../src/ui/editor/sql-scan.ts';
import { isComplete, sqlToRun } from '../../../../src/ui/editor/sql-to-run.ts';

const statements = (text: string) =>
  scanSql(text).statements.map(({ from, to }) => text.slice(from, to));

describe('statements of a text', () => {
  test.each<[string, string[]]>([
    ['select 1; select 2;', ['select 1;', 'select 2;']],
    ['  select 1', ['select 1']],
    ['', []],
    ['-- only; a comment', []],
    ["select ';'; select 2", ["select ';';", 'select 2']],
    ["select 'it''s; one';", ["select 'it''s; one';"]],
    ["select E'a\\'; b';x", ["select E'a\\'; b';", 'x']],
    ["select 'a\\'; select 2", ["select 'a\\';", 'select 2']],
    ['select ";";x', ['select ";";', 'x']],
    ['select $a$ ; $$ ; $a$;x', ['select $a$ ; $$ ; $a$;', 'x']],
    ['select $1; select 2', ['select $1;', 'select 2']],
    ['/* a; /* b; */ c; */ select 1;x', ['select 1;', 'x']],
    [
      'create rule r as on insert to t do also (select 1; select 2);x',
      ['create rule r as on insert to t do also (select 1; select 2);', 'x'],
    ],
    [
      'create function f() returns int begin atomic select case when true then 1 end; select 2; end;x',
      [
        'create function f() returns int begin atomic select case when true then 1 end; select 2; end;',
        'x',
      ],
    ],
    ['begin; select 1; end;', ['begin;', 'select 1;', 'end;']],
    [';;', [';', ';']],
  ])('%s', (text, parts) => {
    expect(statements(text)).toEqual(parts);
  });

  test('of a megabyte are found as well', () => {
    expect(statements('select 1;\n'.repeat(100_000))).toHaveLength(100_000);
  });
});

describe('psql’s prompt of each line', () => {
  test.each<[string, string]>([
    ['select\n1;\nselect', '=-='],
    ["select '\n;\n'\n;", "=''-"],
    ['select (\n1\n)\n', '=((-'],
    ['/*\n*/ select\n1', '=*-'],
    ['select $$\n$$\n', '=$-'],
    ['select "\n"', '="'],
    ['-- a\n\nselect 1', '==='],
    ['select -- a\n1', '=-'],
  ])('%j', (text, prompts) => {
    expect(scanSql(text).lines.join('')).toBe(prompts);
  });
});

test.each<[string, boolean]>([
  ['select 1;', true],
  ['select 1; ', true],
  ['select 1', false],
  ["select ';", false],
  ['select (1;', false],
  ['\\d', true],
  ['', false],
])('Enter sends %j: %s', (text, sends) => {
  expect(isComplete(text)).toBe(sends);
});

describe('Ctrl+Enter runs', () => {
  const text = 'select 1;\n\nselect 2; select 3';
  const at = (from: number, to = from) => sqlToRun(text, { from, to });

  test('what is selected', () => expect(at(0, 8)).toBe('select 1'));
  test('the statement at the caret', () => expect(at(12)).toBe('select 2;'));
  test('the statement before the caret', () => expect(at(10)).toBe('select 1;'));
  test('the last one', () => expect(at(text.length)).toBe('select 3'));
  test('all of a single one', () =>
    expect(sqlToRun('-- why\nselect 1;', { from: 0, to: 0 })).toBe('-- why\nselect 1;'));
  test('a backslash command', () =>
    expect(sqlToRun('\\d payments; x', { from: 0, to: 0 })).toBe('\\d payments; x'));
});

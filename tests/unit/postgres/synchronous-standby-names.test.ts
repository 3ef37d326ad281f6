import { describe, expect, it } from 'vitest';
import { parseSynchronousStandbyNames } from '../../../src/postgres/synchronous-standby-names.ts';

const names = (text: string) => parseSynchronousStandbyNames(text).names;
const error = (text: string) => parseSynchronousStandbyNames(text).error;

describe('synchronous_standby_names', () => {
  it('is off when empty', () => {
    expect(parseSynchronousStandbyNames('')).toEqual({ names: null, error: null });
  });

  it.each([
    ['s1, s2', 'priority', 1, ['s1', 's2']],
    ['*', 'priority', 1, ['*']],
    ['2 (s1, s2)', 'priority', 2, ['s1', 's2']],
    ['FIRST 2 (s1,s2,s3)', 'priority', 2, ['s1', 's2', 's3']],
    ['first 1(s1)', 'priority', 1, ['s1']],
    ['Any 2 (s1, *)', 'quorum', 2, ['s1', '*']],
    ['"walreceiver"', 'priority', 1, ['walreceiver']],
    ['"a ""b"" c", "any"', 'priority', 1, ['a "b" c', 'any']],
    ['"1 (a)"', 'priority', 1, ['1 (a)']],
    ['1, 2', 'priority', 1, ['1', '2']],
    ['1', 'priority', 1, ['1']],
    ['ANY 1 (2)', 'quorum', 1, ['2']],
    ['Märkte$1', 'priority', 1, ['Märkte$1']],
  ] as const)('reads %s', (text, method, numSync, members) => {
    expect(parseSynchronousStandbyNames(text)).toEqual({
      names: { method, numSync, members },
      error: null,
    });
  });

  it.each([
    ['FIRST (s1)', 'syntax error at or near "("'],
    ['FIRST 1 s1', 'syntax error at or near "s1"'],
    ['ANY 2 (s1, s2', 'syntax error at end of input'],
    ['s1 s2', 'syntax error at or near "s2"'],
    ['s1,', 'syntax error at end of input'],
    ['s1;s2', 'syntax error at or near ";"'],
    ['a-b', 'syntax error at or near "-"'],
    [' ', 'syntax error at end of input'],
    ['()', 'syntax error at or near "("'],
    ['ANY 1 ()', 'syntax error at or near ")"'],
    ['any', 'syntax error at end of input'],
    ['s1, first', 'syntax error at or near "first"'],
    ['FIRST 1 (s1) x', 'syntax error at or near "x"'],
    ['s1 "s2"', 'syntax error at or near """'],
    ['"s1', 'unterminated quoted identifier at end of input'],
  ])('refuses %s as PostgreSQL does', (text, detail) => {
    expect(error(text)).toEqual({
      sqlstate: '42601',
      message: `invalid value for parameter "synchronous_standby_names": "${text}"`,
      detail,
    });
    expect(names(text)).toBeNull();
  });

  it('wants at least one standby', () => {
    expect(error('ANY 0 (s1)')).toEqual({
      sqlstate: '22023',
      message: 'number of synchronous standbys (0) must be greater than zero',
      detail: null,
    });
  });
});

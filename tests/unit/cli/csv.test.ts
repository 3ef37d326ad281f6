import { expect, test } from 'vitest';
import { csv } from '../../../src/cli/csv.ts';

test.each([
  ['plain', 'plain'],
  [null, ''],
  [3, '3'],
  [-3, '-3'],
  ['a,b', '"a,b"'],
  ['say "tea"', '"say ""tea"""'],
  ['two\nlines', '"two\nlines"'],
  ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
  ['@sum', "'@sum"],
  ['-1+1', "'-1+1"],
])('%j becomes %s', (value, cell) => {
  expect(csv([[value, 'x']])).toBe(`${cell},x\r\n`);
});

import { expect, test } from 'vitest';
import { siteBase } from '../../src/cli/site-base.ts';

test.each([
  [undefined, '/'],
  ['', '/'],
  ['/', '/'],
  ['wiki', '/wiki'],
  ['/wiki/', '/wiki'],
  ['//some/wiki//path/', '/some/wiki/path'],
])('SITE_BASE %j means %s', (written, meant) => {
  expect(siteBase(written)).toBe(meant);
});

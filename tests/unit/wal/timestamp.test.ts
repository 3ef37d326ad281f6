import { expect, test } from 'vitest';
import { formatTimestamp } from '../../../src/postgres/wal/timestamp.ts';

test('prints a time as PostgreSQL does in UTC', () => {
  expect(formatTimestamp(0)).toBe('2000-01-01 00:00:00+00');
  expect(formatTimestamp(848644155591000)).toBe('2026-11-22 06:29:15.591+00');
  expect(formatTimestamp(1)).toBe('2000-01-01 00:00:00.000001+00');
  expect(formatTimestamp(-1)).toBe('1999-12-31 23:59:59.999999+00');
});

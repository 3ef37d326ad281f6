import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../../src/postgres/archive-command.ts';
import {
  endCommand,
  mayStart,
  nextTimeout,
  nudge,
  startArchiver,
} from '../../../src/postgres/archiver.ts';
import { lsn } from '../../../src/postgres/lsn.ts';
import { type Instant, instant, ms, seconds } from '../../../src/sim/instant.ts';

const MB = 2 ** 20;
const now = (second: number): Instant => instant(seconds(second));

describe('archive_command and restore_command', () => {
  it('copy to the archive, and back', () => {
    const plain = { kind: 'archive', directory: '/archive', careful: false };
    expect(parseCommand('cp %p /archive/%f')).toEqual(plain);
    expect(parseCommand('cp "%p" "/archive/%f"')).toEqual(plain);
    expect(parseCommand('test ! -f /archive/%f && cp %p /archive/%f')).toEqual({
      ...plain,
      careful: true,
    });
    expect(parseCommand('cp /archive/%f %p')).toEqual({ kind: 'restore', directory: '/archive' });
    expect(parseCommand('false')).toEqual({ kind: 'exit', code: 1 });
  });

  it('of another kind are not understood', () => {
    for (const other of ['gzip < %p > /archive/%f.gz', 'cp %p archive/%f', 'rm -rf /', ''])
      expect(parseCommand(other)).toBeNull();
    expect(parseCommand('test ! -f /a/%f && cp %p /b/%f')).toBeNull();
  });
});

describe('the archiver', () => {
  const fresh = startArchiver(true, lsn(3 * MB), now(0));

  it('takes complete segments only, and none where archive_mode was off at the start', () => {
    expect(mayStart(fresh, lsn(4 * MB - 1), now(1))).toBe(false);
    expect(mayStart(fresh, lsn(4 * MB), now(1))).toBe(true);
    expect(mayStart({ ...fresh, on: false }, lsn(4 * MB), now(1))).toBe(false);
  });

  it('counts what it has archived and goes on with the next segment', () => {
    const done = endCommand(fresh, true, now(1));
    expect(done.next).toBe(4 * MB);
    expect(done.counts).toMatchObject({ archived: 1, lastArchived: 3 * MB, failed: 0 });
  });

  it('tries three times a second apart, then after a minute, or when it is nudged', () => {
    const once = endCommand(fresh, false, now(1));
    expect(once.retryAt).toBe(now(2));
    expect(nudge(once, now(1)).retryAt).toBe(now(2));
    const thrice = endCommand(endCommand(once, false, now(2)), false, now(3));
    expect(thrice.counts).toMatchObject({ failed: 3, lastFailed: 3 * MB, archived: 0 });
    expect(thrice.retryAt).toBe(now(63));
    expect(nudge(thrice, now(10)).retryAt).toBe(now(10));
  });

  it('is timed from the last complete segment', () => {
    expect(nextTimeout(fresh, seconds(5), now(2))).toBe(now(5));
    expect(nextTimeout(fresh, seconds(5), instant(ms(5_001)))).toBe(now(10));
  });
});

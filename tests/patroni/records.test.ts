import { describe, expect, it } from 'vitest';
import {
  nextLeaderAt,
  recorded,
  recordedNames,
  said,
  stepAt,
  stretches,
  twoPrimariesMs,
} from './recorded.ts';

/** What the chapter on the governor says of a real Patroni, held to the records of one: `npm run patroni` renews them. */
describe('a real Patroni 4', () => {
  const TTL_MS = 30_000;
  const LOOP_MS = 10_000;
  const RETRY_MS = 10_000;

  it('was recorded in version 4, with its defaults', () => {
    for (const name of recordedNames) {
      const { head } = recorded(name);
      expect(head.schedule).toBe(name);
      expect(head.versions.patroni).toMatch(/^4\./);
      expect(head.dynamic).toMatchObject({ ttl: 30, loop_wait: 10, retry_timeout: 10 });
    }
  });

  it('replaces a leader that is gone when its lease has run out, and not before', () => {
    const { lines } = recorded('leader-killed');
    const next = nextLeaderAt(lines, 'node1');
    // The key was renewed at most one turn of the loop before the kill.
    expect(next?.at).toBeGreaterThan(TTL_MS - LOOP_MS - 2000);
    expect(next?.at).toBeLessThan(TTL_MS + LOOP_MS);
    expect(twoPrimariesMs(lines)).toBe(0);
    expect(said(lines, next?.leader ?? '')).toContain(
      'promoted self to leader by acquiring session lock',
    );
  });

  it('has two primaries while the Patroni of one is frozen and no watchdog guards it', () => {
    const { lines } = recorded('leader-frozen');
    const next = nextLeaderAt(lines, 'node1');
    const thawed = stepAt(lines, 'thaw-patroni');
    expect(twoPrimariesMs(lines)).toBeGreaterThan(thawed - (next?.at ?? thawed) - 1000);
    const ownEnd = stretches(lines, 'primary').find(({ node }) => node === 'node1')?.to;
    expect(ownEnd).toBeGreaterThan(thawed);
    // It wakes, sees another leader, and stops at once; pg_rewind then takes back what it wrote alone.
    expect(said(lines, 'node1')).toEqual(
      expect.arrayContaining([
        'Demoting self (immediate-nolock)',
        expect.stringMatching(/^running pg_rewind from /),
        'pg_rewind exit code=0',
      ]),
    );
  });

  it('demotes a leader that does not reach the DCS before its key is gone', () => {
    const { lines } = recorded('dcs-cut-from-leader');
    const next = nextLeaderAt(lines, 'node1');
    const demoted = stretches(lines, 'primary').find(({ node }) => node === 'node1')?.to ?? 0;
    expect(demoted).toBeLessThan(LOOP_MS + RETRY_MS + 2000);
    expect(next?.at).toBeGreaterThan(demoted);
    expect(twoPrimariesMs(lines)).toBe(0);
    expect(said(lines, 'node1')).toContain(
      'demoting self because DCS is not accessible and I was a leader',
    );
  });

  it('has no primary at all while the DCS has no majority', () => {
    const { lines } = recorded('dcs-without-majority');
    const back = stepAt(lines, 'start-dcs');
    const [first, second] = stretches(lines, 'primary');
    expect(first?.node).toBe('node1');
    expect(first?.to).toBeLessThan(LOOP_MS + RETRY_MS + 4000);
    expect(second?.from).toBeGreaterThan(back);
  });

  it('lets nobody follow who lacks more than maximum_lag_on_failover', () => {
    const { lines } = recorded('lagging-candidate');
    expect(nextLeaderAt(lines, 'node1')?.leader).toBe('node3');
    expect(said(lines, 'node2')).toContain('My wal position exceeds maximum replication lag');
  });

  it('switches over without a moment of two primaries, in a few seconds', () => {
    const { lines } = recorded('switchover');
    expect(nextLeaderAt(lines, 'node1')?.leader).toBe('node3');
    expect(twoPrimariesMs(lines)).toBe(0);
    expect(said(lines, 'node1')).toContain('switchover: demoting myself');
  });

  it('promotes nobody in maintenance mode', () => {
    const { lines } = recorded('paused');
    expect(nextLeaderAt(lines, 'node1')?.at).toBeGreaterThan(stepAt(lines, 'resume'));
    expect(said(lines, 'node2')).toContain('PAUSE: no action. I am (node2)');
  });
});

import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../../src/cluster/cluster-view.ts';
import { lagOf, troubleOf } from '../../../src/grading/lag.ts';
import { formatLsn, type Lsn } from '../../../src/postgres/lsn.ts';
import { type Instant, seconds } from '../../../src/sim/instant.ts';

const at = (second: number) => seconds(second) as number as Instant;
const event = (
  second: number,
  kind: string,
  node: string,
  facts: TraceEvent['facts'],
): TraceEvent => ({
  at: at(second),
  kind,
  node,
  words: '',
  facts,
});
const wal = (second: number, kind: string, node: string, lsn: number) =>
  event(second, kind, node, { lsn: formatLsn(lsn as Lsn) });
const flushed = (second: number, lsn: number) => wal(second, 'walFlushed', 'primary', lsn);
const replayed = (second: number, lsn: number) => wal(second, 'walReplayed', 'standby1', lsn);
const walsender = (second: number, kind: 'walsenderStarted' | 'walsenderEnded') =>
  event(second, kind, 'primary', { standby: 'standby1' });

describe('lag', () => {
  test('is the age of the oldest WAL that is not replayed', () => {
    const lag = lagOf(
      [flushed(1, 100), flushed(3, 200), replayed(4, 100), flushed(5, 300), replayed(8, 300)],
      'primary',
      'standby1',
    );
    expect([1, 2, 4, 6, 8, 60].map((second) => lag(at(second)) / 1e6)).toEqual([0, 1, 1, 3, 0, 0]);
  });

  test('counts what this standby replays, not what another does', () => {
    const trace = [flushed(1, 100), wal(2, 'walReplayed', 'standby2', 100)];
    expect(lagOf(trace, 'primary', 'standby1')(at(5)) / 1e6).toBe(4);
  });
});

describe('trouble', () => {
  const troubles = (...trace: TraceEvent[]) =>
    troubleOf(trace, 'primary', 'standby1', seconds(5), at(30)).map(({ from, to }) => [
      from / 1e6,
      to / 1e6,
    ]);

  test('lasts while the lag is too long', () => {
    expect(troubles(flushed(1, 100), replayed(10, 100))).toEqual([[6.1, 10]]);
    expect(troubles(flushed(1, 100), replayed(5, 100))).toEqual([]);
    expect(troubles(flushed(1, 100))).toEqual([[6.1, 30]]);
  });

  test('lasts while there is no connection, though nothing is to be replayed', () => {
    const trace = [
      flushed(1, 100),
      replayed(1, 100),
      walsender(4, 'walsenderEnded'),
      walsender(9, 'walsenderStarted'),
    ];
    expect(troubles(...trace)).toEqual([[4, 9]]);
  });

  test('is none while a new connection stands beside one that is not yet given up', () => {
    const trace = [
      flushed(1, 100),
      replayed(1, 100),
      walsender(4, 'walsenderStarted'),
      walsender(9, 'walsenderEnded'),
    ];
    expect(troubles(...trace)).toEqual([]);
  });
});

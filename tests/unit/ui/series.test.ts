import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../../src/cluster/cluster-view.ts';
import { formatLsn, lsn } from '../../../src/postgres/lsn.ts';
import { instant } from '../../../src/sim/instant.ts';
import { aligned } from '../../../src/ui/plots/aligned.ts';
import { commitLatencies, lagsOf, latest, median } from '../../../src/ui/plots/series.ts';
import { statement } from './cluster-shown.ts';

const moved = (at: number, kind: string, node: string, to: number): TraceEvent => ({
  at: instant(at),
  kind,
  node,
  words: '',
  facts: { lsn: formatLsn(lsn(to)) },
});

const sent = (at: number, from: number): TraceEvent => ({
  at: instant(at),
  kind: 'walSent',
  node: 'primary',
  words: '',
  facts: { startLsn: formatLsn(lsn(from)) },
});

const answered = (command: string, fields = {}) =>
  statement({
    sentAt: instant(1_000),
    answeredAt: instant(11_000),
    results: [{ command, columns: [], rows: [] }],
    ...fields,
  });

describe('commit latency', () => {
  test('is the time from sending to the answer, of what has ended a transaction', () => {
    expect(commitLatencies([answered('INSERT 0 1')])).toEqual([{ at: 11_000, value: 10_000 }]);
    expect(commitLatencies([answered('COMMIT', { sentIn: 'transaction' })])).toHaveLength(1);
  });

  test('reading, failing, waiting and the inside of a block are no commits', () => {
    expect(
      commitLatencies([
        answered('SELECT 1'),
        answered('INSERT 0 1', { state: 'error' }),
        answered('INSERT 0 1', { answeredAt: null, state: 'running' }),
        answered('INSERT 0 1', { sentIn: 'transaction' }),
        answered('ROLLBACK', { sentIn: 'transaction' }),
      ]),
    ).toEqual([]);
  });

  test('the middle of several', () => {
    const points = [30, 10, 20, 500].map((value, at) => ({ at, value }));
    expect(median(points)).toBe(20);
    expect(median([])).toBeNull();
  });
});

describe('lag', () => {
  const events = [
    moved(1_000, 'walFlushed', 'primary', 1_200),
    sent(1_000, 1_000),
    moved(7_000, 'walReplayed', 'standby1', 1_200),
    moved(20_000, 'walFlushed', 'primary', 1_500),
    moved(30_000, 'walFlushed', 'primary', 1_600),
    moved(40_000, 'walReplayed', 'standby1', 1_500),
  ];
  const followers = ['standby1', 'standby2'].map((name) => ({ name, primary: 'primary' }));
  const [one, two] = lagsOf(events, followers, instant(50_000));

  test('in bytes steps up where the primary flushes and down where the standby replays', () => {
    expect(one?.bytes).toEqual([
      { at: 1_000, value: 0 },
      { at: 1_000, value: 200 },
      { at: 7_000, value: 200 },
      { at: 7_000, value: 0 },
      { at: 20_000, value: 0 },
      { at: 20_000, value: 300 },
      { at: 30_000, value: 300 },
      { at: 30_000, value: 400 },
      { at: 40_000, value: 400 },
      { at: 40_000, value: 100 },
      { at: 50_000, value: 100 },
    ]);
    expect(latest(two?.bytes ?? [])).toBe(600);
  });

  test('in time is the age of the oldest byte that is missing', () => {
    const at = (instantOf: number) =>
      one?.time.filter((point) => point.at === instantOf).map(({ value }) => value);
    expect(at(7_000)).toEqual([6_000, 0]);
    // What was flushed at 20 ms is replayed at 40 ms; then the oldest missing byte is of 30 ms.
    expect(at(40_000)).toEqual([20_000, 10_000]);
    expect(latest(one?.time ?? [])).toBe(20_000);
    expect(latest(two?.time ?? [])).toBe(49_000);
  });

  test('is that behind the primary before, up to a promotion, and behind the promoted one from then', () => {
    const promoted = { ...moved(45_000, 'walFlushed', 'standby1', 1_500), kind: 'promoted' };
    const all = [
      ...events,
      promoted,
      moved(47_000, 'walFlushed', 'primary', 9_000),
      moved(48_000, 'walFlushed', 'standby1', 1_700),
    ];
    const [lag] = lagsOf(all, [{ name: 'standby2', primary: 'standby1' }], instant(50_000));
    expect(lag?.bytes.filter(({ at }) => at >= 45_000).map(({ value }) => value)).toEqual([
      600, 700, 700,
    ]);
    const [stayed] = lagsOf(all, [{ name: 'standby2', primary: 'primary' }], instant(50_000));
    expect(latest(stayed?.bytes ?? [])).toBe(8_000);
  });

  test('ends at the shown moment', () => {
    const [then] = lagsOf(events, followers, instant(25_000));
    expect(then?.bytes.at(-1)).toEqual({ at: 25_000, value: 300 });
  });
});

describe('columns of a plot', () => {
  test('hold every instant once, with a hole where a series has nothing', () => {
    const window = { from: 0, to: 10 };
    expect(
      aligned(
        [
          [
            { at: 1, value: 5 },
            { at: 3, value: 6 },
          ],
          [{ at: 2, value: 7 }],
        ],
        window,
      ),
    ).toEqual([
      [1, 2, 3],
      [5, null, 6],
      [null, 7, null],
    ]);
  });

  test('keep a step steep, and the neighbours outside of the window', () => {
    const step = [0, 4, 4, 20, 30].map((at, value) => ({ at, value }));
    const [instants, values] = aligned([step], { from: 3, to: 10 });
    expect(instants.map(Math.floor)).toEqual([0, 4, 4, 20]);
    expect(instants[2]).toBeGreaterThan(4);
    expect(values).toEqual([0, 1, 2, 3]);
  });
});

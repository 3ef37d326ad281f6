import { describe, expect, it } from 'vitest';
import type { Chronicle } from '../../src/ha/chronicle.ts';
import { BEFORE, modelled } from '../patroni/modelled.ts';
import { recorded } from '../patroni/recorded.ts';
import { joined } from './governed-as-played.ts';

/** A stretch in which clients found a node that takes writes, in seconds since the first step. */
interface Reign {
  readonly node: string;
  readonly from: number;
  readonly to: number;
}

function reigns({ found }: Chronicle, begin: number): readonly Reign[] {
  const since = (at: number) => Math.max(0, (at - begin) / 1e6);
  return Object.entries(found)
    .flatMap(([node, all]) =>
      all.flatMap(({ at, is }, index) => {
        const to = all[index + 1]?.at ?? Number.POSITIVE_INFINITY;
        return is !== 'primary' || to < begin ? [] : [{ node, from: since(at), to: since(to) }];
      }),
    )
    .toSorted((one, other) => one.from - other.from);
}

/** A play's starts and promotions take fixed times, a little longer than the cluster's. In seconds. */
const APART = 1;

/**
 * Schedules that were recorded with a real Patroni. Not among them is the one in which a standby’s machine is gone when the
 * primary is shut down: that waits for wal_sender_timeout, and a play's shutdown waits for nobody.
 */
describe.each([
  ['leader-killed', 1],
  ['leader-killed', 2],
  ['leader-frozen', 1],
  ['dcs-cut-from-leader', 1],
  ['dcs-without-majority', 3],
  ['lagging-candidate', 1],
  ['switchover', 2],
  ['synchronous-leader-killed', 1],
  ['paused', 1],
] as const)('real servers on the recorded schedule %s (seed %i)', (name, seed) => {
  it('take writes one after another as in the play, at the same times', async () => {
    const record = recorded(name);
    const play = reigns(modelled(record, seed).history, BEFORE);
    const { chronicle, begin } = await joined(record, seed);
    const real = reigns(chronicle, begin);
    expect(real.map(({ node }) => node)).toEqual(play.map(({ node }) => node));
    real.forEach((reign, index) => {
      const { from = Number.NaN, to = Number.NaN } = play[index] ?? {};
      expect(Math.abs(reign.from - from)).toBeLessThan(APART);
      if (reign.to !== to) expect(Math.abs(reign.to - to)).toBeLessThan(APART);
    });
  }, 60_000);
});

describe('a cluster under Patroni', () => {
  it('is the same run twice, to the byte', async () => {
    const record = recorded('leader-killed');
    const one = await joined(record, 4);
    const other = await joined(record, 4);
    expect(other.hashes).toEqual(one.hashes);
    expect(other.chronicle).toEqual(one.chronicle);
  }, 60_000);
});

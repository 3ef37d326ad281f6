import { describe, expect, test } from 'vitest';
import type { StatementView } from '../../../src/cluster/cluster-view.ts';
import { instant } from '../../../src/sim/instant.ts';
import { binOf, crowdsOf, loadsOf, quantile } from '../../../src/ui/load/load.ts';
import { statement } from './cluster-shown.ts';

const population = (name: string, clients: readonly string[], node = 'primary') => ({
  name,
  node,
  clients,
  pace: 1,
  pacedBy: 'anyone' as const,
});

const SECOND = 1_000_000;

/** Answered a millisecond late for each of its `ms`. */
const answered = (at: number, ms: number, fields: Partial<StatementView> = {}) =>
  statement({
    session: 'till1',
    sentAt: instant(at - ms * 1_000),
    answeredAt: instant(at),
    ...fields,
  });

const tills = [population('till', ['till1', 'till2'])];
const whole = { from: 0, to: 4 * SECOND };

describe('what clients get', () => {
  test('populations of one name at one node are one crowd', () => {
    const crowds = crowdsOf([
      population('till1', ['till1']),
      population('till2', ['till2']),
      population('guest', ['guest1', 'guest2'], 'standby1'),
    ]);
    expect(crowds).toEqual([
      { name: 'till', node: 'primary', clients: ['till1', 'till2'] },
      { name: 'guest', node: 'standby1', clients: ['guest1', 'guest2'] },
    ]);
  });

  test('answers a second, the middle and the late ones of the stretch that is shown', () => {
    const statements = Array.from({ length: 40 }, (_, i) => answered((i + 1) * 100_000, i + 1));
    const [load] = loadsOf(tills, statements, whole, 4 * SECOND);
    expect(load).toMatchObject({
      answered: 40,
      perSecond: 10,
      p50: 20_000,
      p95: 38_000,
      waiting: 0,
    });
    const [half] = loadsOf(tills, statements, { from: 0, to: 2 * SECOND }, 4 * SECOND);
    expect(half).toMatchObject({ answered: 20, perSecond: 10, p95: 19_000 });
  });

  test('the curve of rates ends with the last whole bin', () => {
    const statements = Array.from({ length: 20 }, (_, i) => answered((i + 1) * 100_000 - 1, 1));
    const [load] = loadsOf(tills, statements, whole, 1.4 * SECOND);
    expect(binOf(whole)).toBe(500_000);
    expect(load?.rate.map(({ value }) => value)).toEqual([10, 10]);
    expect(load?.rate.at(-1)?.at).toBe(750_000);
  });

  test('errors are counted by SQLSTATE; a connection that ended is 08006', () => {
    const error = { severity: 'ERROR', message: '', detail: null, hint: null, position: null };
    const failed = { state: 'error', error: { ...error, sqlstate: '40001' } } as const;
    const [load] = loadsOf(
      tills,
      [
        answered(1_000, 1, failed),
        answered(2_000, 1, { state: 'lost' }),
        answered(3_000, 1, failed),
        answered(4_000, 1, { session: 'psql' }),
        statement({ session: 'till2', sentAt: instant(5_000), answeredAt: null, state: 'running' }),
      ],
      whole,
      SECOND,
    );
    expect(load?.errors).toEqual([
      ['40001', 2],
      ['08006', 1],
    ]);
    expect(load).toMatchObject({ answered: 3, waiting: 1 });
  });

  test('a quantile is one of the values, and of none there is none', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2);
    expect(quantile([1, 2, 3, 4], 0.95)).toBe(4);
    expect(quantile([], 0.5)).toBeNull();
  });
});

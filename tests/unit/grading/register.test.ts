import { describe, expect, test } from 'vitest';
import type { Operation } from '../../../src/grading/operation.ts';
import { checkRegister, MOST_OPERATIONS } from '../../../src/grading/register.ts';
import { instant } from '../../../src/sim/instant.ts';
import { Prng } from '../../../src/sim/prng.ts';

const operation = (
  kind: 'read' | 'write',
  value: number,
  from: number,
  to: number | null,
  rest: Partial<Operation> = {},
): Operation => ({
  client: kind === 'write' ? 'till' : 'guest',
  group: kind,
  node: 'primary',
  kind,
  value,
  invokedAt: instant(from),
  answeredAt: to === null ? null : instant(to),
  outcome: to === null ? 'unknown' : 'ok',
  sqlstate: null,
  ...rest,
});
const write = (value: number, from: number, to: number | null) =>
  operation('write', value, from, to);
const read = (value: number, from: number, to: number) => operation('read', value, from, to);

describe('a register', () => {
  test('that answers one thing after another', () => {
    const history = [write(1, 10, 20), read(1, 30, 40), write(2, 50, 60), read(2, 70, 80)];
    expect(checkRegister(history, 0)).toEqual({ kind: 'linearizable', checked: 4 });
  });

  test('may show a write before it is acknowledged, and not show it meanwhile', () => {
    expect(checkRegister([write(1, 10, 90), read(0, 20, 30), read(1, 40, 50)], 0).kind).toBe(
      'linearizable',
    );
  });

  test('does not forget what was acknowledged', () => {
    const verdict = checkRegister([write(1, 10, 20), read(0, 30, 40)], 0);
    expect(verdict).toMatchObject({
      kind: 'anomaly',
      words:
        'guest asked primary at 0.000 s and read 0. But before that began, till was told at 0.000 s that 1 is written, and 1 is newer.',
    });
  });

  test('does not go back to what it held before, whoever asks', () => {
    const history = [write(1, 10, 90), read(1, 20, 30), read(0, 40, 50)];
    expect(checkRegister(history, 0).kind).toBe('anomaly');
  });

  test('may do a write that nobody was told of, or may not', () => {
    expect(checkRegister([write(1, 10, null), read(0, 20, 30)], 0).kind).toBe('linearizable');
    expect(checkRegister([write(1, 10, null), read(1, 20, 30)], 0).kind).toBe('linearizable');
    const undone = [write(1, 10, null), read(1, 20, 30), read(0, 40, 50)];
    expect(checkRegister(undone, 0).kind).toBe('anomaly');
  });

  test('returns nothing that nobody has written, or that failed', () => {
    expect(checkRegister([read(7, 20, 30)], 0)).toMatchObject({
      words: expect.stringContaining('which nobody wrote'),
    });
    const failed = operation('write', 7, 10, 20, { outcome: 'fail' });
    expect(checkRegister([failed, read(7, 30, 40)], 0)).toMatchObject({
      words: expect.stringContaining('its write had failed'),
    });
    expect(checkRegister([read(7, 10, 20), write(7, 30, 40)], 0)).toMatchObject({
      words: expect.stringContaining('before it was written'),
    });
  });

  test('is not checked beyond a length, and refuses two writes of one value', () => {
    const long = Array.from({ length: MOST_OPERATIONS + 1 }, () => read(0, 1, 2));
    expect(checkRegister(long, 0)).toEqual({ kind: 'too long', operations: MOST_OPERATIONS + 1 });
    expect(() => checkRegister([write(1, 1, 2), write(1, 3, 4)], 0)).toThrow('written twice');
  });
});

/**
 * What it is held against: every order is tried (J. M. Wing and C. Gong, “Testing and Verifying Concurrent Objects”, 1993), which only
 * short histories allow.
 */
function someOrderExplains(history: readonly Operation[], initial: number): boolean {
  const end = (one: Operation) => one.answeredAt ?? Number.POSITIVE_INFINITY;
  const go = (left: readonly Operation[], value: number): boolean => {
    if (left.every(({ outcome }) => outcome === 'unknown')) return true;
    const firstEnd = Math.min(...left.map(end));
    return left.some((one) => {
      if (one.invokedAt > firstEnd) return false;
      const rest = left.filter((other) => other !== one);
      if (one.kind === 'write') return go(rest, one.value as number);
      return one.value === value && go(rest, value);
    });
  };
  return go(history, initial);
}

test('3,000 short histories are judged as by trying every order', () => {
  const random = Prng.seeded(11);
  const counts = { linearizable: 0, anomaly: 0 };
  for (let round = 0; round < 3_000; round++) {
    const writes = random.between(1, 3);
    const history: Operation[] = [];
    for (let value = 1; value <= writes; value++) {
      const from = random.below(30);
      history.push(write(value, from, random.chance(0.25) ? null : from + 1 + random.below(20)));
    }
    for (let i = random.between(1, 4); i > 0; i--) {
      const from = random.below(40);
      history.push(read(random.below(writes + 1), from, from + 1 + random.below(12)));
    }
    const { kind } = checkRegister(history, 0);
    const expected = someOrderExplains(history, 0) ? 'linearizable' : 'anomaly';
    expect(kind, JSON.stringify(history)).toBe(expected);
    counts[expected]++;
  }
  expect(Math.min(counts.linearizable, counts.anomaly)).toBeGreaterThan(500);
});

import { describe, expect, test } from 'vitest';
import { lostWrites, readAnomalies } from '../../../src/grading/anomalies.ts';
import { serviceIn } from '../../../src/grading/availability.ts';
import type { Operation } from '../../../src/grading/operation.ts';
import { instant, us } from '../../../src/sim/instant.ts';

const operation = (
  client: string,
  kind: 'read' | 'write',
  value: number | null,
  from: number,
  to: number | null,
  outcome: Operation['outcome'] = to === null ? 'unknown' : 'ok',
): Operation => ({
  client,
  group: client,
  node: 'primary',
  kind,
  value,
  invokedAt: instant(from),
  answeredAt: to === null ? null : instant(to),
  outcome,
  sqlstate: outcome === 'fail' ? '25006' : null,
});

describe('reads', () => {
  const written = [operation('till', 'write', 1, 10, 20), operation('till', 'write', 2, 30, 40)];
  const anomalies = (...reads: readonly Operation[]) => readAnomalies([...written, ...reads], 0);
  const values = (found: readonly { readonly missed: { readonly value: number } }[]) =>
    found.map(({ missed }) => missed.value);

  test('that show what was acknowledged before they began break nothing', () => {
    expect(anomalies(operation('guest', 'read', 2, 50, 60))).toEqual({
      stale: [],
      ownWrites: [],
      backward: [],
    });
  });

  test('are stale where they miss what anybody was told before', () => {
    const { stale, ownWrites } = anomalies(operation('guest', 'read', 1, 50, 60));
    expect([values(stale), values(ownWrites)]).toEqual([[2], []]);
  });

  test('are not stale where the answer came meanwhile', () => {
    expect(anomalies(operation('guest', 'read', 1, 35, 60)).stale).toEqual([]);
  });

  test('miss their own writes', () => {
    expect(values(anomalies(operation('till', 'read', 0, 25, 28)).ownWrites)).toEqual([1]);
  });

  test('go backward where the same client had read a newer value', () => {
    const twice = [operation('guest', 'read', 2, 31, 33), operation('guest', 'read', 1, 34, 36)];
    const { stale, backward } = anomalies(...twice);
    expect([values(stale), values(backward)]).toEqual([[], [2]]);
    const others = [operation('guest', 'read', 2, 31, 33), operation('cook', 'read', 1, 34, 36)];
    expect(anomalies(...others).backward).toEqual([]);
  });
});

test('lost is what was acknowledged and is not left; nobody was told of the rest', () => {
  const history = [
    operation('till', 'write', 1, 10, 20),
    operation('till', 'write', 2, 30, 40),
    operation('till', 'write', 3, 50, null),
  ];
  expect(lostWrites(history, new Set([1])).map(({ value }) => value)).toEqual([2]);
});

describe('service in a span', () => {
  const span = { from: instant(100), to: instant(200) };
  const served = (...history: readonly Operation[]) => serviceIn(history, span, us(30))[0];

  test('counts what was asked in it by how it was answered', () => {
    expect(
      served(
        operation('till', 'write', 1, 90, 95),
        operation('till', 'write', 2, 100, 110),
        operation('till', 'write', 3, 120, 160),
        operation('till', 'write', 4, 165, 170, 'fail'),
        operation('till', 'write', 5, 190, null),
      ),
    ).toEqual({
      group: 'till',
      asked: 4,
      served: 1,
      refused: 1,
      late: 2,
      median: 10,
      p99: 40,
      longest: 40,
    });
  });

  test('tells how long one stood who had asked before', () => {
    expect(served(operation('till', 'write', 1, 50, 180))).toMatchObject({ asked: 0, longest: 80 });
  });
});

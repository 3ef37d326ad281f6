import { expect, test } from 'vitest';
import type { Operation } from '../../../src/grading/operation.ts';
import { instant } from '../../../src/sim/instant.ts';
import { lanesAround } from '../../../src/ui/experiment/history-lanes.ts';

const operation = (client: string, from: number, to: number | null, outcome = 'ok'): Operation => ({
  client,
  group: client,
  node: 'primary',
  kind: 'read',
  value: 1,
  invokedAt: instant(from),
  answeredAt: to === null ? null : instant(to),
  outcome: outcome as Operation['outcome'],
  sqlstate: null,
});

test('nothing is drawn where nothing is named', () =>
  expect(lanesAround([operation('desk', 1, 2)], [])).toBeNull());

test('a lane a client that did something around what is named; what never ended runs on', () => {
  const named = operation('desk', 1_000_000, 1_500_000);
  const history = [
    operation('early', 0, 700_000),
    named,
    operation('till', 1_250_000, null),
    operation('refused', 1_250_000, 1_260_000, 'fail'),
    operation('late', 1_800_000, 1_900_000),
  ];
  const drawn = lanesAround(history, [named]);
  expect(drawn).toMatchObject({ from: 750_000, to: 1_750_000 });
  expect(drawn?.lanes.map(({ client, bars }) => [client, bars[0]?.left, bars[0]?.width])).toEqual([
    ['desk', 0.25, 0.5],
    ['till', 0.5, 0.5],
  ]);
  expect(drawn?.lanes.flatMap(({ bars }) => bars.map(({ labelled }) => labelled))).toEqual([
    'before',
    null,
  ]);
});

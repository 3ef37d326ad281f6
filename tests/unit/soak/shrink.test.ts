import { expect, test } from 'vitest';
import { shrink } from '../../../src/soak/shrink.ts';

const troubles = Array.from({ length: 24 }, (_, i) => i);
const has =
  (...needed: readonly number[]) =>
  (items: readonly number[]) =>
    needed.every((one) => items.includes(one));

test('leaves the troubles that are needed, in their order, and no other', async () => {
  for (const needed of [[5], [0, 23], [3, 4, 20], [1, 7, 13, 19]])
    expect(await shrink(troubles, has(...needed), 1_000)).toMatchObject({
      items: needed,
      minimal: true,
    });
});

test('leaves nothing where nothing is needed', async () => {
  expect(await shrink(troubles, () => true, 1_000)).toEqual({ items: [], tries: 1, minimal: true });
});

test('never asks about the same list twice', async () => {
  const asked: string[] = [];
  await shrink(
    troubles,
    (items) => {
      asked.push(items.join());
      return has(2, 21)(items);
    },
    1_000,
  );
  expect(new Set(asked).size).toBe(asked.length);
});

test('stops when its tries are used up, with what it has', async () => {
  const shrunk = await shrink(troubles, has(1, 7, 13, 19), 8);
  expect(shrunk).toMatchObject({ tries: 8, minimal: false });
  expect(has(1, 7, 13, 19)(shrunk.items)).toBe(true);
});

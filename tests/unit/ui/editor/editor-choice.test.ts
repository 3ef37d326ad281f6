import { expect, test } from 'vitest';
import { parseChoice, prefersPlain } from '../../../../src/ui/editor/editor-choice.ts';

const desk = { touch: false, memory: 8, savesData: false };
const undecided = parseChoice(null);

test.each([
  ['a desk', desk, false],
  ['a finger', { ...desk, touch: true }, true],
  ['little memory', { ...desk, memory: 2 }, true],
  ['a browser that does not tell', { ...desk, memory: null }, false],
  ['a reader who spares data', { ...desk, savesData: true }, true],
])('with %s', (_, device, plain) => {
  expect(prefersPlain(undecided, device)).toBe(plain);
});

test('what the reader chose holds on every device', () => {
  expect(prefersPlain({ ...undecided, plain: true }, desk)).toBe(true);
  expect(prefersPlain({ ...undecided, plain: false }, { ...desk, touch: true })).toBe(false);
});

test.each([null, '', '{', '[]', '3', 'null', '{"plain":"yes","tabIndents":1}'])(
  'a kept choice of %j is none',
  (text) => {
    expect(parseChoice(text)).toEqual({ plain: null, tabIndents: false, screenReader: false });
  },
);

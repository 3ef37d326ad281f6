import { describe, expect, test } from 'vitest';
import { lastOf, type QuizAnswer } from '../../../src/session/keep/keepsake.ts';
import { hasSeveral, isRight, type QuizItem } from '../../../src/ui/quiz.ts';

const one: QuizItem = {
  id: 'r2-one',
  question: 'Which position lets a query see the row?',
  choices: [
    { id: 'flushed', label: 'flushed', why: 'It is on disk, in WAL.' },
    { id: 'replayed', label: 'replayed', why: 'It is in the table.', right: true },
  ],
};

const two: QuizItem = {
  id: 'r4-two',
  question: 'Which are refused?',
  choices: [
    { id: 'insert', label: 'INSERT', why: 'It writes.', right: true },
    { id: 'vacuum', label: 'VACUUM', why: 'It writes too.', right: true },
    { id: 'select', label: 'SELECT', why: 'It only reads.' },
  ],
};

const answer = (at: number, right: boolean): QuizAnswer => ({
  at: new Date(at).toISOString(),
  chosen: [right ? 'replayed' : 'flushed'],
  right,
});

describe('an item', () => {
  test('is answered rightly by all of its right choices and by no other', () => {
    expect(isRight(one, ['replayed'])).toBe(true);
    expect(isRight(one, ['flushed'])).toBe(false);
    expect(isRight(two, ['vacuum', 'insert'])).toBe(true);
    expect(isRight(two, ['insert'])).toBe(false);
    expect(isRight(two, ['insert', 'vacuum', 'select'])).toBe(false);
  });

  test('says whether more than one choice is right', () => {
    expect([hasSeveral(one), hasSeveral(two)]).toEqual([false, true]);
  });
});

test('of the answers to an item the last twelve are kept, oldest first', () => {
  const many = Array.from({ length: 30 }, (_, i) => answer(i, i % 2 === 0));
  expect(lastOf(many)).toEqual(many.slice(-12));
  expect(lastOf(many.slice(0, 2))).toEqual(many.slice(0, 2));
});

test('the last wrong answer is kept however often the right one was given since', () => {
  const missedOnce = Array.from({ length: 30 }, (_, i) => answer(i, i !== 3));
  expect(lastOf(missedOnce)).toEqual([missedOnce[3], ...missedOnce.slice(-11)]);
});

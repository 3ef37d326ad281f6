import { describe, expect, test } from 'vitest';
import {
  answersText,
  hasSeveral,
  isRight,
  keyOf,
  parseAnswers,
  type QuizAnswer,
  type QuizItem,
} from '../../../src/ui/quiz.ts';

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

  test('has a place of its own on the device', () => {
    expect(keyOf(one)).not.toBe(keyOf(two));
  });
});

describe('answers on the device', () => {
  test('come back as they were kept, oldest first, with their instants', () => {
    const kept = [answer(1_000, false), answer(2_000, true)];
    expect(parseAnswers(answersText(kept))).toEqual(kept);
  });

  test('are the last twelve', () => {
    const many = Array.from({ length: 30 }, (_, i) => answer(i, i % 2 === 0));
    expect(parseAnswers(answersText(many))).toEqual(many.slice(-12));
  });

  test.each([
    ['nothing kept', null],
    ['no JSON', '{'],
    ['another version', '{"version":2,"answers":[]}'],
    ['a list', '[]'],
    ['a number', '7'],
    ['no answers', '{"version":1,"answers":{}}'],
  ])('%s counts as none', (_, text) => {
    expect(parseAnswers(text)).toEqual([]);
  });

  test('leave out what is no answer', () => {
    const good = answer(1, true);
    const bad = [null, 3, {}, { ...good, at: 5 }, { ...good, chosen: [1] }, { ...good, right: 1 }];
    const text = JSON.stringify({ version: 1, answers: [...bad, good] });
    expect(parseAnswers(text)).toEqual([good]);
  });
});

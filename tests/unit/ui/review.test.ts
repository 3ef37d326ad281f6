import { afterEach, describe, expect, test } from 'vitest';
import { agendaOf } from '../../../src/course/repetition.ts';
import { agendaFrom, dayOf } from '../../../src/session/keep/come-back.ts';
import type { Keepsake } from '../../../src/session/keep/keepsake.ts';
import {
  afterwards,
  dayInWords,
  goneInWords,
  laterInWords,
  questionsInWords,
} from '../../../src/ui/review/review-words.ts';

const quiz = (of: string, ...answers: readonly (readonly [at: string, right: boolean])[]) =>
  ({
    version: 1,
    kind: 'quiz',
    of,
    savedAt: '2026-11-26T20:00:00.000Z',
    contents: answers.map(([at, right]) => ({ at, chosen: [], right })),
  }) satisfies Keepsake<'quiz'>;

describe('days are those of the reader’s own calendar', () => {
  const zone = process.env.TZ;
  afterEach(() => {
    process.env.TZ = zone;
  });

  test.each([
    ['Europe/Berlin', 1],
    ['America/Los_Angeles', 0],
    ['UTC', 0],
  ])('in %s', (tz, days) => {
    process.env.TZ = tz;
    // Half past midnight in Berlin, still the evening before elsewhere.
    expect(dayOf('2026-11-26T23:30:00.000Z') - dayOf('2026-11-26T21:30:00.000Z')).toBe(days);
  });

  test('the change to winter time makes no day longer', () => {
    process.env.TZ = 'Europe/Berlin';
    expect(dayOf('2026-10-26T12:00:00.000Z') - dayOf('2026-10-24T12:00:00.000Z')).toBe(2);
  });

  test('what was missed in the evening is due the next morning', () => {
    process.env.TZ = 'UTC';
    const kept = [quiz('d1', ['2026-11-26T22:00:00.000Z', false])];
    expect(agendaFrom(kept, ['d1'], '2026-11-26T23:59:00.000Z').due).toEqual([]);
    expect(agendaFrom(kept, ['d1'], '2026-11-27T06:00:00.000Z').due).toEqual(['d1']);
  });
});

test('what the page says of it', () => {
  expect([questionsInWords(1), questionsInWords(3)]).toEqual(['1 question', '3 questions']);
  expect([dayInWords(101, 100), dayInWords(104, 100)]).toEqual(['tomorrow', 'in 4 days']);
  expect(afterwards({ step: 0, dueOn: 101 }, 100)).toBe('It comes back tomorrow.');
  expect(afterwards({ step: 2, dueOn: 114 }, 100)).toBe('It comes back in 14 days.');
  expect(afterwards(null, 100)).toBe('Right 3 times, days apart: it does not come back.');
  const missed = new Map([
    ['a', [{ day: 100, right: false }]],
    ['b', [{ day: 103, right: false }]],
  ]);
  const agenda = agendaOf(missed, new Set(missed.keys()), 100);
  expect(laterInWords(agenda, 100)).toBe('Tomorrow 1, in 4 days 1.');
  expect(laterInWords({ ...agenda, later: [] }, 100)).toBe('');
  expect(goneInWords(1)).toMatch(/^One question/);
  expect(goneInWords(2)).toMatch(/^2 questions/);
});

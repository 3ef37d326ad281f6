import { describe, expect, test } from 'vitest';
import { type Answered, agendaOf, repetitionOf } from '../../../src/course/repetition.ts';

const right = (day: number): Answered => ({ day, right: true });
const wrong = (day: number): Answered => ({ day, right: false });

describe('a question that was missed', () => {
  test('on day 100 comes back on days 101, 105 and 119, and then no more', () => {
    expect(repetitionOf([wrong(100)])).toEqual({ step: 0, dueOn: 101 });
    expect(repetitionOf([wrong(100), right(101)])).toEqual({ step: 1, dueOn: 105 });
    expect(repetitionOf([wrong(100), right(101), right(105)])).toEqual({ step: 2, dueOn: 119 });
    expect(repetitionOf([wrong(100), right(101), right(105), right(119)])).toBeNull();
  });

  test('waits from the day on which it was answered, however late that was', () => {
    expect(repetitionOf([wrong(100), right(130)])).toEqual({ step: 1, dueOn: 134 });
  });

  test('goes back to one day at a wrong answer, due or not', () => {
    expect(repetitionOf([wrong(100), right(101), wrong(105)])).toEqual({ step: 0, dueOn: 106 });
    expect(repetitionOf([wrong(100), right(101), wrong(102)])).toEqual({ step: 0, dueOn: 103 });
  });

  test('is not moved on by a right answer before it is due: the reasons were just read', () => {
    expect(repetitionOf([wrong(100), right(100), right(100)])).toEqual({ step: 0, dueOn: 101 });
    expect(repetitionOf([wrong(100), right(101), right(102)])).toEqual({ step: 1, dueOn: 105 });
  });

  test('comes back again when it is missed after all', () => {
    const done = [wrong(100), right(101), right(105), right(119)];
    expect(repetitionOf([...done, right(300)])).toBeNull();
    expect(repetitionOf([...done, wrong(300)])).toEqual({ step: 0, dueOn: 301 });
  });
});

test('a question that was never missed never comes back', () => {
  expect(repetitionOf([])).toBeNull();
  expect(repetitionOf([right(1), right(2)])).toBeNull();
});

test('a day’s agenda: what is due, the longest waiting first; when the others come; what the course has no more', () => {
  const answers = new Map([
    ['fresh', [wrong(100)]],
    ['late', [wrong(90)]],
    ['due', [wrong(99)]],
    ['moved on', [wrong(90), right(97)]],
    ['far', [wrong(90), right(91), right(95)]],
    ['known well', [right(10)]],
    ['of another edition', [wrong(2)]],
    ['of another edition, never missed', [right(2)]],
  ]);
  const known = new Set([...answers.keys()].filter((id) => !id.startsWith('of another')));
  expect(agendaOf(answers, known, 100)).toEqual({
    due: ['late', 'due'],
    later: [
      { day: 101, count: 2 },
      { day: 109, count: 1 },
    ],
    gone: ['of another edition'],
  });
  expect(agendaOf(answers, known, 109).due).toEqual(['late', 'due', 'fresh', 'moved on', 'far']);
});

import { describe, expect, test } from 'vitest';
import { lab } from '../../../labs/survive-one-standby/lab.ts';
import { currentAnswer, type Question, whyNoAnswer } from '../../../src/lab/answers.ts';
import { defineLab, type LabSource } from '../../../src/lab/lab.ts';
import { judges } from '../../../labs/survive-one-standby/checks.ts';

const sql: Question = {
  kind: 'sql',
  id: 'lag',
  ask: 'Who lags?',
  node: 'primary',
  initial: '',
  result: { columns: [{ name: 'standby', type: 'text' }], order: 'any', rows: 'A standby.' },
};
const choice: Question = {
  kind: 'choice',
  id: 'level',
  ask: 'Which level?',
  options: ['off', 'on'].map((id) => ({ id, label: id })),
  initial: 'on',
};
const number: Question = { kind: 'number', id: 'limit', ask: 'How long?', min: 1, max: 60 };
const questions = [sql, choice, number];

describe('an answer', () => {
  test.each([
    ['lag', 'select 1', null],
    ['level', 'off', null],
    ['limit', '2.5', null],
    ['limit', '', null],
    ['level', 'quorum', '"quorum" is none of off, on'],
    ['limit', '61', 'expected a number from 1 to 60'],
    ['limit', 'ten', 'expected a number from 1 to 60'],
    ['lag', 'x'.repeat(20_001), 'the query has 20001 characters; it may have 20000'],
    ['lead', 'x', 'the lab has no question "lead"; its questions are lag, level, limit'],
  ])('%s: %s', (id, text, why) => {
    expect(whyNoAnswer(questions, id, text)).toBe(why);
  });

  test('the last one counts, unless it is empty', () => {
    expect(currentAnswer(questions, [], 'level')).toBe('on');
    const given = [
      { id: 'level', text: 'on' },
      { id: 'lag', text: 'select 1' },
      { id: 'level', text: 'off' },
    ];
    expect(currentAnswer(questions, given, 'level')).toBe('off');
    expect(currentAnswer(questions, [...given, { id: 'level', text: ' ' }], 'level')).toBe('on');
    expect(currentAnswer(questions, [], 'lag')).toBe('');
  });
});

describe('a bad question is refused with its file, the field and the reason', () => {
  const asking = (...answers: object[]) => {
    const source = { ...lab, answers } as LabSource;
    return () => defineLab(source, judges);
  };

  test.each<[string, object[], string]>([
    ['an unknown kind', [{ ...sql, kind: 'essay' }], 'lab.ts: answers.0.kind: '],
    [
      'an unknown node',
      [{ ...sql, node: 'nowhere' }],
      'answers.0.node: there is no node "nowhere"',
    ],
    [
      'no columns',
      [{ ...sql, result: { ...sql.result, columns: [] } }],
      'answers.0.result.columns: ',
    ],
    [
      'an order that is none',
      [{ ...sql, result: { ...sql.result, order: 'up' } }],
      'answers.0.result.order: ',
    ],
    ['one option', [{ ...choice, options: choice.options.slice(0, 1) }], 'answers.0.options: '],
    [
      'an initial option that is none',
      [{ ...choice, initial: 'quorum' }],
      'answers.0.initial: "quorum" is none of off, on',
    ],
    ['a range the wrong way round', [{ ...number, min: 61 }], 'answers.0.min: is above the max'],
    ['two of a name', [choice, choice], 'answers.1.id: there are two questions "level"'],
  ])('%s', (_, answers, words) => {
    expect(asking(...answers)).toThrow(words);
  });

  test('a solution that answers what is not asked', () => {
    const [solution] = lab.solutions;
    const answer = { kind: 'answer', id: 'lag', text: 'select 1' } as const;
    const source = { ...lab, solutions: [{ ...solution, actions: [{ at: 1, action: answer }] }] };
    expect(() => defineLab(source as LabSource, judges)).toThrow(
      'lab.ts: solutions.0.actions.0.action: the lab has no question "lag"',
    );
    expect(() => defineLab({ ...source, answers: [sql] } as LabSource, judges)).not.toThrow();
  });
});

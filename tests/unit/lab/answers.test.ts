import { describe, expect, test } from 'vitest';
import { judges } from '../../../labs/survive-one-standby/checks.ts';
import { lab } from '../../../labs/survive-one-standby/lab.ts';
import { currentAnswer, type Question, whyNoAnswer } from '../../../src/lab/answers.ts';
import { defineLab, type LabSource } from '../../../src/lab/lab.ts';

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

  test('a client that is to say an answer which need not be there', () => {
    const [client] = lab.start.clients;
    const clients = [{ ...client, sql: 'set synchronous_commit = {answer:level}; select {key}' }];
    const source = (level: object) =>
      ({ ...lab, answers: [level], start: { ...lab.start, clients } }) as LabSource;
    expect(() => defineLab(source(choice), judges)).not.toThrow();
    expect(() => defineLab(source({ ...choice, initial: undefined }), judges)).toThrow(
      'lab.ts: start.clients.0.sql: "level" is no question of kind choice with an initial option',
    );
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

describe('a bad watcher, draw or round is refused with its file, the field and the reason', () => {
  const watcher = { name: 'owner', node: 'primary', answer: 'lag', every: [1, 2] };
  const round = { name: 'a fire', begin: [], lasts: 1, end: [] };
  const drill = { after: 1, rounds: [round] };
  const draw = { name: 'cause', at: [-1, -1], oneOf: [{ actions: [] }, { actions: [] }] };
  const broken = (change: { drill?: object; draws?: object[]; traps?: object[] }) => {
    const { drill: newDrill, draws = [], traps = lab.traps } = change;
    const start = { ...lab.start, draws };
    const source = { ...lab, answers: questions, start, drill: { ...drill, ...newDrill }, traps };
    return () => defineLab(source as LabSource, judges);
  };

  test('the good ones', () => {
    expect(broken({ drill: { watchers: [watcher] }, draws: [draw] })).not.toThrow();
  });

  test.each<[string, Parameters<typeof broken>[0], string]>([
    [
      'a watcher of no question',
      { drill: { watchers: [{ ...watcher, answer: 'lead' }] } },
      'lab.ts: drill.watchers.0.answer: "lead" is no question of kind sql',
    ],
    [
      'a watcher of a choice',
      { drill: { watchers: [{ ...watcher, answer: 'level' }] } },
      'drill.watchers.0.answer: "level" is no question of kind sql',
    ],
    [
      'a watcher nowhere',
      { drill: { watchers: [{ ...watcher, node: 'nowhere' }] } },
      'drill.watchers.0.node: there is no node "nowhere"',
    ],
    [
      'a watcher for a choice that there is not',
      { drill: { watchers: [{ ...watcher, where: { answer: 'level', is: 'quorum' } }] } },
      'drill.watchers.0.where: "quorum" is none of off, on',
    ],
    [
      'a watcher that asks all the time',
      { drill: { watchers: [{ ...watcher, every: [0, 0] }] } },
      'drill.watchers.0.every.0: ',
    ],
    [
      'a fire after which nothing is read',
      { drill: { rounds: [{ ...round, burn: ['primary'] }] } },
      'drill.read: nothing is read after "a fire"',
    ],
    [
      'an outage without a fire',
      { drill: { rounds: [{ ...round, outage: ['standby1'] }] } },
      'drill.rounds.0.outage: an outage comes with a fire, and nothing burns',
    ],
    [
      'an outage nowhere',
      { drill: { read: 'x', rounds: [{ ...round, burn: ['primary'], outage: ['nowhere'] }] } },
      'drill.rounds.0.outage: there is no node "nowhere"',
    ],
    [
      'a fire that waits for nobody’s acknowledgement',
      { drill: { read: 'x', rounds: [{ ...round, burn: ['primary'], spark: 'till9' }] } },
      'drill.rounds.0.spark: there is no client "till9"',
    ],
    ['nothing to draw from', { draws: [{ ...draw, oneOf: [] }] }, 'start.draws.0.oneOf: '],
    [
      'a draw that befalls nobody',
      {
        draws: [{ ...draw, oneOf: [{ actions: [{ kind: 'kill', node: 'x' }] }, { actions: [] }] }],
      },
      'start.draws.0.oneOf.0.node: there is no node "x"',
    ],
    [
      'a trap on seeds that are neither all nor some',
      { traps: [{ ...lab.traps[0], seeds: 'none' }] },
      'traps.0.seeds: ',
    ],
  ])('%s', (_, change, words) => {
    expect(broken(change)).toThrow(words);
  });
});

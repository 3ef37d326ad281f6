import { describe, expect, test } from 'vitest';
import { fail, inconclusive, type Judgement, pass } from '../../../../src/grading/verdict.ts';
import { describeLabAction } from '../../../../src/lab/lab-action.ts';
import { instant } from '../../../../src/sim/instant.ts';
import { inlineMarks } from '../../../../src/ui/lab/inline-marks.ts';
import {
  seedInWords,
  sinceTakeOver,
  stepInWords,
  verdictInWords,
} from '../../../../src/ui/lab/lab-words.ts';

describe('the marks of a line', () => {
  test('code and emphasis, the rest as it stands', () => {
    expect(inlineMarks('`standby2` answers *because* it is <b>named</b>')).toEqual([
      { kind: 'code', text: 'standby2' },
      { kind: 'text', text: ' answers ' },
      { kind: 'em', text: 'because' },
      { kind: 'text', text: ' it is <b>named</b>' },
    ]);
  });

  test.each([
    ['a mark that is not closed', 'select 2 * 3, `x'],
    ['an empty line', ''],
  ])('%s is text', (_, line) => {
    expect(inlineMarks(line).map(({ kind }) => kind)).toEqual(line === '' ? [] : ['text']);
  });
});

describe('what is said of a grading', () => {
  const verdicts = (...judgements: Judgement[]) =>
    judgements.map((judgement, i) => ({ check: `c${i}`, seed: 1, judgement }));

  test.each([
    [verdicts(pass('a')), 'The check passes.'],
    [verdicts(pass('a'), pass('b')), 'All 2 checks pass.'],
    [verdicts(pass('a'), fail(instant(1), 'b')), '1 of 2 checks pass.'],
    [
      verdicts(fail(instant(1), 'a'), inconclusive(instant(1), 'b')),
      '0 of 2 checks pass. 1 cannot be decided.',
    ],
  ])('verdicts, %#', (all, words) => {
    expect(verdictInWords(all)).toBe(words);
  });

  test('steps and seeds', () => {
    expect(stepInWords({ kind: 'work', done: 0, of: 3 })).toBe('your action 1 of 3 is done again');
    expect(stepInWords({ kind: 'drill', round: 'standby1 frozen', done: 2, of: 9 })).toBe(
      'drill 3 of 9: standby1 frozen',
    );
    expect(seedInWords({ kind: 'failed', reason: 'out of memory' })).toBe(
      'could not be graded: out of memory',
    );
    const graded = {
      seed: 1,
      judgements: new Map([
        ['a', pass('')],
        ['b', fail(instant(1), '')],
      ]),
      record: {
        version: 1,
        spec: { lab: 'x', version: 1, seed: 1 },
        actions: [],
        until: instant(0),
      },
      hashes: null,
    } as const;
    expect(seedInWords({ kind: 'graded', graded })).toBe('graded: 1 of 2 checks pass');
  });
});

test('times are told from the take-over on', () => {
  expect(sinceTakeOver(instant(112_340_000), instant(100_000_000))).toBe(
    '12.3 s since you took over',
  );
  expect(sinceTakeOver(instant(8_000_000), instant(100_000_000))).toBe(
    '92.0 s before you took over',
  );
});

test('an answer is something that was done, too', () => {
  expect(describeLabAction({ kind: 'answer', id: 'where', text: 'standby2' })).toBe(
    'You answer "where": standby2',
  );
});

import { describe, expect, test } from 'vitest';
import { newRun } from '../../../src/session/run-record.ts';
import { parseSubmission, submissionText } from '../../../src/session/submission.ts';

const lab = { name: 'stuck-commits', version: 2 };
const record = newRun({ nodes: ['primary'], settings: {}, seed: 1 });
const hashes = { trace: 'a', wal: 'b' };
const about = {
  lab,
  learner: 'Ada <b>',
  claimed: { moves: 'pass' },
  hints: 2,
  solutionShown: true,
} as const;
const text = submissionText(about, record, hashes);

test('a submission comes back as it was written', () => {
  expect(parseSubmission(text)).toEqual({ ...about, run: { record, hashes } });
});

test('one that does not say what help there was is one all the same', () => {
  const silent = { ...about, hints: null, solutionShown: null };
  expect(parseSubmission(submissionText(silent, record, hashes))).toEqual({
    ...silent,
    run: { record, hashes },
  });
});

describe('what is none is refused in words', () => {
  const changed = (change: object) => JSON.stringify({ ...JSON.parse(text), ...change });

  test.each<[string, string, string]>([
    ['cut off', text.slice(0, 200), 'The file is not JSON: '],
    ['too large', ' '.repeat(20_000_001), 'holds 20,000,001 characters'],
    ['empty', '', 'The file is not JSON: '],
    ['something else', '[1]', 'at the file as a whole: '],
    ['another format', changed({ format: 'standby run' }), 'at format: '],
    ['a later format', changed({ version: 9 }), 'at version: '],
    ['without a name', changed({ learner: ' ' }), 'at learner: '],
    ['a claim that is none', changed({ claimed: { moves: 'great' } }), 'at claimed → moves: '],
    ['a count that is none', changed({ hints: -1 }), 'at hints: '],
    ['without a run', changed({ run: null }), 'Not a run that can be replayed'],
    [
      'a run of another version',
      changed({ run: { format: 'standby run', record: { ...record, version: 99 } } }),
      'The run has format version 99',
    ],
    ['a run without hashes', changed({ run: { format: 'standby run', record } }), 'has no hashes'],
  ])('%s', (_, file, words) => {
    expect(() => parseSubmission(file)).toThrow(words);
  });
});

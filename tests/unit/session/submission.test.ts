import { describe, expect, test } from 'vitest';
import { newRun } from '../../../src/session/run-record.ts';
import { parseSubmission, submissionText } from '../../../src/session/submission.ts';

const lab = { name: 'stuck-commits', version: 2 };
const record = newRun({ nodes: ['primary'], settings: {}, seed: 1 });
const hashes = { trace: 'a', wal: 'b' };
const text = submissionText(lab, 'Ada <b>', { moves: 'pass' }, record, hashes);

test('a submission comes back as it was written', () => {
  expect(parseSubmission(text)).toEqual({
    lab,
    learner: 'Ada <b>',
    claimed: { moves: 'pass' },
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

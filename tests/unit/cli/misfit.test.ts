import { expect, test } from 'vitest';
import { labs } from '../../../labs/labs.ts';
import { misfitOf } from '../../../src/cli/grade-file.ts';
import type { Lab } from '../../../src/lab/lab.ts';
import { takeOver } from '../../../src/lab/lab-run.ts';
import { newRun, runUntil } from '../../../src/session/run-record.ts';
import type { Submission } from '../../../src/session/submission.ts';
import { START } from '../../../src/sim/instant.ts';

const lab: Lab = { ...(labs[0] as Lab), version: 2 };
const spec = { lab: lab.name, version: 2, seed: lab.seeds[0] as number };
const record = runUntil(newRun(spec), takeOver(lab));

const submission = (run: object = {}, version = 2): Submission => ({
  lab: { name: lab.name, version },
  learner: 'Ada',
  claimed: {},
  hints: null,
  solutionShown: null,
  run: { record: { ...record, ...run }, hashes: { trace: '', wal: '' } },
});

test('a submission of the lab as it stands fits', () => {
  expect(misfitOf(lab, submission())).toBeNull();
});

test.each([
  [
    'an older version',
    submission({}, 1),
    'other version',
    'an older version of the lab: 1; this is 2',
  ],
  [
    'a newer version',
    submission({}, 3),
    'other version',
    'a newer version of the lab: 3; this is 2',
  ],
  ['another seed', submission({ spec: { ...spec, seed: 7 } }), 'altered', 'Its run is of seed 7'],
  [
    'a run of another lab',
    submission({ spec: { ...spec, lab: 'other' } }),
    'altered',
    'not one of this lab',
  ],
  [
    'a run of a cluster',
    submission({ spec: { nodes: ['primary'], settings: {}, seed: 1 } }),
    'altered',
    'not one of this lab',
  ],
  ['an early deed', submission({ until: START }), 'altered', 'before the learner took over'],
])('%s does not', (_, submitted, status, words) => {
  expect(misfitOf(lab, submitted)).toEqual({ status, reason: expect.stringContaining(words) });
});

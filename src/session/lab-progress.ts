import type { Verdict } from '../grading/verdict.ts';
import type { RunHashes, RunRecord } from './protocol.ts';

/** What a learner has come to in a lab, whatever its version was. */
export interface LabProgress {
  /** How often she had her work checked. */
  readonly attempts: number;
  readonly solutionShown: boolean;
  readonly checked: CheckedWork | null;
}

/** Work as it was last checked, with what was said of it. */
export interface CheckedWork {
  readonly record: RunRecord;
  /** What her part of the run came to when it was done again: a grader elsewhere must come to the same. */
  readonly hashes: RunHashes;
  /** One for each check of the lab. */
  readonly verdicts: readonly Verdict[];
  /** The graded runs, drill included, in which a verdict that is no pass can be seen. */
  readonly graded: readonly RunRecord[];
}

export const NO_PROGRESS: LabProgress = {
  attempts: 0,
  solutionShown: false,
  checked: null,
};

export const passes = ({ verdicts }: CheckedWork): boolean =>
  verdicts.every(({ judgement }) => judgement.outcome === 'pass');

/** Whether a run still is the one that was checked: nothing has been done to it since. Time alone changes no work. */
export const isWorkOf = ({ record }: CheckedWork, run: RunRecord): boolean =>
  record.actions.length === run.actions.length &&
  JSON.stringify([record.spec, record.actions]) === JSON.stringify([run.spec, run.actions]);

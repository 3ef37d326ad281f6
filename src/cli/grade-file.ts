import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { labs } from '../../labs/labs.ts';
import type { SqlEngine } from '../cluster/sql-engine.ts';
import { clock, type Judgement } from '../grading/verdict.ts';
import { grade, hashesOf } from '../lab/grade.ts';
import type { Lab } from '../lab/lab.ts';
import { takeOver } from '../lab/lab-run.ts';
import { isLab } from '../session/run-spec.ts';
import { parseSubmission, type Submission, SubmissionRefused } from '../session/submission.ts';

/** How a file stands. Only `graded` is a grade; every other word says why there is none. */
export type Status = 'graded' | 'damaged' | 'unknown lab' | 'other version' | 'altered' | 'failed';

/** A check of one submission: what was claimed, and what the re-run shows. */
export interface CheckReport {
  readonly check: string;
  readonly claimed: string;
  readonly outcome: Judgement['outcome'];
  readonly seed: number;
  readonly at: string;
  readonly words: string;
}

export interface FileReport {
  readonly status: Status;
  /** Why it is not graded; empty where it is. */
  readonly reason: string;
  readonly learner: string;
  readonly lab: string;
  readonly version: number | null;
  /** Hints that were opened, as the file says; null where it does not. */
  readonly hints: number | null;
  readonly solutionShown: boolean | null;
  readonly checks: readonly CheckReport[];
  /** Equal for two files with the same work, whoever's name they bear. Null where nothing was done. */
  readonly work: string | null;
}

/** Does the work of a submission file again, and judges it. Whatever is wrong with the file is in the report. */
export async function gradeFile(path: string, engine: SqlEngine): Promise<FileReport> {
  try {
    return await gradeSubmission(parseSubmission(readFileSync(path, 'utf8')), engine);
  } catch (error) {
    if (!(error instanceof SubmissionRefused)) throw error;
    return withoutGrade('damaged', error.message);
  }
}

async function gradeSubmission(submission: Submission, engine: SqlEngine): Promise<FileReport> {
  const { lab: named, learner, claimed, hints, solutionShown, run } = submission;
  const { name, version } = named;
  const work = workDigest(submission);
  const about = { learner, lab: name, version, hints, solutionShown, work };
  const lab = labs.find(({ name }) => name === named.name);
  if (!lab)
    return withoutGrade('unknown lab', `There is no lab "${named.name}" in this edition.`, about);
  const misfit = misfitOf(lab, submission);
  if (misfit) return withoutGrade(misfit.status, misfit.reason, about);
  const { verdicts, runs } = await grade(lab, run.record, engine);
  const own = runs[0]?.hashes ?? (await hashesOf(lab, lab.seeds[0] as number, run.record, engine));
  if (own.trace !== run.hashes.trace || own.wal !== run.hashes.wal)
    return withoutGrade(
      'altered',
      `Done again, its actions give another run than the file says: WAL ${own.wal} instead of ${run.hashes.wal}, trace ${own.trace} instead of ${run.hashes.trace}.`,
      about,
    );
  const checks = verdicts.map(({ check, seed, judgement }) => ({
    check,
    claimed: claimed[check] ?? 'nothing',
    outcome: judgement.outcome,
    seed,
    at: judgement.outcome === 'pass' ? '' : clock(judgement.at),
    words: judgement.words,
  }));
  return { status: 'graded', reason: '', ...about, checks };
}

/** A report of a file that has no grade. */
export const withoutGrade = (
  status: Status,
  reason: string,
  about: Partial<FileReport> = {},
): FileReport => ({
  learner: '',
  lab: '',
  version: null,
  hints: null,
  solutionShown: null,
  work: null,
  ...about,
  checks: [],
  status,
  reason,
});

/** Why a submission is not one of this lab as it stands, before anything is run; null where it is. */
export function misfitOf(
  lab: Lab,
  { lab: { version }, run: { record } }: Submission,
): Pick<FileReport, 'status' | 'reason'> | null {
  const altered = (reason: string) => ({ status: 'altered', reason }) as const;
  if (version !== lab.version) {
    const age = version < lab.version ? 'an older' : 'a newer';
    const reason = `It was handed in for ${age} version of the lab: ${version}; this is ${lab.version}.`;
    return { status: 'other version', reason };
  }
  const { spec } = record;
  if (!isLab(spec) || spec.lab !== lab.name || spec.version !== lab.version)
    return altered('Its run is not one of this lab in this version.');
  if (spec.seed !== lab.seeds[0])
    return altered(`Its run is of seed ${spec.seed}; a learner works on seed ${lab.seeds[0]}.`);
  if (Math.min(record.until, ...record.actions.map(({ at }) => at)) < takeOver(lab))
    return altered('Something was done before the learner took over.');
  return null;
}

function workDigest({ lab, run: { record } }: Submission): string | null {
  if (record.actions.length === 0) return null;
  const work = JSON.stringify([lab.name, record.actions]);
  return createHash('sha256').update(work).digest('hex');
}

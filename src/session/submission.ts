import { z } from 'zod';
import type { Judgement } from '../grading/verdict.ts';
import type { RunHashes, RunRecord } from './protocol.ts';
import { runFileText } from './run-file.ts';
import { parseRunFile, type RunFile, RunFileRefused } from './run-file-schema.ts';

/** Version of the submission file's format. */
const SUBMISSION_VERSION = 1;

const MAX_CHARACTERS = 20_000_000;

/** A file that is no submission, or is damaged: what is wrong, and where. */
export class SubmissionRefused extends Error {
  override readonly name = 'SubmissionRefused';
}

/** Work handed in: a learner's run of a lab, and what her own page said of it. */
export interface Submission {
  readonly lab: { readonly name: string; readonly version: number };
  /** As she typed it. */
  readonly learner: string;
  /** By check: what the page said. Believed by nobody; shown beside what the grader finds. */
  readonly claimed: Readonly<Record<string, Judgement['outcome']>>;
  /** How many hints she opened; null where the file does not say. */
  readonly hints: number | null;
  /** Whether she has seen the lab's own solutions; null where the file does not say. */
  readonly solutionShown: boolean | null;
  readonly run: Pick<RunFile, 'record'> & { readonly hashes: RunHashes };
}

const schema = z.strictObject({
  format: z.literal('standby submission'),
  version: z.literal(SUBMISSION_VERSION),
  lab: z.strictObject({ name: z.string().min(1).max(63), version: z.int().min(1) }),
  learner: z.string().trim().min(1).max(200),
  claimed: z.record(z.string(), z.enum(['pass', 'fail', 'inconclusive'])),
  hints: z.int().min(0).optional(),
  solutionShown: z.boolean().optional(),
  run: z.unknown(),
});

/** The text of a submission file: an envelope around the same run that "Export run" writes. */
export function submissionText(
  { lab: { name, version }, learner, claimed, hints, solutionShown }: Omit<Submission, 'run'>,
  record: RunRecord,
  hashes: RunHashes,
): string {
  const run: unknown = JSON.parse(runFileText(record, hashes));
  const file: z.input<typeof schema> = {
    format: 'standby submission',
    version: SUBMISSION_VERSION,
    lab: { name, version },
    learner,
    claimed: { ...claimed },
    ...(hints !== null && { hints }),
    ...(solutionShown !== null && { solutionShown }),
    run,
  };
  return JSON.stringify(file, null, 1);
}

/**
 * Reads a submission file.
 * @throws {SubmissionRefused}
 */
export function parseSubmission(text: string): Submission {
  if (text.length > MAX_CHARACTERS)
    throw new SubmissionRefused(
      `The file holds ${text.length.toLocaleString('en')} characters; a submission has at most ${MAX_CHARACTERS.toLocaleString('en')}.`,
    );
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(' → ') || 'the file as a whole';
    throw new SubmissionRefused(`Not a submission: at ${where}: ${issue?.message}.`);
  }
  const { lab, learner, claimed, hints = null, solutionShown = null } = parsed.data;
  const { record, hashes } = parseRun(parsed.data.run);
  if (hashes === null) throw new SubmissionRefused('Its run has no hashes to be checked against.');
  return { lab, learner, claimed, hints, solutionShown, run: { record, hashes } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SubmissionRefused(`The file is not JSON: ${(error as Error).message}.`);
  }
}

function parseRun(run: unknown): RunFile {
  try {
    return parseRunFile(JSON.stringify(run ?? null));
  } catch (error) {
    if (!(error instanceof RunFileRefused)) throw error;
    throw new SubmissionRefused(error.message);
  }
}

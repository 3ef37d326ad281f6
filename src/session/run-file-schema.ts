import { z } from 'zod';
import { type Instant, instant } from '../sim/instant.ts';
import { name } from './fields-schema.ts';
import { RUN_RECORD_VERSION, type RunHashes, type RunRecord } from './protocol.ts';
import { actionSchema, clusterSpecSchema } from './run-schema.ts';

/** A file that holds no run this course can replay: what is wrong, where, and what to do. */
export class RunFileRefused extends Error {
  override readonly name = 'RunFileRefused';
}

const MAX_CHARACTERS = 20_000_000;

const whole = z.int().min(0);

const labOnSeed = z.strictObject({ lab: name, version: z.int().min(1), seed: z.int() });

/** By its name a lab is known, so that a mistake is told of the kind that was meant. */
const spec = z.unknown().transform((value, context) => {
  const isLab = typeof value === 'object' && value !== null && 'lab' in value;
  const parsed = (isLab ? labOnSeed : clusterSpecSchema).safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues)
    context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
});

/** A run record; JSON's word for Infinity becomes the number again. */
export const recordSchema = z
  .strictObject({
    version: z.literal(RUN_RECORD_VERSION),
    spec,
    actions: z.array(z.strictObject({ at: whole, action: actionSchema })),
    until: whole,
  })
  .superRefine((run, context) => {
    const answer =
      'lab' in run.spec ? -1 : run.actions.findIndex(({ action }) => action.kind === 'answer');
    if (answer >= 0)
      context.addIssue({
        code: 'custom',
        path: ['actions', answer, 'action'],
        message: 'an answer is given to a lab, and this run is of none',
      });
    run.actions.forEach(({ at }, i) => {
      const before = run.actions[i - 1]?.at ?? 0;
      if (at >= before && at <= run.until) return;
      context.addIssue({
        code: 'custom',
        path: ['actions', i, 'at'],
        message: `${at} µs lies outside the run: actions are in order of time, none after its end (${run.until} µs)`,
      });
    });
  });

const runFile = z.strictObject({
  format: z.literal('standby run'),
  record: recordSchema,
  hashes: z.strictObject({ trace: z.string(), wal: z.string() }).optional(),
  at: whole.optional(),
});

export interface RunFile {
  readonly record: RunRecord;
  readonly hashes: RunHashes | null;
  /** The moment to open it at. */
  readonly at: Instant;
}

/**
 * Reads the text of an exported or saved run.
 * @throws {RunFileRefused}
 */
export function parseRunFile(text: string): RunFile {
  if (text.length > MAX_CHARACTERS) {
    throw new RunFileRefused(
      `The file holds ${text.length.toLocaleString('en')} characters; a run has at most ${MAX_CHARACTERS.toLocaleString('en')}. Choose a file that this course has exported.`,
    );
  }
  const json = parseJson(text);
  const version = versionOf(json);
  if (version !== null && version !== RUN_RECORD_VERSION) {
    throw new RunFileRefused(
      `The run has format version ${version}; this page replays version ${RUN_RECORD_VERSION}. Keep the file, and open it in the edition of the course that wrote it.`,
    );
  }
  const parsed = runFile.safeParse(json);
  if (!parsed.success) throw new RunFileRefused(inWords(parsed.error));
  const { hashes = null, at } = parsed.data;
  const record = parsed.data.record as unknown as RunRecord;
  return { record, hashes, at: at === undefined || at > record.until ? record.until : instant(at) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RunFileRefused(
      `The file is not JSON: ${(error as Error).message}. Choose a file that “Export run” has written.`,
    );
  }
}

function versionOf(json: unknown): unknown {
  const record = (json as { record?: { version?: unknown } } | null)?.record;
  return record?.version ?? null;
}

function inWords(error: z.ZodError): string {
  const first = error.issues[0] as z.core.$ZodIssue;
  const where = first.path.length > 0 ? first.path.join(' → ') : 'the file as a whole';
  const more = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : '';
  return `Not a run that can be replayed: at ${where}: ${first.message}${more}. Choose a file that “Export run” has written, unchanged.`;
}

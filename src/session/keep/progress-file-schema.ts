import { z } from 'zod';
import { recordSchema } from '../run-file-schema.ts';
import { failingSchedule } from './failing-schedule-schema.ts';
import { KEEPSAKE_VERSION, type Keepsake, keyOf } from './keepsake.ts';
import { MAX_PROGRESS_BYTES, PROGRESS_VERSION } from './progress-file.ts';

/** A file that holds no progress: what is wrong, where, and what to do. */
export class ProgressFileRefused extends Error {
  override readonly name = 'ProgressFileRefused';
}

/** What a progress file holds: what can be taken over, and what cannot, in words. */
export interface ProgressFile {
  readonly savedAt: string;
  readonly items: readonly Keepsake[];
  readonly refused: readonly string[];
}

const name = z.string().min(1).max(200);
const short = z.string().max(1_000);
const text = z.string().max(20_000_000);
const whole = z.int().min(0);
const moment = z.iso.datetime();
const outcome = z.enum(['pass', 'fail', 'inconclusive']);
const hashes = z.strictObject({ trace: short, wal: short });

const verdict = z.strictObject({
  check: short,
  seed: z.int(),
  judgement: z
    .strictObject({
      outcome,
      words: z.string().max(100_000),
      at: whole.optional(),
      schedule: failingSchedule.optional(),
    })
    .refine(({ outcome: said, at }) => said === 'pass' || at !== undefined, 'it names no moment'),
});

const kept = { version: z.literal(KEEPSAKE_VERSION), of: name, savedAt: moment };

/** By kind, what is kept; `replaced` does not travel. */
const item = z.discriminatedUnion('kind', [
  z.strictObject({ ...kept, kind: z.literal('run'), contents: text }),
  z.strictObject({
    ...kept,
    kind: z.literal('earlier'),
    contents: z.strictObject({
      text,
      why: z.enum(['reset', 'import', 'exchange', 'fork', 'shared run', 'other tab', 'unfit']),
      actions: whole,
      until: whole,
    }),
  }),
  z.strictObject({ ...kept, kind: z.literal('draft'), contents: z.string().max(1_000_000) }),
  z.strictObject({
    ...kept,
    kind: z.literal('prediction'),
    contents: z.strictObject({ chosen: z.array(short).max(100), sure: short }),
  }),
  z.strictObject({
    ...kept,
    kind: z.literal('quiz'),
    contents: z
      .array(z.strictObject({ at: moment, chosen: z.array(short).max(100), right: z.boolean() }))
      .max(1_000),
  }),
  z.strictObject({
    ...kept,
    kind: z.literal('placement'),
    contents: z.record(name, short).refine((all) => Object.keys(all).length <= 100, 'too many'),
  }),
  z.strictObject({ ...kept, kind: z.literal('hints'), contents: whole }),
  z.strictObject({
    ...kept,
    kind: z.literal('lab'),
    contents: z.strictObject({
      attempts: whole,
      solutionShown: z.boolean(),
      checked: z
        .strictObject({
          record: recordSchema,
          hashes,
          verdicts: z.array(verdict).max(1_000),
          graded: z.array(recordSchema).max(100),
        })
        .nullable(),
    }),
  }),
  z.strictObject({
    ...kept,
    kind: z.literal('reading'),
    contents: z.strictObject({ section: name, seen: z.array(name).max(1_000), sections: whole }),
  }),
]);

const envelope = z.strictObject({
  format: z.literal('standby progress'),
  version: z.literal(PROGRESS_VERSION),
  savedAt: moment,
  items: z.array(z.unknown()).max(100_000),
});

/**
 * Reads the text of a progress file. An item that is damaged, or of a kind that this edition does not know, is left out
 * and named; the rest can still be used.
 * @throws {ProgressFileRefused}
 */
export function parseProgressFile(source: string, file: string): ProgressFile {
  if (source.length > MAX_PROGRESS_BYTES)
    throw new ProgressFileRefused(
      `${file} holds ${source.length.toLocaleString('en')} characters; progress has at most ${MAX_PROGRESS_BYTES.toLocaleString('en')}. Choose a file that “Export everything” has written.`,
    );
  const json = parseJson(source, file);
  const { version, format } = (json ?? {}) as { version?: unknown; format?: unknown };
  if (format === 'standby run')
    throw new ProgressFileRefused(
      `${file} holds one run, not all of your work. Open it with “Import run”, on the page of its figure or lab.`,
    );
  if (format === 'standby progress' && version !== PROGRESS_VERSION)
    throw new ProgressFileRefused(
      `${file} has format version ${String(version)}; this page reads version ${PROGRESS_VERSION}. Keep the file, and open it in the edition of the course that wrote it.`,
    );
  const parsed = envelope.safeParse(json);
  if (!parsed.success)
    throw new ProgressFileRefused(
      `${file} holds no progress: ${placeOf(parsed.error, 'the file as a whole')}. Choose a file that “Export everything” has written, unchanged.`,
    );
  return { savedAt: parsed.data.savedAt, ...sorted(parsed.data.items) };
}

function sorted(values: readonly unknown[]): Pick<ProgressFile, 'items' | 'refused'> {
  const items = new Map<string, Keepsake>();
  const refused: string[] = [];
  values.forEach((value, i) => {
    const parsed = item.safeParse(value);
    if (!parsed.success) {
      refused.push(`items → ${i}: ${placeOf(parsed.error, 'as a whole')}`);
      return;
    }
    const found = parsed.data as unknown as Keepsake;
    if (items.has(keyOf(found))) refused.push(`items → ${i}: the same as one above it`);
    else items.set(keyOf(found), found);
  });
  return { items: [...items.values()], refused };
}

function parseJson(source: string, file: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new ProgressFileRefused(
      `${file} is not JSON, or its end is missing: ${(error as Error).message}. Choose a file that “Export everything” has written, whole.`,
    );
  }
}

function placeOf(error: z.ZodError, whole: string): string {
  const [issue] = error.issues;
  return `at ${issue?.path.join(' → ') || whole}: ${issue?.message}`;
}

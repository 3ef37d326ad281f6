import { z } from 'zod';
import { type Instant, instant } from '../sim/instant.ts';
import { RUN_RECORD_VERSION, type RunHashes, type RunRecord } from './protocol.ts';

/** A file that holds no run this course can replay: what is wrong, where, and what to do. */
export class RunFileRefused extends Error {
  override readonly name = 'RunFileRefused';
}

const MAX_CHARACTERS = 20_000_000;

const name = z.string().min(1).max(63);
const whole = z.int().min(0);
const unlimited = z.literal('Infinity').transform(() => Number.POSITIVE_INFINITY);
const duration = z.union([z.number().min(0), unlimited]);
const rate = z.union([z.number().positive(), unlimited]);
const frozen = { node: name, process: z.enum(['walreceiver', 'startup']) };
const session = { node: name, session: name };
const link = { a: name, b: name };
const node = { node: name };

const action = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sql'), ...session, sql: z.string() }),
  z.strictObject({ kind: z.literal('cancel'), ...session }),
  z.strictObject({ kind: z.literal('terminate'), ...session }),
  z.strictObject({ kind: z.literal('freeze'), ...frozen }),
  z.strictObject({ kind: z.literal('thaw'), ...frozen }),
  z.strictObject({ kind: z.literal('delay'), ...link, delay: duration }),
  z.strictObject({ kind: z.literal('bandwidth'), ...link, bytesPerSecond: rate }),
  z.strictObject({ kind: z.literal('loss'), ...link, ratio: z.number().min(0).lt(1) }),
  z.strictObject({ kind: z.literal('cut'), ...link }),
  z.strictObject({ kind: z.literal('heal'), ...link }),
  z.strictObject({ kind: z.literal('fsync'), ...node, time: duration }),
  z.strictObject({ kind: z.literal('replayRate'), ...node, bytesPerSecond: rate }),
  z.strictObject({ kind: z.literal('walVolume'), ...node, bytes: rate }),
  z.strictObject({ kind: z.literal('deleteWal'), ...node }),
  z.strictObject({ kind: z.literal('kill'), ...node }),
  z.strictObject({ kind: z.literal('powerOff'), ...node }),
  z.strictObject({ kind: z.literal('start'), ...node }),
  z.strictObject({ kind: z.literal('promote'), ...node }),
  z.strictObject({ kind: z.literal('stop'), ...node }),
  z.strictObject({ kind: z.literal('follow'), ...node, upstream: name }),
  z.strictObject({ kind: z.literal('rewind'), ...node, upstream: name }),
  z.strictObject({ kind: z.literal('baseBackup'), ...node, upstream: name }),
  z.strictObject({ kind: z.literal('backup'), ...node, name }),
  z.strictObject({
    kind: z.literal('restore'),
    ...node,
    backup: name,
    signal: z.enum(['recovery', 'standby', 'none']),
    conf: z.string().max(10_000),
  }),
  z.strictObject({
    kind: z.literal('verifyBackup'),
    backup: name,
    wal: z.enum(['archive', 'backup', 'skip']),
  }),
  z.strictObject({
    kind: z.literal('damageBackup'),
    backup: name,
    file: z.string().max(200),
    damage: z.enum(['flip', 'truncate', 'remove', 'add']),
  }),
  z.strictObject({ kind: z.literal('copyTable'), ...node, from: name, table: name }),
  z.strictObject({
    kind: z.literal('clients'),
    population: name,
    pace: z.number().min(0).max(100),
  }),
  z.strictObject({ kind: z.literal('answer'), id: name, text: z.string().max(100_000) }),
]);

const range = z.tuple([duration, duration]);
const population = z.strictObject({
  name,
  node: name,
  count: z.int().min(1).max(1_000),
  errands: z
    .array(
      z.strictObject({
        sql: z.string(),
        weight: z.number().positive().optional(),
        kind: z.enum(['read', 'write']),
      }),
    )
    .min(1),
  thinkTime: range,
  ratePerSecond: z.number().positive().optional(),
  firstAt: range.optional(),
  until: duration.optional(),
  attempts: z.int().min(1).optional(),
  pace: z.number().min(0).max(100).optional(),
});

const clusterSpec = z.strictObject({
  nodes: z.array(name).min(1),
  spares: z.array(name).optional(),
  upstreams: z.record(z.string(), z.string()).optional(),
  settings: z.record(z.string(), z.record(z.string(), z.string())),
  seed: z.int(),
  linkDelay: duration.optional(),
  walVolumes: z.record(z.string(), rate).optional(),
  work: z
    .strictObject({ blockHit: duration, blockRead: duration, walKilobyte: duration })
    .optional(),
  setup: z.array(z.string()).optional(),
  walStart: z.string().optional(),
  populations: z.array(population).optional(),
});

const labOnSeed = z.strictObject({ lab: name, version: z.int().min(1), seed: z.int() });

/** By its name a lab is known, so that a mistake is told of the kind that was meant. */
const spec = z.unknown().transform((value, context) => {
  const isLab = typeof value === 'object' && value !== null && 'lab' in value;
  const parsed = (isLab ? labOnSeed : clusterSpec).safeParse(value);
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
    actions: z.array(z.strictObject({ at: whole, action })),
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

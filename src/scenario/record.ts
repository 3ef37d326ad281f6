import { z } from 'zod';
import type { TranscriptLine } from './transcript.ts';

const headSchema = z.strictObject({
  format: z.literal(1),
  /** The server that spoke, such as `PostgreSQL 18.4`. */
  server: z.string(),
  platform: z.string(),
  /** The day of the recording. */
  date: z.string(),
  /** Which text was run: a scenario that has changed since needs a new record. */
  scenario: z.string(),
});

/** The first line of a record: where and when it was made, and of what. */
export type RecordHead = z.infer<typeof headSchema>;

/** What a real cluster answered to a scenario. */
export interface TranscriptRecord {
  readonly head: RecordHead;
  readonly lines: readonly TranscriptLine[];
}

/** The text of a record: its head and its lines, a JSON object each. */
export function formatRecord({ head, lines }: TranscriptRecord): string {
  return [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Reads a record. */
export function parseRecord(text: string): TranscriptRecord {
  const [head, ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  return { head: headSchema.parse(head), lines: lines as TranscriptLine[] };
}

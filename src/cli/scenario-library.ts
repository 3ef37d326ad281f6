import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Difference } from '../scenario/compare.ts';
import { formatRecord, parseRecord, type TranscriptRecord } from '../scenario/record.ts';

const allowedSchema = z.array(
  z.strictObject({
    scenario: z.string(),
    step: z.int(),
    /** Why the simulated cluster may answer this step in another way. */
    reason: z.string().min(20),
  }),
);

/** A step whose difference is known, and why it is allowed. */
export type AllowedDifference = z.infer<typeof allowedSchema>[number];

/** Names a scenario's text by its content. */
export function scenarioHash(source: string): string {
  return createHash('sha256').update(source).digest('hex').slice(0, 16);
}

/** The scenarios of a folder, each `NAME.scenario`, with its record `NAME.real.jsonl` beside it. */
export class ScenarioLibrary {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The names of all scenarios, sorted. */
  names(): string[] {
    return readdirSync(this.#folder)
      .flatMap((file) => (file.endsWith('.scenario') ? [file.slice(0, -'.scenario'.length)] : []))
      .sort();
  }

  source(name: string): string {
    return readFileSync(this.#path(`${name}.scenario`), 'utf8');
  }

  /**
   * The record of a scenario.
   * @throws where there is none, or the scenario has changed since.
   */
  record(name: string): TranscriptRecord {
    const renew = `renew it with: npm run fidelity -- --record ${name}`;
    let text: string;
    try {
      text = readFileSync(this.#path(`${name}.real.jsonl`), 'utf8');
    } catch {
      throw new Error(`there is no record of ${name}; ${renew}`);
    }
    const record = parseRecord(text);
    if (record.head.scenario !== scenarioHash(this.source(name))) {
      throw new Error(`the record of ${name} is of an older text; ${renew}`);
    }
    return record;
  }

  writeRecord(name: string, record: TranscriptRecord): void {
    writeFileSync(this.#path(`${name}.real.jsonl`), formatRecord(record));
  }

  /** The differences that `differences.json` does not allow. */
  notAllowed(name: string, differences: readonly Difference[]): Difference[] {
    const allowed = this.allowed().filter(({ scenario }) => scenario === name);
    return differences.filter(({ step }) => !allowed.some((one) => one.step === step));
  }

  /** What `differences.json` allows. */
  allowed(): AllowedDifference[] {
    return allowedSchema.parse(JSON.parse(readFileSync(this.#path('differences.json'), 'utf8')));
  }

  #path(file: string): string {
    return join(this.#folder, file);
  }
}

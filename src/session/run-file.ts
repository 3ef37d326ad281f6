import { type Instant, START } from '../sim/instant.ts';
import type { RunHashes, RunRecord } from './protocol.ts';
import type { RunSpec } from './run-spec.ts';

/** What can be said of a saved run without checking it. */
export interface SavedRun {
  readonly actions: number;
  readonly until: Instant;
  /** It starts from another cluster than the page does now, as after an update of the course. */
  readonly otherCluster: boolean;
}

/**
 * The text of an exported or saved run; `at` is the moment to open it at, where that is not its end. JSON has no Infinity
 * ("never", "no limit"), so it is written as a word.
 */
export function runFileText(
  record: RunRecord,
  hashes: RunHashes | null,
  at: Instant | null = null,
): string {
  const moment = at !== null && at < record.until && { at };
  const file = { format: 'standby run', record, ...(hashes && { hashes }), ...moment };
  return JSON.stringify(
    file,
    (_, value) => (value === Number.POSITIVE_INFINITY ? 'Infinity' : value),
    1,
  );
}

/** A look at a saved run that needs no schema: a page shows this long before it may have to replay the run. */
export function glanceAt(text: string, spec: RunSpec): SavedRun {
  try {
    const { record } = JSON.parse(text) as { record: RunRecord };
    return {
      actions: record.actions.length,
      until: record.until,
      otherCluster: JSON.stringify(record.spec) !== JSON.stringify(spec),
    };
  } catch {
    return { actions: 0, until: START, otherCluster: false };
  }
}

export const runFileName = (figure: string): string => `${figure}.standby-run.json`;

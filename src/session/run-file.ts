import type { RunHashes, RunRecord } from './protocol.ts';

/** The text of an exported or saved run. JSON has no Infinity ("never", "no limit"), so it is written as a word. */
export function runFileText(record: RunRecord, hashes: RunHashes | null): string {
  const file = { format: 'standby run', record, ...(hashes && { hashes }) };
  return JSON.stringify(
    file,
    (_, value) => (value === Number.POSITIVE_INFINITY ? 'Infinity' : value),
    1,
  );
}

export const runFileName = (figure: string): string => `${figure}.standby-run.json`;

import { crc32c } from '../../postgres/wal/crc32c.ts';
import { START } from '../../sim/instant.ts';
import { RUN_RECORD_VERSION, type RunRecord } from '../protocol.ts';
import type { RunSpec } from '../run-spec.ts';
import type { EarlierRun, PutAside } from './keepsake.ts';

/** The run that a text holds, read without checking it: enough to say how long it is. */
export function peek(text: string): RunRecord | null {
  try {
    const { record } = JSON.parse(text) as { record?: RunRecord };
    return Array.isArray(record?.actions) && typeof record.until === 'number' ? record : null;
  } catch {
    return null;
  }
}

export function earlierRun(text: string, why: PutAside): EarlierRun {
  const record = peek(text);
  return { text, why, actions: record?.actions.length ?? 0, until: record?.until ?? START };
}

/** Where an earlier run is kept: the same text twice is kept once. */
export const earlierPlace = (figure: string, text: string): string =>
  `${figure}/${crc32c(new TextEncoder().encode(text)).toString(16).padStart(8, '0')}`;

/**
 * Why a run cannot be replayed where a figure or lab starts with `spec`, or nowhere in this edition if that is null; in
 * words. Null where nothing is known against it.
 */
export function whyUnfit(text: string, spec: RunSpec | null): string | null {
  const record = peek(text);
  if (!record) return 'it is damaged';
  const { version } = record as { version: unknown };
  if (version !== RUN_RECORD_VERSION)
    return `its format is version ${version}, and this page replays version ${RUN_RECORD_VERSION}`;
  if (!spec) return null;
  const { spec: from } = record as { spec: Partial<RunSpec> | undefined };
  const lab = from && 'lab' in from ? from : null;
  const here = 'lab' in spec ? spec : null;
  if (!here) return lab ? `it is a run of the lab ${lab.lab}` : null;
  if (!lab) return 'it is not a run of a lab';
  if (lab.lab !== here.lab) return `it is a run of the lab ${lab.lab}`;
  if (lab.version === here.version) return null;
  return `it is of version ${lab.version} of this lab, which is now version ${here.version}`;
}

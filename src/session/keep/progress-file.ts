import type { Keepsake } from './keepsake.ts';

/** Version of the progress file's format. */
export const PROGRESS_VERSION = 1;

/** More than any learner's work comes to. */
export const MAX_PROGRESS_BYTES = 100_000_000;

/** The kinds that a reader takes away. What an import has replaced belongs to this device alone. */
const travels = ({ kind }: Keepsake): boolean => kind !== 'replaced';

/** All that is kept, as the text of one file. JSON has no Infinity ("never", "no limit"), so it is written as a word. */
export function progressText(kept: readonly Keepsake[], savedAt: string): string {
  const file = {
    format: 'standby progress',
    version: PROGRESS_VERSION,
    savedAt,
    items: kept.filter(travels),
  };
  return JSON.stringify(
    file,
    (_, value) => (value === Number.POSITIVE_INFINITY ? 'Infinity' : value),
    1,
  );
}

export const progressFileName = (savedAt: string): string =>
  `standby-progress-${savedAt.slice(0, 10)}.json`;

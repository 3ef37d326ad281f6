import { earlierPlace, earlierRun } from './earlier-run.ts';
import { KEEPSAKE_VERSION, type Keepsake, keyOf } from './keepsake.ts';
import type { Shelf } from './shelf.ts';

/** Its text as what is kept now, by the beginning of its key in localStorage. Null where the text holds no such thing. */
const OLD = [
  {
    key: /^standby\.run\.(.+)\.v\d+$/,
    take: (of: string, text: string) => ({ kind: 'run', of, contents: text }),
  },
  {
    key: /^standby\.quiz\.(.+)$/,
    take: (of: string, text: string) => ({ kind: 'quiz', of, contents: JSON.parse(text).answers }),
  },
  {
    key: /^standby\.predict\.(.+)$/,
    take: (of: string, text: string) => ({ kind: 'prediction', of, contents: JSON.parse(text) }),
  },
] as const;

/**
 * Takes over what the first edition of the course kept in localStorage. A text leaves the old place once it stands in the
 * new one. A run whose place is taken goes to the earlier ones; anything else stays where it is.
 */
export async function takeOver(storage: () => Storage, shelf: Shelf, now: string): Promise<void> {
  const old = storage();
  for (const key of Object.keys(old)) {
    const kept = readOld(key, old.getItem(key) ?? '', now);
    if (!kept) continue;
    const aside = kept.kind === 'run' ? asEarlier(kept) : null;
    const taken =
      (await shelf.add(keyOf(kept), kept)) || (aside && (await shelf.add(keyOf(aside), aside)));
    if (taken) old.removeItem(key);
  }
}

const asEarlier = (run: Keepsake<'run'>): Keepsake<'earlier'> => ({
  ...run,
  kind: 'earlier',
  of: earlierPlace(run.of, run.contents),
  contents: earlierRun(run.contents, 'exchange'),
});

function readOld(key: string, text: string, now: string): Keepsake | null {
  for (const { key: pattern, take } of OLD) {
    const [, of] = pattern.exec(key) ?? [];
    if (of === undefined) continue;
    try {
      const taken = take(of, text);
      if (!taken.contents) return null;
      return { version: KEEPSAKE_VERSION, savedAt: now, ...taken } as Keepsake;
    } catch {
      return null;
    }
  }
  return null;
}

import type { RunRecord } from '../protocol.ts';
import { goesOnFrom } from '../run-record.ts';
import { peek } from './earlier-run.ts';
import { type Keepsake, lastOf, type QuizAnswer } from './keepsake.ts';

/** A thing of a file, with the parts that only the device has. */
export function merged(incoming: Keepsake, present: Keepsake | null): Keepsake {
  if (incoming.kind === 'quiz' && present?.kind === 'quiz') {
    const mine = present.contents.filter(({ at }) => !ids(incoming.contents).includes(at));
    const contents = [...incoming.contents, ...mine].sort((a, b) => (a.at < b.at ? -1 : 1));
    return { ...incoming, contents: lastOf(contents) };
  }
  if (incoming.kind === 'reading' && present?.kind === 'reading') {
    const seen = new Set([...present.contents.seen, ...incoming.contents.seen]);
    return { ...incoming, contents: { ...incoming.contents, seen: [...seen] } };
  }
  return incoming;
}

/** How a thing in a file stands to the same thing on the device. */
export type Standing =
  /** The device has none. */
  | 'new'
  | 'same'
  /** The file's goes on from the device's, or was saved later. */
  | 'newer'
  | 'older'
  /** Each has something that the other has not, and only one can be kept. */
  | 'conflict';

/** One thing of a file, with what taking it would do. */
export interface Change {
  readonly incoming: Keepsake;
  readonly present: Keepsake | null;
  readonly standing: Standing;
}

/** A reader may be asked about these; the others are settled by themselves, or lose nothing. */
export const isTakenUnasked = ({ standing }: Change): boolean =>
  standing === 'new' || standing === 'newer';

export function changeOf(incoming: Keepsake, present: Keepsake | null): Change {
  return { incoming, present, standing: present ? standing(incoming, present) : 'new' };
}

function standing(incoming: Keepsake, present: Keepsake): Standing {
  if (incoming.kind === 'earlier' && present.kind === 'earlier') return 'same';
  if (same(incoming.contents, present.contents)) return 'same';
  if (incoming.kind === 'run' && present.kind === 'run')
    return ofRuns(peek(incoming.contents), peek(present.contents)) ?? byTime(incoming, present);
  if (incoming.kind === 'quiz' && present.kind === 'quiz')
    return byParts(ids(incoming.contents), ids(present.contents));
  if (incoming.kind === 'hints' && present.kind === 'hints')
    return incoming.contents > present.contents ? 'newer' : 'older';
  if (incoming.kind === 'reading' && present.kind === 'reading')
    return byParts(incoming.contents.seen, present.contents.seen);
  return byTime(incoming, present);
}

/** Null where one of them cannot be read. */
function ofRuns(incoming: RunRecord | null, present: RunRecord | null): Standing | null {
  if (!incoming || !present) return null;
  const on = goesOnFrom(incoming, present);
  const back = goesOnFrom(present, incoming);
  if (on && back) return incoming.until > present.until ? 'newer' : 'older';
  if (on) return 'newer';
  return back ? 'older' : 'conflict';
}

/** Of what both can be kept. */
const byParts = (incoming: readonly string[], present: readonly string[]): Standing =>
  incoming.some((part) => !present.includes(part)) ? 'newer' : 'older';

function byTime(incoming: Keepsake, present: Keepsake): Standing {
  const [file, device] = [Date.parse(incoming.savedAt), Date.parse(present.savedAt)];
  if (file === device) return 'conflict';
  return file > device ? 'newer' : 'older';
}

/** Answers given at the same instant to the same question are one. */
const ids = (answers: readonly QuizAnswer[]): readonly string[] => answers.map(({ at }) => at);

const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

/** Two writings of the same thing are the same text, whatever the order of their fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

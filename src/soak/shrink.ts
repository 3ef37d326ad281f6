/** What is left of a schedule, and what it cost to find. */
export interface Shrunk<T> {
  readonly items: readonly T[];
  /** How many shorter schedules were tried. */
  readonly tries: number;
  /** Whether leaving out any one item more would mend it; false where the tries ran out first. */
  readonly minimal: boolean;
}

/** Yields a shorter list, and is told whether it still breaks what the whole breaks. */
type Shrinking<T> = Generator<readonly T[], Shrunk<T>, boolean>;

/**
 * Shortens a list of troubles that breaks something to one that still does, by delta debugging: A. Zeller and R. Hildebrandt,
 * “Simplifying and Isolating Failure-Inducing Input”, IEEE Transactions on Software Engineering 28(2), 2002 (`ddmin`). Halves are tried
 * first, then what is left without each of them, then quarters, and so on. An item is to be a whole trouble, its
 * remedy with it, so that every list makes sense.
 *
 * `breaks` says whether a list still breaks it; it is not asked about the same list twice. `mostTries` caps the cost.
 */
export async function shrink<T>(
  items: readonly T[],
  breaks: (items: readonly T[]) => boolean | Promise<boolean>,
  mostTries: number,
): Promise<Shrunk<T>> {
  const shrinking = shrinkingOf(items, mostTries);
  let step = shrinking.next();
  while (!step.done) step = shrinking.next(await breaks(step.value));
  return step.value;
}

/** The same for what is answered at once. */
export function shrinkNow<T>(
  items: readonly T[],
  breaks: (items: readonly T[]) => boolean,
  mostTries: number,
): Shrunk<T> {
  const shrinking = shrinkingOf(items, mostTries);
  let step = shrinking.next();
  while (!step.done) step = shrinking.next(breaks(step.value));
  return step.value;
}

function* shrinkingOf<T>(items: readonly T[], mostTries: number): Shrinking<T> {
  const known = new Map<string, boolean>();
  const places = new Map(items.map((item, i) => [item, i]));
  let tries = 0;
  let left = items;
  let parts = 2;
  function* breaksStill(list: readonly T[]): Generator<readonly T[], boolean, boolean> {
    const key = list.map((item) => places.get(item)).join(',');
    const before = known.get(key);
    if (before !== undefined) return before;
    if (tries >= mostTries) return false;
    tries++;
    const answer = yield list;
    known.set(key, answer);
    return answer;
  }
  function* firstThatBreaks(
    lists: readonly (readonly T[])[],
  ): Generator<readonly T[], readonly T[] | null, boolean> {
    for (const list of lists) if (yield* breaksStill(list)) return list;
    return null;
  }
  if (left.length > 0 && (yield* breaksStill([]))) return { items: [], tries, minimal: true };
  while (left.length >= 2) {
    const pieces = cut(left, parts);
    const shorter = yield* firstThatBreaks([
      ...pieces,
      ...(parts === 2 ? [] : pieces.map((piece) => without(left, piece))),
    ]);
    if (shorter) {
      parts = pieces.includes(shorter) ? 2 : Math.max(parts - 1, 2);
      left = shorter;
    } else if (parts < left.length) parts = Math.min(left.length, parts * 2);
    else break;
    if (tries >= mostTries) return { items: left, tries, minimal: false };
  }
  return { items: left, tries, minimal: true };
}

/** Pieces of a list, as even as they come. */
function cut<T>(list: readonly T[], parts: number): readonly (readonly T[])[] {
  return Array.from({ length: parts }, (_, i) =>
    list.slice(Math.floor((i * list.length) / parts), Math.floor(((i + 1) * list.length) / parts)),
  );
}

const without = <T>(list: readonly T[], piece: readonly T[]): readonly T[] =>
  list.filter((item) => !piece.includes(item));

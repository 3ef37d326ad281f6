import type { SqlEngine } from '../cluster/sql-engine.ts';
import { describeAction } from '../cluster/words.ts';
import { toMs } from '../sim/instant.ts';
import { type Planned, soakPlan } from './schedule.ts';
import { type Shrunk, shrink } from './shrink.ts';
import { type Breach, soak } from './soak.ts';

/** Each try plays a whole run: so many must do for eight faults. */
const MOST_TRIES = 60;

/** The fewest faults of a seed that still break the same, by their places. */
export function shrinkSoak(
  seed: number,
  { invariant }: Breach,
  engine: SqlEngine,
): Promise<Shrunk<number>> {
  return shrink(
    soakPlan(seed).faults.map((_, place) => place),
    async (places) => (await soak(seed, engine, faultsAt(seed, places)))?.invariant === invariant,
    MOST_TRIES,
  );
}

/** What is said of a seed that breaks something: what, when, the schedule cut down, and the command that plays that again. */
export function soakReport(seed: number, breach: Breach, left: Shrunk<number>): string {
  const { faults } = soakPlan(seed);
  const inTime = faultsAt(seed, left.items).toSorted((one, other) => one.at - other.at);
  const tried =
    left.tries === 0
      ? ''
      : ` (${left.tries} shorter schedules were tried; ${left.minimal ? 'leave any one out, and it holds' : 'fewer may do'})`;
  return [
    `seed ${seed} breaks “${breach.invariant}”, at ${toMs(breach.at)} ms: ${breach.words}`,
    `${left.items.length} of its ${faults.length} faults do it${tried}:`,
    ...inTime.map(
      ({ at, action }) => `  ${toMs(at)} ms after the start: ${describeAction(action)}`,
    ),
    `replay it: npm run soak -- --from ${seed} --seeds 1 --faults ${left.items.join(',') || NONE}`,
  ].join('\n');
}

/** No fault at all, in a command. */
const NONE = 'none';

/** The faults of a seed that a command names, by their places; null where it names some that there are not. */
export function placesNamed(seed: number, named: string): readonly number[] | null {
  const places = named === NONE ? [] : named.split(',').map(Number);
  const { faults } = soakPlan(seed);
  return places.every((place) => faults[place] !== undefined) ? places : null;
}

/** The faults of a seed at these places. */
export const faultsAt = (seed: number, places: readonly number[]): readonly Planned[] =>
  soakPlan(seed).faults.filter((_, place) => places.includes(place));

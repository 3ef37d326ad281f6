/** A schedule of troubles that breaks a promise, cut down to what is needed for it, and the way to see it again. */
import { ROUTES, type RouteName } from '../ha/clients/routes.ts';
import { readPatroniYml } from '../ha/patroni-yml/patroni-yml.ts';
import type { Instant } from '../sim/instant.ts';
import { faultInWords, secondOf } from './fault-words.ts';
import { type FencePlan, FenceRun } from './fence-run.ts';
import { fenceSchedule } from './fence-schedule.ts';
import { GovernorRun, planOf } from './governor-run.ts';
import { governorSchedule } from './governor-schedule.ts';
import type { Broken, Invariant } from './invariants.ts';
import { isRemedy, itemsOf, type Schedule, withItems } from './schedule-items.ts';
import type { Befallen, ScheduledRun } from './scheduled-run.ts';
import { shrinkNow } from './shrink.ts';

/** What is tried on schedules: a patroni.yml with a way to the primary, or a fence. */
export type Tried =
  | { readonly kind: 'governor'; readonly yml: string; readonly route: RouteName }
  | { readonly kind: 'fence'; readonly plan: FencePlan };

/** All that is needed to play it again. The same of these is the same run. */
export interface FailingSchedule {
  readonly tried: Tried;
  /** The number, or seed, of the schedule. */
  readonly number: number;
  /** Which of its items are needed, by their places in it. */
  readonly kept: readonly number[];
  /** How many items the whole has. */
  readonly of: number;
  readonly invariant: Invariant;
  /** When it is broken. */
  readonly at: Instant;
}

/** What a proof tells of the schedule that it played. */
interface Played {
  readonly schedule: Schedule;
  readonly befallen: readonly Befallen[];
}

/** The smallest of several failing schedules, and what came of it. */
export interface Smallest<P extends Played> {
  readonly number: number;
  readonly kept: readonly number[];
  readonly of: number;
  readonly proof: P;
  readonly broken: Broken;
}

/** So many shorter schedules of each are tried; the largest have nine items. */
const MOST_TRIES = 60;

/**
 * The smallest schedule that breaks a promise: each that does as a whole is cut down, and the one with the fewest items left is
 * taken, the first of several. Null where none breaks it.
 * @param brokenIn what of the promise is broken in what came of a schedule
 * @param tryOn what comes of the schedule of a number when it is changed like this
 */
export function smallestOf<P extends Played>(
  tried: readonly { readonly number: number; readonly proof: P }[],
  brokenIn: (proof: P) => Broken | null,
  tryOn: (number: number, schedule: P['schedule']) => P,
): Smallest<P> | null {
  let best: Smallest<P> | null = null;
  const bySize = tried
    .filter(({ proof }) => brokenIn(proof) !== null)
    .map((one) => ({ ...one, items: itemsOf(one.proof.schedule) }))
    .toSorted((one, other) => one.items.length - other.items.length);
  for (const { number, proof: whole, items } of bySize) {
    if (best !== null && best.kept.length <= 1) break;
    const shortened = (kept: typeof items): P =>
      kept.length === items.length ? whole : tryOn(number, withItems(whole.schedule, kept));
    const { items: left } = shrinkNow(
      items,
      (kept) => brokenIn(shortened(kept)) !== null,
      MOST_TRIES,
    );
    if (best !== null && best.kept.length <= left.length) continue;
    const proof = shortened(left);
    const broken = brokenIn(proof);
    if (broken === null) continue;
    best = {
      ...{ number, proof, broken },
      kept: left.map((item) => items.indexOf(item)),
      of: items.length,
    };
  }
  return best;
}

/** A sentence's beginning: `Schedule 37, cut down to what is needed (61.2 s: Patroni on node1 stands still)`. */
export function scheduleInWords({ number, kept, of, proof }: Smallest<Played>): string {
  const { withoutWatchdog } = proof.schedule;
  const told = [
    ...proof.befallen
      .filter(({ action, byScript }) => !byScript && !isRemedy(action))
      .map(({ at, action }) => `${secondOf(at)}: ${faultInWords(action)}`),
    ...(withoutWatchdog === null ? [] : [`${withoutWatchdog} has no watchdog device`]),
  ];
  const all = told.length === 0 ? 'nothing has to happen at all' : told.join('; ');
  return `Schedule ${number}${kept.length < of ? ', cut down to what is needed' : ''} (${all})`;
}

/** What is to be kept of it, so that it can be played again. */
export const failingSchedule = (
  tried: Tried,
  { number, kept, of, broken: { invariant, at } }: Smallest<Played>,
): FailingSchedule => ({ tried, number, kept, of, invariant, at });

/** The run of a failing schedule, at its beginning. */
export function openFailing({ tried, number, kept }: FailingSchedule): ScheduledRun {
  switch (tried.kind) {
    case 'governor': {
      const plan = planOf(readPatroniYml(tried.yml), ROUTES[tried.route]);
      return new GovernorRun(plan, number, keptOf(governorSchedule(number), kept));
    }
    case 'fence':
      return new FenceRun(tried.plan, number, keptOf(fenceSchedule(number), kept));
  }
}

/** The node that has no watchdog device in what is left of the schedule. */
export const withoutWatchdogIn = ({ tried, number, kept }: FailingSchedule): string | null =>
  keptOf<Schedule>(
    tried.kind === 'governor' ? governorSchedule(number) : fenceSchedule(number),
    kept,
  ).withoutWatchdog;

function keptOf<S extends Schedule>(schedule: S, kept: readonly number[]): S {
  return withItems(
    schedule,
    itemsOf(schedule).filter((_, place) => kept.includes(place)),
  );
}

/** Faults as plain data: which ones a run meets, and when, follows from its seed. */
import { after, type Duration, type Instant, NEVER } from './instant.ts';
import type { Prng } from './prng.ts';

/** A kind of trouble and its remedy; what both are is the composer's. */
export interface Trouble<F> {
  readonly starts: F;
  readonly ends: F;
  /** Two troubles of one subject never overlap: a node that is off cannot be killed. */
  readonly subject: string;
}

export interface TimedFault<F> {
  readonly at: Instant;
  readonly fault: F;
}

export interface FaultScheduleOptions<F> {
  readonly from: Instant;
  /** All is healed by then. */
  readonly until: Instant;
  /** How many troubles to try for; those that would overlap another of their subject are left out. */
  readonly count: number;
  readonly longest: Duration;
  /** Draws one trouble. */
  readonly draw: (prng: Prng) => Trouble<F>;
}

/** Draws a schedule: troubles at random instants, each ended before `until`, in order of time. */
export function faultSchedule<F>(
  prng: Prng,
  options: FaultScheduleOptions<F>,
): readonly TimedFault<F>[] {
  const { from, until, count, longest, draw } = options;
  const taken: { subject: string; start: Instant; end: Instant }[] = [];
  const faults: TimedFault<F>[] = [];
  for (let index = 0; index < count; index++) {
    const { starts, ends, subject } = draw(prng);
    const start = after(from, prng.below(until - from) as Duration);
    const length = Math.min(
      1 + prng.below(longest === NEVER ? until - from : longest),
      until - start,
    );
    const end = after(start, length as Duration);
    if (
      taken.some((other) => other.subject === subject && other.start <= end && start <= other.end)
    )
      continue;
    taken.push({ subject, start, end });
    faults.push({ at: start, fault: starts }, { at: end, fault: ends });
  }
  return faults.sort((a, b) => a.at - b.at);
}

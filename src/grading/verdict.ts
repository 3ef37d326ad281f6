import type { Instant } from '../sim/instant.ts';
import type { FailingSchedule } from '../soak/failing-schedule.ts';
import type { Evidence } from './evidence.ts';

/** What a check says of one run. `at` is the instant to open: where it can be seen. */
export type Judgement =
  | { readonly outcome: 'pass'; readonly words: string }
  | {
      readonly outcome: 'fail' | 'inconclusive';
      /** What happened, when, on which node. */
      readonly words: string;
      readonly at: Instant;
      /** The schedule of troubles in which it can be seen, where the work was tried on such: `at` is of it then. */
      readonly schedule?: FailingSchedule;
    };

/** A check: a pure function of what is recorded. */
export type Judge = (evidence: Evidence) => Judgement;

export const pass = (words: string): Judgement => ({ outcome: 'pass', words });
export const fail = (at: Instant, words: string): Judgement => ({ outcome: 'fail', words, at });
/** It fails on a schedule of troubles, at the instant at which that breaks it. */
export const failOn = (schedule: FailingSchedule, words: string): Judgement => ({
  ...{ outcome: 'fail', words, at: schedule.at },
  schedule,
});
export const inconclusive = (at: Instant, words: string): Judgement => ({
  outcome: 'inconclusive',
  words,
  at,
});

/** A check's verdict over all seeds, and the seed of the run in which it can be seen. */
export interface Verdict {
  readonly check: string;
  readonly seed: number;
  readonly judgement: Judgement;
}

/**
 * One failure fails the check; it passes only where it passed on every seed. The failure with the smallest schedule is shown, and
 * the first where there is none smaller.
 */
export function overall(verdicts: readonly Verdict[]): Verdict {
  const first = (outcome: Judgement['outcome']) =>
    verdicts
      .filter(({ judgement }) => judgement.outcome === outcome)
      .toSorted((one, other) => sizeOf(one) - sizeOf(other))[0];
  const verdict = first('fail') ?? first('inconclusive') ?? first('pass');
  if (!verdict) throw new RangeError('no run was judged');
  return verdict;
}

const sizeOf = ({ judgement }: Verdict): number =>
  judgement.outcome === 'pass' ? 0 : (judgement.schedule?.kept.length ?? 0);

/** Such as `3.204 s`: the run's own clock, with the digits that a commit needs. */
export const clock = (at: Instant): string => `${(at / 1_000_000).toFixed(3)} s`;

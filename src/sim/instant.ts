declare const instantBrand: unique symbol;
declare const durationBrand: unique symbol;

/** A point of virtual time: whole microseconds since the run began (0). Never read from the host. */
export type Instant = number & { readonly [instantBrand]: true };

/** A length of virtual time in whole microseconds; may be `Infinity` for "never". */
export type Duration = number & { readonly [durationBrand]: true };

export const START = 0 as Instant;
export const NEVER = Number.POSITIVE_INFINITY as Duration;

/** Wraps whole microseconds since the run began. Throws RangeError on fractions and negatives. */
export function instant(us: number): Instant {
  if (!Number.isInteger(us) || us < 0)
    throw new RangeError(`not an instant of virtual time: ${us} µs`);
  return us as Instant;
}

export const us = (count: number): Duration => Math.round(count) as Duration;
export const ms = (count: number): Duration => Math.round(count * 1_000) as Duration;
export const seconds = (count: number): Duration => Math.round(count * 1_000_000) as Duration;

export const after = (start: Instant, length: Duration): Instant => (start + length) as Instant;
export const laterOf = (a: Instant, b: Instant): Instant => (a > b ? a : b);
export const between = (start: Instant, end: Instant): Duration => (end - start) as Duration;
export const toMs = (time: Instant | Duration): number => time / 1_000;

import { between, type Duration, type Instant } from '../sim/instant.ts';

/** A time in which nobody was told that a write is done. */
export interface Silence {
  readonly from: Instant;
  readonly length: Duration;
}

/** The longest of them between two instants. `told`: when somebody was told, in order of time. */
export function longestSilence(told: readonly Instant[], from: Instant, until: Instant): Silence {
  let longest: Silence = { from, length: 0 as Duration };
  let before = from;
  for (const at of [...told, until]) {
    if (at < from) continue;
    const length = between(before, at);
    if (length > longest.length) longest = { from: before, length };
    before = at;
  }
  return longest;
}

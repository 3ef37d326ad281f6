import type { Duration, Instant } from '../sim/instant.ts';

/** An instant of virtual time, as seconds with the digits that a commit needs: `3.204 s`. */
export const clockTime = (at: Instant): string => `${(at / 1_000_000).toFixed(3)} s`;

/** A length of virtual time in the unit that reads best. */
export function lengthOfTime(length: Duration): string {
  if (length < 1_000) return `${length} µs`;
  if (length < 1_000_000) return `${Number((length / 1_000).toFixed(length < 10_000 ? 2 : 1))} ms`;
  return `${(length / 1_000_000).toFixed(1)} s`;
}

/** Made once: a format takes longer to make than to use. */
const NUMBER = new Intl.NumberFormat('en');

/** Bytes as PostgreSQL's users count them. */
export function bytesOf(count: number): string {
  if (count < 10_240) return `${NUMBER.format(count)} B`;
  if (count < 10_485_760) return `${NUMBER.format(Math.round(count / 1024))} kB`;
  return `${(count / 1_048_576).toFixed(1)} MB`;
}

/** Bytes a second; Infinity is no limit. */
export const rateInWords = (rate: number): string =>
  Number.isFinite(rate) ? `${bytesOf(rate)} a second` : 'no limit';

export const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);

export const actionsInWords = (count: number): string =>
  `${NUMBER.format(count)} ${count === 1 ? 'action' : 'actions'}`;

const DAY_AND_TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** A moment of the reader's own clock, from ISO 8601. */
export const dayAndTime = (iso: string): string => DAY_AND_TIME.format(new Date(iso));

import type { Instant } from '../sim/instant.ts';

/** The calendar time of a run's first instant, in milliseconds since 1970: Monday, 5 January 2026, 12:00 UTC. */
export const EPOCH_MS = Date.UTC(2026, 0, 5, 12);

/** Microseconds from the PostgreSQL epoch (2000-01-01 00:00 UTC) to a run's first instant. */
const RUN_START_US = (EPOCH_MS - Date.UTC(2000, 0, 1)) * 1000;

/** An instant as text that `timestamptz` reads, to the microsecond. */
export function timestampText(at: Instant): string {
  const wholeMs = Math.floor(at / 1000);
  const micros = String(at % 1000).padStart(3, '0');
  return `${new Date(EPOCH_MS + wholeMs).toISOString().slice(0, -1)}${micros}+00`;
}

/** The instant of a timestamp in WAL (microseconds since the PostgreSQL epoch). */
export const instantOfTimestamp = (timestamp: number): Instant =>
  Math.max(0, timestamp - RUN_START_US) as Instant;

/** The timestamp that PostgreSQL writes into WAL at an instant. */
export const timestampOf = (at: Instant): number => at + RUN_START_US;

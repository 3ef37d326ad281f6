/** TimestampTz: microseconds since 2000-01-01 00:00 UTC, the PostgreSQL epoch; exact up to the year 2285. */
export type Timestamp = number;

const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** ISO text as PostgreSQL prints it in UTC: `2026-01-01 00:00:00.25+00`. */
export function formatTimestamp(timestamp: Timestamp): string {
  const second = Math.floor(timestamp / 1_000_000);
  const micros = timestamp - second * 1_000_000;
  const date = new Date(POSTGRES_EPOCH_MS + second * 1000);
  const fraction = String(micros).padStart(6, '0').replace(/0+$/, '');
  return `${date.toISOString().slice(0, 19).replace('T', ' ')}${fraction && `.${fraction}`}+00`;
}

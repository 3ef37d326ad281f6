declare const lsnBrand: unique symbol;
declare const timelineBrand: unique symbol;

/** A WAL position in bytes, exact up to 2^53. Printed as PostgreSQL does: `0/3000148`. */
export type Lsn = number & { readonly [lsnBrand]: true };

/** A timeline of WAL: 1 for a new data directory, one more at each promotion. */
export type TimelineId = number & { readonly [timelineBrand]: true };

/** PostgreSQL's InvalidXLogRecPtr: no position known. */
export const INVALID_LSN = 0 as Lsn;
export const FIRST_TIMELINE = 1 as TimelineId;

export const lsn = (bytes: number): Lsn => bytes as Lsn;

/** Prints a position the way `pg_lsn` does. */
export function formatLsn(position: Lsn): string {
  const high = Math.floor(position / 2 ** 32);
  const low = position % 2 ** 32;
  return `${high.toString(16).toUpperCase()}/${low.toString(16).toUpperCase()}`;
}

/** Reads `pg_lsn` text. Throws RangeError on anything else. */
export function parseLsn(text: string): Lsn {
  const match = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/.exec(text);
  if (!match)
    throw new RangeError(
      `not a WAL position: "${text}" (expected two hexadecimal numbers, as in 0/3000148)`,
    );
  return (Number.parseInt(match[1] as string, 16) * 2 ** 32 +
    Number.parseInt(match[2] as string, 16)) as Lsn;
}

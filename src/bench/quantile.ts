/** The value below which a share of the measurements lies; the nearest one, none made up. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('nothing was measured');
  return value;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

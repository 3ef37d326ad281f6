const MS_OF_UNIT: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000 };

/** Milliseconds of a duration such as `40ms`, `1.5s`, `2min`; null where the text is none. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|min)$/.exec(text);
  if (match === null) return null;
  const [, amount = '', unit = ''] = match;
  return Number(amount) * (MS_OF_UNIT[unit] ?? Number.NaN);
}

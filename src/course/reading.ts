/** How far a reader has come in a chapter: the sections that she has had before her eyes, kept on her device. */

export interface Reading {
  /** When she last read here, in ISO 8601. */
  readonly at: string;
  /** The section that she was in, by its heading's id; null before the first. */
  readonly section: string | null;
  /** Sections seen, by their headings' ids. */
  readonly seen: readonly string[];
  /** How many sections the chapter had then. */
  readonly sections: number;
}

const VERSION = 1;

export const readingKey = (slug: string): string => `standby.reading.${slug}`;

/** What a device keeps of a chapter, or null where it keeps nothing of this version. */
export function parseReading(text: string | null): Reading | null {
  let kept: (Partial<Reading> & { version?: unknown }) | null;
  try {
    kept = JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
  const { version, at, section = null, seen, sections } = kept ?? {};
  const whole =
    version === VERSION &&
    typeof at === 'string' &&
    (section === null || typeof section === 'string') &&
    Array.isArray(seen) &&
    seen.every((id) => typeof id === 'string') &&
    typeof sections === 'number';
  return whole ? { at, section, seen, sections } : null;
}

export const readingText = (reading: Reading): string =>
  JSON.stringify({ version: VERSION, ...reading });

/** The share of a chapter that has been seen, from 0 to 1. */
export const shareRead = ({ seen, sections }: Reading): number =>
  sections > 0 ? Math.min(1, seen.length / sections) : 0;

/** A section comes before her eyes. */
export function withSection(
  before: Reading | null,
  section: string,
  all: readonly string[],
  at: string,
): Reading {
  const seen = new Set([...(before?.seen ?? []), section]);
  return { at, section, seen: all.filter((id) => seen.has(id)), sections: all.length };
}

/** How far a reader has come in a chapter: the sections that she has had before her eyes. */
export interface Reading {
  /** The section that she was in, by its heading's id. */
  readonly section: string;
  /** Sections seen, by their headings' ids. */
  readonly seen: readonly string[];
  /** How many sections the chapter had then. */
  readonly sections: number;
}

/** The share of a chapter that has been seen, from 0 to 1. */
export const shareRead = ({ seen, sections }: Reading): number =>
  sections > 0 ? Math.min(1, seen.length / sections) : 0;

/** A section comes before her eyes. Sections that the chapter no longer has are forgotten. */
export function withSection(
  before: Reading | null,
  section: string,
  all: readonly string[],
): Reading {
  const seen = new Set([...(before?.seen ?? []), section]);
  return { section, seen: all.filter((id) => seen.has(id)), sections: all.length };
}

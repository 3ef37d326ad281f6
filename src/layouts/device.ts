import { parseReading, type Reading, readingKey, readingText } from '../course/reading.ts';

/** What the shell keeps on this device. A browser may forbid it; then nothing is kept and nothing breaks. */

export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function keep(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {}
}

export const readingOf = (slug: string): Reading | null => parseReading(kept(readingKey(slug)));

export const keepReading = (slug: string, reading: Reading): void =>
  keep(readingKey(slug), readingText(reading));

import { UsageError } from './usage-error.ts';

/** A line of the file with the lines that continue it, and the number of its first line. */
export interface LogicalLine {
  readonly number: number;
  readonly text: string;
}

/**
 * Splits a scenario file into logical lines. A line that starts with `#` is a comment; a line that begins with white
 * space continues the one before. Comments and blank lines count for nothing, also between a line and its continuation.
 */
export function logicalLines(source: string): LogicalLine[] {
  const lines: { number: number; text: string }[] = [];
  const physical = source.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, text] of physical.entries()) {
    const number = index + 1;
    if (text.includes('\0')) {
      throw new UsageError(number, 'a NUL character cannot be sent to PostgreSQL; remove it');
    }
    if (text.startsWith('#') || text.trim() === '') continue;
    if (!/^\s/.test(text)) {
      lines.push({ number, text: text.trimEnd() });
      continue;
    }
    const previous = lines.at(-1);
    if (previous === undefined || previous.text === SEPARATOR) {
      throw new UsageError(
        number,
        'this line begins with white space, so it continues the one before, but there is none; remove the white space',
      );
    }
    previous.text += `\n${text.trimEnd()}`;
  }
  return lines;
}

/** The line between the cluster and the steps. */
export const SEPARATOR = '---';

import { maskLine } from './mask.ts';
import type { TranscriptLine } from './transcript.ts';

/** A line that one transcript has otherwise, or not at all. */
export interface Difference {
  readonly step: number;
  /** The masked lines as JSON; null where there is none. */
  readonly expected: string | null;
  readonly actual: string | null;
}

/**
 * Compares two transcripts of one scenario: states, rows, messages and the order of the lines; not times, and not what
 * `maskLine` hides. Of the lines that one step brings about (its own, and those of steps that finished during it) the
 * order is not compared: on a real machine they race each other to the client.
 */
export function compareTranscripts(
  expected: readonly TranscriptLine[],
  actual: readonly TranscriptLine[],
): Difference[] {
  const left = comparable(expected);
  const right = comparable(actual);
  const differences: Difference[] = [];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const one = left.get(key) ?? null;
    const other = right.get(key) ?? null;
    if (one !== other)
      differences.push({ step: Number.parseInt(key, 10), expected: one, actual: other });
  }
  if (differences.length > 0) return differences;
  const [order, otherOrder] = [[...left.keys()], [...right.keys()]];
  const index = order.findIndex((key, position) => key !== otherOrder[position]);
  if (index === -1) return [];
  const at = (keys: readonly string[]): string => `order of lines: ${keys.join(', ')}`;
  return [
    { step: Number.parseInt(order[index] ?? '', 10), expected: at(order), actual: at(otherOrder) },
  ];
}

/** The lines, masked, by a key that names the step and whether this is its first line or its end. */
function comparable(lines: readonly TranscriptLine[]): Map<string, string> {
  const sorted = lines
    .map((line) => ({ line, during: duringOf(line) }))
    .sort((a, b) => a.during - b.during || a.line.step - b.line.step);
  return new Map(
    sorted.map(({ line }) => {
      const end = line.state === 'blocked' ? 'blocked' : 'ended';
      const { at: _, ...rest } = maskLine(line);
      return [`${line.step} ${end}`, JSON.stringify(rest)];
    }),
  );
}

/** The step that was going on when the line was printed; unfinished steps are printed after the last. */
function duringOf(line: TranscriptLine): number {
  if (line.state === 'unfinished') return Number.POSITIVE_INFINITY;
  return line.finishedDuring ?? line.step;
}

import type { Piece } from '../visible-text.ts';

/** A line of output: pieces in order, nothing of it ever read as HTML. */
export type Line = readonly Piece[];

/** A result as a terminal prints it, of which any lines can be had without making the others. */
export interface Printed {
  /** What stays in sight while the rest scrolls: titles and the rule below them. */
  readonly head: readonly Line[];
  /** How many lines follow the head. */
  readonly length: number;
  /** The longest line, in columns of a terminal. */
  readonly width: number;
  /** The lines from `from` up to, not including, `to`. */
  lines(from: number, to: number): readonly Line[];
}

/** All of it as plain text. */
export function printedText({ head, length, lines }: Printed): string {
  return [...head, ...lines(0, length)].map(lineText).join('\n');
}

const lineText = (line: Line): string =>
  line.map((piece) => (piece.kind === 'null' ? 'NULL' : piece.text)).join('');

/** Things of different heights, one above the other: which of them a line belongs to. */
export class Stack {
  /** Where each begins, and where the last ends; null where each is as high as the first. */
  readonly #starts: Uint32Array | null;
  readonly #count: number;
  readonly #each: number;

  constructor(heights: Iterable<number>, count: number) {
    const starts = new Uint32Array(count + 1);
    let i = 0;
    for (const height of heights) starts[i + 1] = (starts[i++] ?? 0) + height;
    this.#count = count;
    this.#each = starts[1] ?? 1;
    const even = starts.every((start, n) => start === n * this.#each);
    this.#starts = even ? null : starts;
  }

  get length(): number {
    return this.#starts?.[this.#count] ?? this.#count * this.#each;
  }

  startOf(item: number): number {
    return this.#starts?.[item] ?? item * this.#each;
  }

  /** The item that a line lies in. */
  itemAt(line: number): number {
    if (!this.#starts) return Math.floor(line / this.#each);
    let [low, high] = [0, this.#count];
    while (low < high - 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= line) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The lines from `from` to `to`, of items that can print themselves. */
  *slice(from: number, to: number, print: (item: number) => readonly Line[]): Generator<Line> {
    const end = Math.min(to, this.length);
    for (let line = from; line < end; ) {
      const item = this.itemAt(line);
      const lines = print(item).slice(line - this.startOf(item), end - this.startOf(item));
      if (lines.length === 0) return;
      yield* lines;
      line += lines.length;
    }
  }
}

/** A run of characters of a line in which an author has marked code and emphasis. */
export interface Marked {
  readonly kind: 'text' | 'code' | 'em';
  readonly text: string;
}

const MARK = /`([^`]+)`|\*([^*]+)\*/g;

/** Backticks and single asterisks of one line; everything else is text as it stands. */
export function inlineMarks(line: string): readonly Marked[] {
  const pieces: Marked[] = [];
  let from = 0;
  for (const match of line.matchAll(MARK)) {
    const [whole, code, em] = match;
    if (match.index > from) pieces.push({ kind: 'text', text: line.slice(from, match.index) });
    if (code !== undefined) pieces.push({ kind: 'code', text: code });
    else if (em !== undefined) pieces.push({ kind: 'em', text: em });
    from = match.index + whole.length;
  }
  if (from < line.length) pieces.push({ kind: 'text', text: line.slice(from) });
  return pieces;
}

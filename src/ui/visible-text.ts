/** A piece of text as a person may see it: plain, or a mark that stands for something without a glyph. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** A control character, an escape or a direction override, shown as a mark with its name. */
  | { readonly kind: 'control'; readonly text: string; readonly name: string }
  | { readonly kind: 'null' };

// Controls of C0 and C1, DEL, what turns the direction of text, and what has no width.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is this expression's purpose
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
const UNSEEN_OR_SEEN = new RegExp(`${UNSEEN.source}|[^${UNSEEN.source.slice(1)}+`, 'gu');

/** Splits text into what can be shown as it is and marks for what cannot; the marks are psql's own. */
export function visible(text: string): readonly Piece[] {
  return [...text.matchAll(UNSEEN_OR_SEEN)].map(([part]) =>
    UNSEEN.test(part)
      ? { kind: 'control', text: markOf(part), name: nameOf(part) }
      : { kind: 'text', text: part },
  );
}

/** What a terminal gives two columns to: East Asian scripts and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /\p{Mn}/u;
const ASCII = /^[ -~]*$/;

/** How many columns of a terminal `visible` takes for a text. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (UNSEEN.test(character)) width += markOf(character).length;
    else if (WIDE.test(character)) width += 2;
    else if (!COMBINING.test(character)) width += 1;
  }
  return width;
}

function markOf(character: string): string {
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.charCodeAt(0);
  return code < 0x80 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
}

const nameOf = (character: string): string => `U+${hex(character.charCodeAt(0), 4)}`;

const hex = (code: number, digits: number): string =>
  code.toString(16).toUpperCase().padStart(digits, '0');

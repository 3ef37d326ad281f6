import { keyDocs, parameterDocs } from './key-docs.ts';
import { patroniYml, type Shape } from './schema.ts';

/** Something that may be written at a place. */
export interface Suggestion {
  readonly label: string;
  /** What is written for it. */
  readonly insert: string;
  readonly kind: 'key' | 'value';
  /** What may stand there, in a word or two. */
  readonly detail: string;
  readonly about: string;
}

interface Line {
  /** Offset of its first character. */
  readonly start: number;
  readonly indent: number;
  /** Null where it holds none: a blank line, a comment, an entry of a list. */
  readonly key: string | null;
  /** What stands behind the key’s colon. */
  readonly value: string;
}

const KEY = /^( *)([A-Za-z_][\w.-]*) *:(?: +(.*)|)$/;

/**
 * What may stand at an offset: keys of the mapping that the line’s indentation puts it in and that it does not have yet, or the words
 * for a value. `from` is where what has been typed of it begins. By lines and their indentation alone, since a text that is
 * being typed is no YAML at most moments; a mapping in braces gets none.
 */
export function suggestionsAt(
  text: string,
  offset: number,
): { readonly from: number; readonly suggestions: readonly Suggestion[] } {
  const lines = linesOf(text);
  const at = lines.findLastIndex(({ start }) => start <= offset);
  const line = lines[at];
  if (!line) return { from: offset, suggestions: [] };
  const typed = text.slice(line.start, offset);
  const value = /^ *([A-Za-z_][\w.-]*): +([\w-]*)$/.exec(typed);
  if (value) {
    const [, key = '', begun = ''] = value;
    const shape = shapeAt([...pathAbove(lines, at, line.indent), key]);
    return { from: offset - begun.length, suggestions: valuesOf(shape) };
  }
  const begun = /^ *([A-Za-z_][\w.-]*)?$/.exec(typed);
  if (!begun) return { from: offset, suggestions: [] };
  const word = begun[1] ?? '';
  const indent = typed.length - word.length;
  const path = pathAbove(lines, at, indent);
  const there = siblings(lines, at, indent);
  const colon = text.slice(offset).startsWith(':');
  return {
    from: offset - word.length,
    suggestions: keysOf(path)
      .filter(({ label }) => !there.has(label))
      .map((one) => (colon ? { ...one, insert: one.label } : one)),
  };
}

/** The line on the key at an offset, and the place of the key; null where there is none to be told of. */
export function explanationAt(
  text: string,
  offset: number,
): { readonly from: number; readonly to: number; readonly words: string } | null {
  const lines = linesOf(text);
  const at = lines.findLastIndex(({ start }) => start <= offset);
  const line = lines[at];
  if (line?.key == null) return null;
  const from = line.start + line.indent;
  const to = from + line.key.length;
  if (offset < from || offset > to) return null;
  const above = pathAbove(lines, at, line.indent);
  const words = docOf(above, line.key);
  return words === null ? null : { from, to, words };
}

function docOf(above: readonly string[], key: string): string | null {
  const known = keyDocs[[...above, key].join('.')];
  if (known !== undefined) return known;
  return shapeAt(above)?.kind === 'settings' ? (parameterDocs[key] ?? null) : null;
}

function linesOf(text: string): readonly Line[] {
  let start = 0;
  return text.split('\n').map((line) => {
    const found = KEY.exec(line);
    const [, spaces = /^ */.exec(line)?.[0] ?? '', key = null, value = ''] = found ?? [];
    const here = { start, indent: spaces.length, key, value };
    start += line.length + 1;
    return here;
  });
}

/** The keys under which something of this indentation stands. */
function pathAbove(lines: readonly Line[], at: number, indent: number): readonly string[] {
  const path: string[] = [];
  let within = indent;
  for (const line of lines.slice(0, at).reverse()) {
    if (line.key === null || line.indent >= within) continue;
    path.unshift(line.key);
    within = line.indent;
    if (within === 0) break;
  }
  return path;
}

/** The keys that stand beside a line of this indentation. */
function siblings(lines: readonly Line[], at: number, indent: number): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (others: readonly Line[]): void => {
    for (const { key, indent: its } of others) {
      if (key === null) continue;
      if (its < indent) return;
      if (its === indent) found.add(key);
    }
  };
  look(lines.slice(0, at).reverse());
  look(lines.slice(at + 1));
  return found;
}

function shapeAt(path: readonly string[]): Shape | undefined {
  return path.reduce<Shape | undefined>(
    (shape, key) =>
      shape?.kind === 'mapping' && Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined,
    patroniYml,
  );
}

function keysOf(path: readonly string[]): readonly Suggestion[] {
  const shape = shapeAt(path);
  if (shape?.kind === 'settings')
    return Object.keys(parameterDocs).map((key) => suggestion(path, key, 'a setting', ': '));
  if (shape?.kind !== 'mapping') return [];
  return Object.entries(shape.keys).map(([key, below]) =>
    suggestion(
      path,
      key,
      DETAILS[below.kind],
      ['mapping', 'settings', 'list'].includes(below.kind) ? ':' : ': ',
    ),
  );
}

const suggestion = (
  path: readonly string[],
  key: string,
  detail: string,
  colon: string,
): Suggestion => ({
  label: key,
  insert: `${key}${colon}`,
  kind: 'key',
  detail,
  about: docOf(path, key) ?? '',
});

const DETAILS: Readonly<Record<Shape['kind'], string>> = {
  text: 'text',
  flag: 'true or false',
  number: 'a number',
  anything: '',
  list: 'a list',
  whole: 'a whole number',
  choice: 'one word',
  script: 'a command',
  settings: 'settings',
  mapping: 'keys',
};

function valuesOf(shape: Shape | undefined): readonly Suggestion[] {
  const words =
    shape?.kind === 'choice' ? shape.words : shape?.kind === 'flag' ? ['true', 'false'] : [];
  return words.map((word) => ({
    ...{ label: word, insert: word, about: '', detail: '' },
    kind: 'value',
  }));
}

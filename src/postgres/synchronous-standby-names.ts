/**
 * The grammar of `synchronous_standby_names`, as syncrep_scanner.l and syncrep_gram.y have it, with the error text of
 * check_synchronous_standby_names (syncrep.c). Nothing is simplified, save that a number beyond 2^31 - 1 is not
 * wrapped around as C's atoi may.
 */

export interface SynchronousStandbyNames {
  /** `FIRST n`, a plain list or `n (…)`: priority. `ANY n`: quorum. */
  readonly method: 'priority' | 'quorum';
  /** How many standbys must confirm. */
  readonly numSync: number;
  /** Names in their order of priority; `*` stands for any standby. */
  readonly members: readonly string[];
}

/** PostgreSQL's refusal of a value. */
export interface InvalidSetting {
  /** 42601 (syntax_error) with a detail, or 22023 (invalid_parameter_value). */
  readonly sqlstate: '42601' | '22023';
  readonly message: string;
  readonly detail: string | null;
}

export type ParsedNames =
  | { readonly names: SynchronousStandbyNames | null; readonly error: null }
  | { readonly names: null; readonly error: InvalidSetting };

/** Reads the setting's text. An empty text gives `names: null`: no synchronous replication. */
export function parseSynchronousStandbyNames(text: string): ParsedNames {
  if (text === '') return { names: null, error: null };
  const scanner = new Scanner(text);
  const names = parseConfig(scanner);
  if (!names) {
    const message = `invalid value for parameter "synchronous_standby_names": "${text}"`;
    return { names: null, error: { sqlstate: '42601', message, detail: scanner.error } };
  }
  if (names.numSync <= 0) {
    const message = `number of synchronous standbys (${names.numSync}) must be greater than zero`;
    return { names: null, error: { sqlstate: '22023', message, detail: null } };
  }
  return { names, error: null };
}

type TokenKind = 'NAME' | 'NUM' | 'ANY' | 'FIRST' | ',' | '(' | ')' | 'JUNK' | 'END';

interface Token {
  readonly kind: TokenKind;
  /** The value: of a quoted name without its quotes. */
  readonly value: string;
  /** What the scanner matched last, as an error message quotes it: of a quoted name the closing quote only. */
  readonly matched: string;
}

const SPACE = /[ \t\n\r\f\v]+/y;
const WORD = /[A-Za-z\u0080-\uffff_][A-Za-z\u0080-\uffff_0-9$]*/y;
const DIGITS = /[0-9]+/y;
const PUNCTUATION: Readonly<Record<string, TokenKind>> = {
  '*': 'NAME',
  ',': ',',
  '(': '(',
  ')': ')',
};

class Scanner {
  readonly #text: string;
  #position = 0;
  /** The first error met: later ones are not reported. */
  error: string | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  next(): Token {
    this.#match(SPACE);
    const start = this.#text[this.#position];
    if (start === undefined) return { kind: 'END', value: '', matched: '' };
    if (start === '"') return this.#quotedName();
    const word = this.#match(WORD);
    if (word !== null) return { kind: keyword(word) ?? 'NAME', value: word, matched: word };
    const digits = this.#match(DIGITS);
    if (digits !== null) return { kind: 'NUM', value: digits, matched: digits };
    this.#position++;
    return { kind: PUNCTUATION[start] ?? 'JUNK', value: start, matched: start };
  }

  fail(token: Token): null {
    this.report('syntax error', token.matched);
    return null;
  }

  report(what: string, matched: string): void {
    this.error ??= matched === '' ? `${what} at end of input` : `${what} at or near "${matched}"`;
  }

  #quotedName(): Token {
    let value = '';
    for (;;) {
      const close = this.#text.indexOf('"', this.#position + 1);
      if (close === -1) {
        this.#position = this.#text.length;
        this.report('unterminated quoted identifier', '');
        return { kind: 'JUNK', value: '', matched: '' };
      }
      value += this.#text.slice(this.#position + 1, close);
      this.#position = close + 1;
      if (this.#text[this.#position] !== '"') return { kind: 'NAME', value, matched: '"' };
      value += '"';
    }
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return null;
    this.#position += found.length;
    return found;
  }
}

function keyword(word: string): TokenKind | null {
  const lower = word.toLowerCase();
  return lower === 'any' ? 'ANY' : lower === 'first' ? 'FIRST' : null;
}

/** standby_config: standby_list | [ANY | FIRST] NUM '(' standby_list ')'. */
function parseConfig(scanner: Scanner): SynchronousStandbyNames | null {
  const first = scanner.next();
  if (first.kind === 'ANY' || first.kind === 'FIRST') {
    const count = scanner.next();
    if (count.kind !== 'NUM') return scanner.fail(count);
    const open = scanner.next();
    if (open.kind !== '(') return scanner.fail(open);
    return parseCounted(scanner, first.kind === 'ANY' ? 'quorum' : 'priority', count);
  }
  if (!isName(first)) return scanner.fail(first);
  const second = scanner.next();
  if (first.kind === 'NUM' && second.kind === '(') return parseCounted(scanner, 'priority', first);
  const members = parseMembers(scanner, first, second, 'END');
  return members && { method: 'priority', numSync: 1, members };
}

/** The list in parentheses and what follows it: nothing. */
function parseCounted(
  scanner: Scanner,
  method: SynchronousStandbyNames['method'],
  count: Token,
): SynchronousStandbyNames | null {
  const first = scanner.next();
  if (!isName(first)) return scanner.fail(first);
  const members = parseMembers(scanner, first, scanner.next(), ')');
  if (!members) return null;
  const end = scanner.next();
  if (end.kind !== 'END') return scanner.fail(end);
  return { method, numSync: Number(count.value), members };
}

function parseMembers(
  scanner: Scanner,
  first: Token,
  second: Token,
  closing: TokenKind,
): readonly string[] | null {
  const members = [first.value];
  let token = second;
  while (token.kind === ',') {
    const name = scanner.next();
    if (!isName(name)) return scanner.fail(name);
    members.push(name.value);
    token = scanner.next();
  }
  return token.kind === closing ? members : scanner.fail(token);
}

const isName = (token: Token): boolean => token.kind === 'NAME' || token.kind === 'NUM';

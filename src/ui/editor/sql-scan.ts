/** What a line of SQL goes on with, in the character of psql's prompt: nothing, a statement, a comment, a quote, a bracket. */
export type Continuation = '=' | '-' | '*' | "'" | '"' | '$' | '(';

/** A statement's characters in its text, its semicolon included. */
export interface StatementRange {
  readonly from: number;
  readonly to: number;
}

export interface SqlScan {
  readonly statements: readonly StatementRange[];
  /** By line: in what it begins. */
  readonly lines: readonly Continuation[];
  /** In what the text ends; `=` where its last statement is complete. */
  readonly end: Continuation;
  /** It ends in a comment that lasts to the end of its line. */
  readonly endsInComment: boolean;
}

const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

/**
 * Cuts text into statements as psql does while one types: at semicolons outside quotes, comments and brackets. PostgreSQL's own
 * parser is not asked, as half a statement is no statement to it.
 */
export function scanSql(text: string): SqlScan {
  return new Scanner(text).scan();
}

class Scanner {
  readonly #text: string;
  readonly #statements: StatementRange[] = [];
  readonly #lines: Continuation[] = [];
  #at = 0;
  #from: number | null = null;
  #depth = 0;
  /** Words of the statement so far, as many as tell whether it may have a body between BEGIN ATOMIC and END. */
  #words: string[] = [];
  #begins = 0;
  #endsInComment = false;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): SqlScan {
    this.#lines.push('=');
    let end: Continuation | null = null;
    while (this.#at < this.#text.length && end === null) end = this.#token();
    if (this.#from !== null) this.#close(this.#text.trimEnd().length);
    return {
      statements: this.#statements,
      lines: this.#lines,
      end: end ?? (this.#from === null ? '=' : this.#between()),
      endsInComment: this.#endsInComment,
    };
  }

  /** Reads one token; says in what the text ends if it ends within it. */
  #token(): Continuation | null {
    const text = this.#text;
    const c = text[this.#at] as string;
    const two = text.slice(this.#at, this.#at + 2);
    if (c === '\n') return this.#newline();
    if (/\s/.test(c)) return this.#pass(1);
    if (two === '--') return this.#lineComment();
    if (two === '/*') return this.#comment();
    if (c === ';' && this.#depth === 0 && this.#begins === 0) return this.#semicolon();
    this.#from ??= this.#at;
    if (c === "'") return this.#quoted(this.#at + 1, "'", this.#hasEscapes());
    if (c === '"') return this.#quoted(this.#at + 1, '"', false);
    const tag = this.#match(DOLLAR);
    if (tag !== null) return this.#dollar(tag);
    const word = this.#match(WORD);
    if (word !== null) return this.#word(word);
    if (c === '(') this.#depth++;
    if (c === ')') this.#depth = Math.max(0, this.#depth - 1);
    return this.#pass(1);
  }

  #between(): Continuation {
    if (this.#depth > 0) return '(';
    return this.#from === null ? '=' : '-';
  }

  #newline(): null {
    this.#lines.push(this.#between());
    return this.#pass(1);
  }

  #semicolon(): null {
    this.#from ??= this.#at;
    this.#close(this.#at + 1);
    return this.#pass(1);
  }

  #close(to: number): void {
    if (this.#from === null) return;
    this.#statements.push({ from: this.#from, to });
    if (to <= this.#at + 1 && this.#text[this.#at] === ';') this.#from = null;
    this.#words = [];
    this.#begins = 0;
  }

  /** A function may have a body of whole statements; CASE has an END of its own. */
  #word(word: string): null {
    const lower = word.toLowerCase();
    if (this.#words.length < 4) this.#words.push(lower);
    const makesFunction =
      this.#words[0] === 'create' && this.#words.some((w) => w === 'function' || w === 'procedure');
    if (makesFunction && lower === 'begin') this.#begins++;
    if (this.#begins > 0 && lower === 'case') this.#begins++;
    if (this.#begins > 0 && lower === 'end') this.#begins--;
    return this.#pass(word.length);
  }

  #hasEscapes(): boolean {
    return /(^|[^\w$])[eE]$/.test(this.#text.slice(Math.max(0, this.#at - 2), this.#at));
  }

  #quoted(start: number, quote: "'" | '"', escapes: boolean): Continuation | null {
    for (let i = start; i < this.#text.length; i++) {
      if (escapes && this.#text[i] === '\\') i++;
      else if (this.#text[i] === quote && this.#text[i + 1] === quote) i++;
      else if (this.#text[i] === quote) return this.#skipTo(i + 1, quote);
    }
    return this.#skipTo(-1, quote);
  }

  #dollar(tag: string): Continuation | null {
    const close = this.#text.indexOf(tag, this.#at + tag.length);
    return this.#skipTo(close === -1 ? -1 : close + tag.length, '$');
  }

  #lineComment(): null {
    const newline = this.#text.indexOf('\n', this.#at);
    this.#endsInComment = newline === -1;
    this.#at = newline === -1 ? this.#text.length : newline;
    return null;
  }

  /** Comments nest. */
  #comment(): Continuation | null {
    let depth = 1;
    let i = this.#at + 2;
    for (; i < this.#text.length && depth > 0; i++) {
      const two = this.#text.slice(i, i + 2);
      if (two === '/*') depth++;
      if (two === '*/') depth--;
      if (two === '/*' || two === '*/') i++;
    }
    return this.#skipTo(depth > 0 ? -1 : i, '*');
  }

  /** Goes on at `to`; -1 is the end of the text, where `within` says in what it ends. */
  #skipTo(to: number, within: Continuation | null): Continuation | null {
    const end = to === -1 ? this.#text.length : to;
    for (let i = this.#text.indexOf('\n', this.#at); i !== -1 && i < end; ) {
      this.#lines.push(within ?? this.#between());
      i = this.#text.indexOf('\n', i + 1);
    }
    this.#at = end;
    return to === -1 ? within : null;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0] ?? null;
  }

  #pass(characters: number): null {
    this.#at += characters;
    return null;
  }
}

import type { TerminalOf } from '../Bench.tsx';

/** A terminal that the reader has opened beside those of the page. */
export interface OpenedTerminal extends TerminalOf {
  /** What she calls it; empty for the session's own name. */
  readonly title: string;
}

const NAME = /^[\w-]{1,63}$/;
const MOST = 20;

/** The opened terminals as they were kept; what is none is left out. */
export function parseTerminals(text: string | null): readonly OpenedTerminal[] {
  try {
    const kept: unknown = JSON.parse(text ?? '');
    return Array.isArray(kept) ? kept.filter(isTerminal).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

function isTerminal(value: unknown): value is OpenedTerminal {
  const { node, session, title } = (value ?? {}) as Record<string, unknown>;
  return (
    [node, session].every((n) => typeof n === 'string' && NAME.test(n)) && typeof title === 'string'
  );
}

/** A name that no session of a node has: letters first, then numbers. */
export function freeSession(taken: ReadonlySet<string>): string {
  for (let code = 'a'.charCodeAt(0); code <= 'z'.charCodeAt(0); code++) {
    const letter = String.fromCharCode(code);
    if (!taken.has(letter)) return letter;
  }
  let number = 1;
  while (taken.has(`s${number}`)) number++;
  return `s${number}`;
}

const keyOf = (figure: string): string => `standby.terminals.${figure}`;

/** Storage may be refused altogether: then the list lasts as long as the page. */
export function keptTerminals(figure: string): readonly OpenedTerminal[] {
  try {
    return parseTerminals(localStorage.getItem(keyOf(figure)));
  } catch {
    return [];
  }
}

export function keepTerminals(figure: string, terminals: readonly OpenedTerminal[]): void {
  try {
    localStorage.setItem(keyOf(figure), JSON.stringify(terminals));
  } catch {
    // It lasts as long as the page.
  }
}

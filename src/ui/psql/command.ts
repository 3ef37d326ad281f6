import type { Asked } from '../../cluster/asked.ts';
import type { ServerMessage, StatementResult } from '../../cluster/sql-engine.ts';
import type { Expanded } from '../result/Result.tsx';

/** A part of what a backslash command prints. */
export interface Printout {
  readonly title: string | null;
  readonly result: StatementResult | null;
  /** Below the table, or alone. */
  readonly lines: readonly string[];
  readonly error: ServerMessage | null;
}

/** Asks a node without leaving a trace in the run. */
export type Ask = (sql: string) => Promise<Asked>;

/** What a command may know of its terminal. */
export interface CommandContext {
  readonly node: string;
  readonly session: string;
  readonly pid: number | null;
  readonly standby: boolean;
  readonly expanded: Expanded;
  readonly setExpanded: (expanded: Expanded) => void;
  readonly ask: Ask;
}

export const say = (...lines: readonly string[]): readonly Printout[] => [
  { title: null, result: null, lines, error: null },
];

export const fail = (error: ServerMessage): readonly Printout[] => [
  { title: null, result: null, lines: [], error },
];

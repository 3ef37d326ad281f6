import type { StatementView } from '../../cluster/cluster-view.ts';
import type { TransactionStatus } from '../../cluster/sql-engine.ts';
import type { StoppedStatement } from '../../session/snapshot.ts';
import type { Instant } from '../../sim/instant.ts';
import type { Printout } from '../psql/command.ts';

/** A backslash command: answered by a copy, and no part of the run. */
export interface Command {
  readonly at: Instant;
  readonly line: string;
  readonly sentIn: TransactionStatus;
  /** Null until it is answered. */
  readonly output: readonly Printout[] | null;
}

/** What stands on a terminal's screen. */
export type Entry =
  | { readonly kind: 'statement'; readonly statement: StatementView }
  | { readonly kind: 'stopped'; readonly stopped: StoppedStatement }
  | { readonly kind: 'command'; readonly command: Command };

/** In the order of time; an entry stays the same object as long as nothing about it changes. */
export function transcript(
  statements: readonly StatementView[],
  stopped: readonly StoppedStatement[],
  commands: readonly Command[],
): readonly Entry[] {
  const all = [
    ...statements.map((statement) =>
      known(statement, () => ({ kind: 'statement' as const, statement })),
    ),
    ...stopped.map((item) => known(item, () => ({ kind: 'stopped' as const, stopped: item }))),
    ...commands.map((command) => known(command, () => ({ kind: 'command' as const, command }))),
  ];
  return all.sort((a, b) => atOf(a) - atOf(b));
}

const atOf = (entry: Entry): Instant => {
  if (entry.kind === 'statement') return entry.statement.sentAt;
  return entry.kind === 'stopped' ? entry.stopped.at : entry.command.at;
};

/** What was typed. */
export const sqlOf = (entry: Entry): string => {
  if (entry.kind === 'statement') return entry.statement.sql;
  return entry.kind === 'stopped' ? entry.stopped.sql : entry.command.line;
};

/** How the session's transaction stood then. */
export const sentIn = (entry: Entry): TransactionStatus => {
  if (entry.kind === 'statement') return entry.statement.sentIn;
  return entry.kind === 'stopped' ? 'idle' : entry.command.sentIn;
};

const entries = new WeakMap<object, Entry>();

function known(item: object, make: () => Entry): Entry {
  const entry = entries.get(item) ?? make();
  entries.set(item, entry);
  return entry;
}

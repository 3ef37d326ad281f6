import { messages } from './messages.ts';
import type { Execution, ServerMessage, StatementResult } from './sql-engine.ts';

/** What a piece of a string came to. `ended`: the connection is over, with what the server said last, if anything. */
export interface PieceOutcome {
  readonly results: readonly StatementResult[];
  readonly notices: readonly ServerMessage[];
  readonly error: ServerMessage | null;
  readonly ended: boolean;
}

export const toOutcome = ({ results, notices, error }: Execution): PieceOutcome => ({
  results,
  notices,
  error,
  ended: false,
});

export const failed = (error: ServerMessage | null): PieceOutcome => ({
  results: [],
  notices: [],
  error,
  ended: false,
});

/** transaction_timeout while a statement ran. */
export const TIMED_OUT: PieceOutcome = { ...failed(messages.transactionTimeout), ended: true };

/** Ended by the server while a statement ran. */
export const endedBy = (error: ServerMessage): PieceOutcome => ({ ...failed(error), ended: true });

/** pg_terminate_backend while a statement ran. */
export const ENDED: PieceOutcome = { ...failed(messages.terminated), ended: true };

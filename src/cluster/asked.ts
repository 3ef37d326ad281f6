import type { ServerMessage, StatementResult } from './sql-engine.ts';

/** What a node says when it is only asked: nothing of the run changes by it. */
export interface Asked {
  readonly results: readonly StatementResult[];
  readonly notices: readonly ServerMessage[];
  readonly error: ServerMessage | null;
}

export const noAnswer = (error: ServerMessage): Asked => ({ results: [], notices: [], error });

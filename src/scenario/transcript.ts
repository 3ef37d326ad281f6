import type { Outcome, ServerMessage, StatementResult } from './target.ts';

/** What an error line of an `@` step holds: the message is ours, so there is no SQLSTATE. */
export type ActionError = Omit<ServerMessage, 'sqlstate'> & { readonly sqlstate: null };

/** One line of the output. The keys stand in the order of the format, and `JSON.stringify` keeps it. */
export interface TranscriptLine {
  readonly step: number;
  readonly line: number;
  readonly node: string | null;
  readonly session: string | null;
  /** Milliseconds since the first step. */
  readonly at: number;
  readonly state: 'done' | 'error' | 'lost' | 'blocked' | 'unfinished';
  readonly results?: readonly StatementResult[];
  readonly notices?: readonly ServerMessage[];
  readonly error?: ServerMessage | ActionError | null;
  /** The number of the step during which a blocked step finished. */
  readonly finishedDuring?: number;
}

/** The keys that every line has, before its state. */
export type LineHead = Pick<TranscriptLine, 'step' | 'line' | 'node' | 'session'>;

/** Times are kept to a tenth of a millisecond. */
export function roundTime(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** The line of a step that has ended; `finishedDuring` is null where the script did not go on without it. */
export function outcomeLine(
  head: LineHead,
  at: number,
  outcome: Outcome,
  finishedDuring: number | null,
): TranscriptLine {
  return {
    ...head,
    at: roundTime(at),
    state: outcome.state,
    results: outcome.results,
    notices: outcome.notices,
    ...(outcome.state === 'done' ? {} : { error: outcome.error }),
    ...(finishedDuring === null ? {} : { finishedDuring }),
  };
}

/** The line of an `@` step that failed. */
export function failureLine(head: LineHead, at: number, message: string): TranscriptLine {
  return {
    ...head,
    at: roundTime(at),
    state: 'error',
    results: [],
    notices: [],
    error: { severity: 'ERROR', sqlstate: null, message, detail: null, hint: null },
  };
}

/** The line of a step that the script goes on, or ends, without. */
export function waitingLine(
  head: LineHead,
  at: number,
  state: 'blocked' | 'unfinished',
): TranscriptLine {
  return { ...head, at: roundTime(at), state };
}

import { crc32c } from '../postgres/wal/crc32c.ts';
import type { Instant } from '../sim/instant.ts';
import type { StatementView, TraceEvent } from './cluster-view.ts';

/** What a client is told of its statement, or that its connection is lost. */
export type Answer = Pick<StatementView, 'state' | 'error'> & Partial<StatementView>;

/** A statement that a client has just sent. */
export const sentStatement = (
  sent: Pick<StatementView, 'id' | 'node' | 'session' | 'sql' | 'sentAt' | 'sentIn'>,
): StatementView => ({
  ...sent,
  answeredAt: null,
  state: 'running',
  results: [],
  notices: [],
  error: null,
  waitEventType: null,
  waitEvent: null,
});

export const answeredStatement = (
  statement: StatementView,
  answer: Answer,
  at: Instant,
): StatementView => ({
  ...statement,
  ...answer,
  answeredAt: at,
  waitEventType: null,
  waitEvent: null,
});

/** The answer in words, with a digest of all that the client was told. */
export function answerInTrace(answered: StatementView): TraceEvent {
  const { id, node, session, state, error, results, notices } = answered;
  const tags = results.map(({ command }) => command).join(', ');
  const said = error === null ? tags : `${error.severity} ${error.sqlstate} ${error.message}`;
  // Types are no part of what a client reads; so records made before they were kept have the same digest.
  const told = results.map(({ typeOids: _, ...result }) => result);
  const bytes = new TextEncoder().encode(JSON.stringify([told, notices, error]));
  return {
    at: answered.answeredAt as Instant,
    kind: 'answered',
    node,
    words: `${node} ${state === 'lost' ? 'loses' : 'answers'} session ${session}${said === '' ? '.' : `: ${said}.`}`,
    facts: { statement: id, state, digest: crc32c(bytes) },
  };
}

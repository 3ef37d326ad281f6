import { formatLsn } from '../postgres/lsn.ts';
import { crc32c } from '../postgres/wal/crc32c.ts';
import type { Instant } from '../sim/instant.ts';
import type { StatementView, TraceEvent } from './cluster-view.ts';
import type { Flight } from './flight.ts';
import type { Wait } from './wait.ts';

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

/** That a statement begins to wait, for standbys or for a lock; other waits are not told. */
export function waitInTrace(
  { id, node, session }: Flight,
  wait: Wait,
  at: Instant,
): TraceEvent | null {
  const who = `Session ${session.name} on ${node} waits for`;
  if (wait.kind === 'sync') {
    const facts = { statement: id, lsn: formatLsn(wait.lsn), level: wait.level };
    const words = `${who} synchronous standbys (${wait.level}).`;
    return { at, kind: 'commitWaits', node, words, facts };
  }
  if (wait.kind !== 'lock') return null;
  const { event, blockers } = wait.lock;
  const facts = { statement: id, event, blockers: blockers.join(' ') };
  return { at, kind: 'lockWait', node, words: `${who} a lock (${event}).`, facts };
}

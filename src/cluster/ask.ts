import type { Lsn } from '../postgres/lsn.ts';
import type { Instant } from '../sim/instant.ts';
import { type Asked, noAnswer } from './asked.ts';
import type { ClusterNode } from './cluster-node.ts';
import { messages } from './messages.ts';
import { nodeFacts } from './node-facts.ts';
import { Seat } from './seat.ts';
import { type NodeFacts, serverState } from './server-state.ts';
import { openSession, type Session } from './session.ts';
import type { Server } from './sql-engine.ts';
import { planString } from './sql-text.ts';
import type { Standing } from './standing.ts';

/**
 * Asks a node as it stood. A server is built from a base and the WAL of that instant, answers, and is thrown away: it may only
 * read, and PostgreSQL itself refuses what would write. Neither the trace nor the WAL of the run knows of it.
 */
export async function ask(
  node: ClusterNode,
  standing: Standing,
  at: Instant,
  sql: string,
): Promise<Asked> {
  const stood = standing.nodes[node.name];
  if (!stood?.accepting) return noAnswer(messages.askedOfNobody(node.name));
  const refusal = planString(sql)
    .flatMap(({ statements }) => statements)
    .find((statement) => statement.refusal !== null)?.refusal;
  if (refusal) return noAnswer(messages.limit(refusal.words, refusal.hint));
  const copy = await node.openAsOf(standing, at);
  try {
    const facts = nodeFacts(node.name, standing.replication, stood, at);
    const { branch = 0 } = standing.replication.nodes[node.name] ?? {};
    const end = standing.branches[branch]?.wal.end;
    const wrote = facts.recovery === null && end !== undefined ? () => end : null;
    return answer(copy, facts, at, sql, wrote);
  } finally {
    copy.close();
  }
}

function answer(
  copy: Server,
  facts: NodeFacts,
  at: Instant,
  sql: string,
  wrote: (() => Lsn) | null,
): Asked {
  const host = {
    now: () => at,
    stateFor: (session: Session | null) => serverState(facts, session),
  };
  const seat = new Seat(copy, host, wrote);
  if (facts.recovery === null) {
    for (const { session } of facts.sessions) seat.embed(session);
    seat.load(openSession(facts.name, 'a question', 0, at));
    seat.run(null, 'set default_transaction_read_only = on');
  }
  const { results, notices, error, signals, wait } = seat.run(null, sql);
  if (wait?.kind === 'lock') return noAnswer(messages.askedForLock);
  if (signals.length > 0) return noAnswer(messages.askedForChange);
  return { results, notices, error };
}

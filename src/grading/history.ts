import type { StatementView, TraceEvent } from '../cluster/cluster-view.ts';
import type { Sent } from '../cluster/workload/workload.ts';
import { type Lsn, parseLsn } from '../postgres/lsn.ts';
import type { Instant } from '../sim/instant.ts';

/**
 * What a client was told of its request. `acknowledged`: it succeeded, as far as the client can know; `lost`: the
 * connection ended first, so that nobody was told anything.
 */
type Outcome = 'acknowledged' | 'failed' | 'lost' | 'open';

/** One request of one client, as a rule a row that it wants to have written, and what it was told when. */
export interface Request {
  /** The row's key: what is looked for afterwards. */
  readonly key: number;
  readonly client: string;
  readonly kind: 'read' | 'write';
  /** 1 for the first; a request is sent again where its client says so. */
  readonly attempt: number;
  /** Index of its statement in the run. */
  readonly statement: number;
  readonly sentAt: Instant;
  readonly answeredAt: Instant | null;
  readonly outcome: Outcome;
  /** Of the last attempt, where it failed. */
  readonly error: { readonly sqlstate: string; readonly message: string } | null;
  /** When it began to wait for synchronous standbys; null where it never did. */
  readonly waitedSince: Instant | null;
  /** Acknowledged with PostgreSQL's warning that the wait for standbys was cut short. */
  readonly cutShort: boolean;
  /** A position of the primary's WAL that covers its commit; null where the WAL never reached the primary's disk. */
  readonly lsn: Lsn | null;
}

/** SQLSTATE of "canceling wait for synchronous replication" and of its kin for a terminated session: a plain warning. */
const WARNING = '01000';

/**
 * What clients were told, and when, from a run's statements and trace alone.
 *
 * A commit that waited says its own position. Of one that did not wait (`local`, `off`, no names) the primary's first
 * flush at or after the answer is taken: it may cover a little more than the commit, never less.
 */
export function historyOf(
  sent: readonly Sent[],
  statements: readonly StatementView[],
  trace: readonly TraceEvent[],
): readonly Request[] {
  const waits = new Map<number, TraceEvent>();
  const flushes: TraceEvent[] = [];
  for (const event of trace) {
    if (event.kind === 'commitWaits') waits.set(event.facts.statement as number, event);
    if (event.kind === 'walFlushed') flushes.push(event);
  }
  return sent.flatMap(({ statement, client, key, kind, attempt }): Request[] => {
    const view = statements[statement];
    if (!view || kind === 'rollback') return [];
    const wait = waits.get(statement);
    const { answeredAt, node } = view;
    const flush =
      wait ??
      (answeredAt === null
        ? null
        : flushes.find((one) => one.node === node && one.at >= answeredAt));
    return [
      {
        key,
        client,
        kind,
        attempt,
        statement,
        sentAt: view.sentAt,
        answeredAt,
        outcome: outcomeOf(view),
        error: view.error && { sqlstate: view.error.sqlstate, message: view.error.message },
        waitedSince: wait?.at ?? null,
        cutShort: view.notices.some(({ sqlstate }) => sqlstate === WARNING),
        lsn: flush ? parseLsn(String(flush.facts.lsn)) : null,
      },
    ];
  });
}

function outcomeOf({ state }: StatementView): Outcome {
  switch (state) {
    case 'done':
      return 'acknowledged';
    case 'error':
      return 'failed';
    case 'lost':
      return 'lost';
    case 'running':
      return 'open';
  }
}

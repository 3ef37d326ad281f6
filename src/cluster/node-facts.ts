import { checkpointsView } from '../postgres/checkpoints-view.ts';
import { INVALID_LSN } from '../postgres/lsn.ts';
import { transactionsAt } from '../postgres/record-log.ts';
import { type ReplicationState, recordsOf } from '../postgres/replication-state.ts';
import {
  recoveryView,
  slotViews,
  walreceiverView,
  walsenderViews,
} from '../postgres/replication-view.ts';
import type { Instant } from '../sim/instant.ts';
import type { NodeFacts } from './server-state.ts';
import type { NodeStanding } from './standing.ts';

/** What a node's system views are made from. `state` is null while a new cluster is being set up. */
export function nodeFacts(
  name: string,
  state: ReplicationState | null,
  {
    startedAt,
    activities,
    hidden,
    conflicts,
  }: Pick<NodeStanding, 'startedAt' | 'activities' | 'hidden' | 'conflicts'>,
  at: Instant,
): NodeFacts {
  const role = state?.nodes[name]?.upstream == null ? 'primary' : 'standby';
  return {
    name,
    startedAt,
    sessions: activities,
    wal: (role === 'primary' && state?.nodes[name]?.wal) || null,
    recovery: role === 'standby' && state ? recoveryView(state, name) : null,
    recovered: state?.nodes[name]?.startup.promotion === 'done' ? recoveryView(state, name) : null,
    walsenders: state ? walsenderViews(state, name) : [],
    walreceiver: state ? walreceiverView(state, name) : null,
    slots: state ? slotViews(state, name) : [],
    archiver: state?.nodes[name]?.archiver.counts ?? null,
    redoLsn: state?.nodes[name]?.checkpointer.latest.redoLsn ?? INVALID_LSN,
    hidden,
    checkpoints: state && checkpointsView(state, name, at),
    conflicts,
    replayLocks:
      role === 'standby' && state
        ? transactionsAt(recordsOf(state, name), recoveryView(state, name).replayLsn).locks.map(
            ({ relation }) => relation,
          )
        : [],
  };
}

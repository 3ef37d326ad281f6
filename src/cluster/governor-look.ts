import type { PostgresFacts } from '../ha/postgres-port.ts';
import { branchOf, historyOf } from '../postgres/branches.ts';
import type { Lsn } from '../postgres/lsn.ts';
import type { NodeState, ReplicationState } from '../postgres/replication-state.ts';
import { recoveryView, walsenderViews } from '../postgres/replication-view.ts';
import type { Settings } from './sql-engine.ts';

/** What Patroni sees of a node's server and data directory at this instant. `settings`: those in force there. */
export function postgresFacts(
  state: ReplicationState,
  name: string,
  settings: Settings,
): PostgresFacts {
  const node = state.nodes[name];
  if (node === undefined) throw new RangeError(`no node "${name}"`);
  const { upstream, isAlone, branch, walreceiver } = node;
  return {
    status: node.status === 'up' && node.stopping ? 'stopping' : node.status,
    inRecovery: upstream !== null,
    timeline: branchOf(state.branches, branch).timeline,
    ...positions(state, node),
    streaming: upstream !== null && !isAlone && walreceiver.status === 'streaming',
    upstream: isAlone ? null : upstream,
    cleanlyShutDown: node.isShutDown || shutDownCheckpointIsWritten(node),
    history: historyOf(state.branches, branch).map(({ timeline, switchedAt }) => ({
      timeline,
      forkedAt: switchedAt,
    })),
    replication: walsenderViews(state, name).map((view) => ({
      applicationName: view.applicationName,
      syncState: view.syncState,
      writeLsn: view.writeLsn ?? NONE,
      flushLsn: view.flushLsn ?? NONE,
      replayLsn: view.replayLsn ?? NONE,
    })),
    synchronousStandbyNames: settings.synchronous_standby_names ?? '',
    synchronousCommit: settings.synchronous_commit ?? 'on',
  };
}

const NONE = 0 as Lsn;

/** What runs is asked; of what is down, pg_control and the files of WAL tell how far they go. */
function positions(
  state: ReplicationState,
  { name, status, wal }: NodeState,
): Pick<PostgresFacts, 'walLsn' | 'receiveLsn' | 'replayLsn'> {
  if (status !== 'up')
    return { walLsn: wal.writeLsn, receiveLsn: wal.writeLsn, replayLsn: wal.writeLsn };
  const { receiveLsn, replayLsn } = recoveryView(state, name);
  return { walLsn: wal.flushLsn, receiveLsn: receiveLsn ?? NONE, replayLsn };
}

/** A fast shutdown waits for the standbys once its last checkpoint is on the disk; pg_control says "shut down" by then. */
const shutDownCheckpointIsWritten = ({ stopping, upstream, wal }: NodeState): boolean =>
  stopping && upstream === null && wal.flushLsn >= wal.insertLsn;

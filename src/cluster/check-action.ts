import type { GovernorState } from '../ha/governor-state.ts';
import type { ReplicationState } from '../postgres/replication-state.ts';
import { walreceiverView } from '../postgres/replication-view.ts';
import { type Action, ActionRefused } from './action.ts';
import { type BackupDesk, isBackupAction } from './backup-desk.ts';
import type { ClusterNode } from './cluster-node.ts';
import type { Flights } from './flights.ts';
import { type GovernedAction, isGovernedAction, whyNoGovernedAction } from './governed-action.ts';
import type { Session } from './session.ts';
import { outOfRange } from './words.ts';
import type { Workload } from './workload/workload.ts';

/** What an action is held against. */
export interface Grounds {
  /** Throws ActionRefused where there is no such node. */
  node(name: string): ClusterNode;
  readonly state: ReplicationState;
  readonly flights: Flights;
  readonly workload: Workload;
  readonly backups: BackupDesk;
  /** Null where nothing governs the cluster. */
  readonly governor: GovernorState | null;
}

/** Throws ActionRefused, with words for whoever acts, unless the cluster can do this now. */
export function checkAction(action: Action, grounds: Grounds): void {
  const { node, state, flights, workload, backups, governor } = grounds;
  if ('a' in action) {
    node(action.a);
    node(action.b);
    if (action.a === action.b) throw new ActionRefused(`${action.a} has no link to itself`);
  } else if ('node' in action) node(action.node);
  const status = 'node' in action ? state.nodes[action.node]?.status : 'up';
  if (isGovernedAction(action)) {
    checkGoverned(action, grounds);
    return;
  }
  if (action.kind === 'start' && (status === 'up' || status === 'starting'))
    throw new ActionRefused(`${action.node} is running`);
  if (action.kind === 'start' && status === 'off' && governor !== null)
    throw new ActionRefused(
      `${action.node}’s machine is off: switch it on, and its Patroni starts PostgreSQL`,
    );
  if (action.kind === 'promote' && (status !== 'up' || node(action.node).role === 'primary'))
    throw new ActionRefused(`${action.node} cannot be promoted: it is no standby that runs`);
  if (isBackupAction(action)) backups.check(action);
  const recovered = 'node' in action ? state.nodes[action.node]?.recovered : null;
  if (action.kind === 'start' && (recovered?.state === 'empty' || recovered?.state === 'ended'))
    throw new ActionRefused(
      recovered.state === 'empty'
        ? `${action.node} has no data directory: restore a backup there`
        : `${action.node} would end as it did: restore the backup again, with other settings`,
    );
  if (action.kind === 'follow' || action.kind === 'rewind') checkUpstream(action, grounds);
  if (action.kind === 'baseBackup') checkBackup(action.node, action.upstream, grounds);
  if (
    (action.kind === 'kill' ||
      action.kind === 'stop' ||
      (action.kind === 'powerOff' && governor === null) ||
      action.kind === 'freeze') &&
    status !== 'up'
  )
    throw new ActionRefused(`${action.node} is not running`);
  if (action.kind === 'powerOff' && status === 'off')
    throw new ActionRefused(`${action.node} is switched off`);
  if (action.kind === 'deleteWal' && node(action.node).role !== 'primary')
    throw new ActionRefused(`${action.node} is no primary: its pg_wal is left alone here`);
  if (action.kind === 'freeze' && !runs(action.node, action.process, grounds))
    throw new ActionRefused(`${action.node} has no ${action.process} process now`);
  if (action.kind === 'sql') flights.checkIdle(action.node, action.session);
  if (action.kind === 'cancel' || action.kind === 'terminate') openSession(node, action);
  const wrong =
    action.kind === 'clients'
      ? workload.whyNoPace(action.population, action.pace)
      : outOfRange(action);
  if (wrong !== null) throw new ActionRefused(wrong);
}

function checkGoverned(action: GovernedAction, { node, governor }: Grounds): void {
  if (governor === null)
    throw new ActionRefused('nothing governs this cluster: it has no Patroni and no DCS');
  if (action.kind === 'switchover') node(action.leader);
  if ('candidate' in action && action.candidate !== null) node(action.candidate);
  const why = whyNoGovernedAction(action, governor);
  if (why !== null) throw new ActionRefused(why);
}

/** Throws ActionRefused where the session is not open. */
export function openSession(
  node: Grounds['node'],
  of: { readonly node: string; readonly session: string },
): Session {
  const session = node(of.node).sessions.get(of.session);
  if (session && session.ended === null) return session;
  throw new ActionRefused(`session "${of.session}" of ${of.node} is not open`);
}

function checkUpstream(
  { kind, node: name, upstream }: Extract<Action, { kind: 'follow' | 'rewind' }>,
  { node, state }: Grounds,
): void {
  const { status, upstream: own } = state.nodes[name] ?? {};
  if (node(upstream).name === name) throw new ActionRefused(`${name} cannot stream from itself`);
  const isDown = status === 'down' || status === 'off';
  if (kind === 'rewind' && !isDown)
    throw new ActionRefused(`pg_rewind: error: target server must be shut down: ${name} runs`);
  if (kind === 'follow' && !isDown && own === null)
    throw new ActionRefused(`${name} is a primary that runs: shut it down first`);
}

function checkBackup(name: string, upstream: string, { node, state }: Grounds): void {
  const primaries = Object.values(state.nodes).filter((one) => one.upstream === null);
  if (primaries.every((one) => one.name === name))
    throw new ActionRefused(`${name} is the primary: it has no base backup to be made from`);
  if (name === upstream || state.nodes[node(upstream).name]?.status !== 'up')
    throw new ActionRefused(`${upstream} cannot be copied now`);
}

function runs(name: string, process: 'walreceiver' | 'startup', { node, state }: Grounds): boolean {
  const { status } = state.nodes[name] ?? {};
  if (node(name).role === 'primary' || status !== 'up') return false;
  return process === 'startup' || walreceiverView(state, name) !== null;
}

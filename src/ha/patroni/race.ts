/** Who may become leader: the checks that each node makes by itself (patroni/ha.py). */
import type { Lsn } from '../../postgres/lsn.ts';
import { after } from '../../sim/instant.ts';
import type { Member } from '../dcs-keys.ts';
import { clusterTimeline, lastOperation } from './leader-key.ts';
import type { NodeStatus } from './port.ts';
import type { Call, Run } from './run.ts';

/** The statuses of nodes that answer; null for those that do not. */
export function* fetchStatuses(
  run: Run,
  nodes: readonly string[],
): Call<readonly (readonly [string, NodeStatus | null])[]> {
  const answers = yield* run.askNodes(nodes, { kind: 'status' });
  return nodes.map((node) => {
    const answer = answers.get(node);
    if (answer?.kind === 'status') {
      run.info(`Got response from ${node}: ${inWords(answer.status)}`);
      return [node, answer.status] as const;
    }
    run.log('WARNING', `Request failed to ${node}: GET http://${node}:8008/patroni (timed out)`);
    return [node, null] as const;
  });
}

const inWords = ({ inRecovery, walPosition, timeline }: NodeStatus): string =>
  JSON.stringify({
    role: inRecovery === null ? 'down' : inRecovery ? 'replica' : 'primary',
    timeline,
    xlog: walPosition,
  });

/** Why a node cannot be promoted, in Patroni's words, or null. */
function limitation(status: NodeStatus | null): string | null {
  if (status === null || status.inRecovery === null) return 'not reachable';
  if (status.tags.nofailover) return 'not allowed to promote';
  return status.watchdogFailed ? 'not watchdog capable' : null;
}

/** Too far behind the position that the leader last wrote to the DCS: what it wrote since, nobody knows. */
function isLagging(run: Run, position: Lsn): boolean {
  const last = run.keys.status?.lastLsn ?? 0;
  return last - position > run.memory.dynamic.maximumLagOnFailover;
}

export const syncModeIsActive = (run: Run): boolean =>
  run.memory.dynamic.synchronousMode !== 'off' && run.keys.sync !== null;

export const quorumModeIsActive = (run: Run): boolean =>
  run.memory.dynamic.synchronousMode === 'quorum' && run.keys.sync !== null;

/** Whether /sync names a node; with `orLeads` the leader at the time counts, too. */
export function syncMatches(run: Run, node: string, orLeads = false): boolean {
  const sync = run.keys.sync?.value;
  if (!sync) return false;
  return sync.members.includes(node) || (orLeads && sync.leader === node);
}

export function* isHealthiestNode(run: Run): Call<boolean> {
  const { memory, keys, identity, node } = run;
  const { nofailover } = identity.local.tags;
  if (memory.keyGivenBackAt !== null && run.at < after(memory.keyGivenBackAt, memory.dynamic.ttl)) {
    run.info(
      'backoff: skip leader race after pre_promote script failure and releasing the lock voluntarily',
    );
    return false;
  }
  if (run.isPaused && !nofailover && keys.failover !== null)
    return yield* manualFailoverWithoutLeader(run);
  if (memory.state === 'starting') return false;
  if (run.isPrimary) {
    if (run.isPaused) return true;
    const { timeline } = run.look.own;
    const newest = clusterTimeline(run);
    if (timeline >= newest) return true;
    run.log('WARNING', `My timeline ${timeline} is behind last known cluster timeline ${newest}`);
    return false;
  }
  if (run.isPaused || nofailover) return false;
  if (keys.failover !== null) {
    if (
      keys.failover.value.leader !== null &&
      syncModeIsActive(run) &&
      !syncMatches(run, node, true)
    )
      return false;
    return yield* manualFailoverWithoutLeader(run);
  }
  if (identity.local.watchdog.mode === 'required' && !run.look.watchdogWorks) {
    run.log('WARNING', 'Watchdog device is not usable');
    return false;
  }
  const known = { ...memory.healthyKeys?.members, ...keys.members };
  let names = Object.keys(known);
  if (memory.dynamic.failsafeMode && keys.failsafe !== null) {
    if (keys.failsafe.length > 0 && !keys.failsafe.includes(node)) return false;
    names = [...new Set([...names, ...keys.failsafe])];
  }
  if (syncModeIsActive(run)) {
    const quorum = memory.dynamic.synchronousMode === 'quorum';
    if (!quorum && !syncMatches(run, node, true)) return false;
    names = names.filter((name) => syncMatches(run, name, true));
  }
  return yield* isHealthiestAmong(run, names, known, true);
}

/** Whether nobody that answers is a primary or further ahead, and in quorum mode enough of the voters are not. */
function* isHealthiestAmong(
  run: Run,
  names: readonly string[],
  known: Readonly<Record<string, Member>>,
  checkLag: boolean,
): Call<boolean> {
  const { memory, keys, node } = run;
  const { own } = run.look;
  const position = lastOperation(own);
  if (checkLag && isLagging(run, position)) {
    run.info('My wal position exceeds maximum replication lag');
    return false;
  }
  const newest = clusterTimeline(run);
  if (memory.dynamic.checkTimeline && own.timeline < newest) {
    run.info(`My timeline ${own.timeline} is behind last known cluster timeline ${newest}`);
    return false;
  }
  const isQuorum = quorumModeIsActive(run);
  const sync = keys.sync?.value ?? null;
  const voters = isQuorum ? (sync?.members ?? []) : [];
  const others = names.filter(
    (name) => name !== node && (!known[name]?.tags.nofailover || voters.includes(name)),
  );
  let votes = voters.includes(node) ? 0 : -1;
  let ahead = 0;
  const formerLeader = syncModeIsActive(run) ? sync?.leader : memory.healthyKeys?.leader?.value;
  const { failoverPriority } = run.identity.local.tags;
  for (const [name, status] of yield* fetchStatuses(run, others)) {
    if (limitation(status) !== null || status === null) continue;
    if (status.inRecovery === false) {
      run.log('WARNING', `Primary (${name}) is still alive`);
      return false;
    }
    if (position < status.walPosition) {
      ahead++;
      run.info(`Wal position of ${name} is ahead of my wal position`);
      if (!syncModeIsActive(run) || sync?.leader !== name) return false;
      run.info('Ignoring the former leader being ahead of us');
    } else if (status.walPosition > 0) {
      const votesForMe = voters.includes(name);
      const theirs = status.tags.failoverPriority;
      const lower =
        position === status.walPosition && failoverPriority < theirs && formerLeader !== name;
      if (lower && (!isQuorum || votesForMe)) {
        run.info(
          `${name} has equally tolerable WAL position and priority ${theirs}, while this node has priority ${failoverPriority}`,
        );
        return false;
      }
      if (votesForMe) {
        run.info(`Got quorum vote from ${name}`);
        votes++;
      }
    }
  }
  return !isQuorum || votes >= (sync?.quorum ?? 0) || (ahead === 0 && sync?.leader === node);
}

/** Whether somebody could take over from this leader. */
export function* isFailoverPossible(
  run: Run,
  clusterLsn: Lsn | null = null,
  withoutCandidate = false,
): Call<boolean> {
  const { keys, node, memory } = run;
  const failover = keys.failover?.value ?? null;
  const candidate = failover?.candidate ?? null;
  const names = Object.values(keys.members)
    .filter(({ name, tags }) => {
      if (
        syncModeIsActive(run) &&
        !syncMatches(run, name) &&
        (failover === null || failover.leader !== null)
      )
        return false;
      if (name === node || tags.nofailover || (withoutCandidate && name === candidate))
        return false;
      return withoutCandidate || candidate === null || name === candidate;
    })
    .map(({ name }) => name);
  const action =
    failover === null ? 'failover' : failover.leader === null ? 'manual failover' : 'switchover';
  if (names.length === 0)
    run.log(
      'WARNING',
      memory.dynamic.synchronousMode !== 'off' && candidate !== null
        ? `${action[0]?.toUpperCase()}${action.slice(1)} candidate=${candidate} does not match with sync_standbys=${keys.sync?.value.members.join(',') ?? 'None'}`
        : `${action}: candidates list is empty`,
    );
  let votes = -1;
  for (const [name, status] of yield* fetchStatuses(run, names)) {
    const why = limitation(status);
    if (why !== null || status === null) run.info(`Member ${name} is ${why}`);
    else if (
      clusterLsn === null ? isLagging(run, status.walPosition) : status.walPosition < clusterLsn
    )
      run.info(`Member ${name} exceeds maximum replication lag`);
    else if (memory.dynamic.checkTimeline && status.timeline < clusterTimeline(run))
      run.info(
        `Timeline ${status.timeline} of member ${name} is behind the cluster timeline ${clusterTimeline(run)}`,
      );
    else votes++;
  }
  const quorum = keys.sync?.value.quorum ?? 0;
  if (quorumModeIsActive(run) && (candidate === null || withoutCandidate) && votes < quorum) {
    run.info(`Quorum requirement ${quorum} can not be reached`);
    return false;
  }
  return votes >= 0;
}

/** A switchover or failover whose leader has stepped down. */
function* manualFailoverWithoutLeader(run: Run): Call<boolean> {
  const { keys, node, memory } = run;
  const failover = keys.failover?.value;
  if (!failover) return false;
  const { leader, candidate } = failover;
  const action = leader === null ? 'manual failover' : 'switchover';
  if (candidate !== null) {
    if (candidate === node) return true;
    if (run.isPaused) return false;
    const mode = memory.dynamic.synchronousMode;
    if (mode === 'on' && !syncMatches(run, node, true)) return false;
    const [first] = yield* fetchStatuses(run, candidate in keys.members ? [candidate] : []);
    const why = limitation(first?.[1] ?? null);
    if (why === null) {
      run.info(`${action}: to ${candidate}, i am ${node}`);
      return false;
    }
    if (first) run.log('WARNING', `${action}: member ${candidate} is ${why}`);
  } else if (run.isPaused) return false;
  if (leader === node) return !(yield* isFailoverPossible(run, null, candidate !== null));
  const names = Object.keys(keys.members).filter(
    (name) => name !== leader && (!syncModeIsActive(run) || syncMatches(run, name)),
  );
  return yield* isHealthiestAmong(run, names, keys.members, false);
}

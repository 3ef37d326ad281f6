/** The leader key and the other keys that a node writes (patroni/ha.py; patroni/dcs/etcd3.py for the session). */
import type { Lsn } from '../../postgres/lsn.ts';
import type { Member } from '../dcs-keys.ts';
import type { PostgresFacts } from '../postgres-port.ts';
import { type Call, DcsError, type Run } from './run.ts';

/** Reads all keys. In failsafe mode the leader that asks for consent stands in where nobody holds the key. */
export function* loadCluster(run: Run): Call<void> {
  const { memory } = run;
  if (memory.lease === null) yield* openSession(run);
  const { keys } = yield* run.dcs({ kind: 'read' });
  if (keys.leader !== null || memory.healthyKeys === null) memory.healthyKeys = keys;
  memory.keys = keys;
  if (keys.config !== null) memory.dynamic = keys.config.value;
  const { failsafe } = memory;
  if (keys.leader === null && memory.dynamic.failsafeMode && failsafe && failsafe.until > run.at)
    memory.keys = { ...keys, leader: { value: failsafe.leader, revision: 0, lease: 0 } };
  if (!run.hasLock(false)) run.setLeader(false);
}

function* openSession(run: Run): Call<void> {
  const { lease } = yield* run.dcs({ kind: 'grantLease', ttl: run.memory.dynamic.ttl });
  run.memory.lease = lease;
}

/** Renews the leader key; false where it is lost. */
export function* updateLock(run: Run, writeStatus = false): Call<boolean> {
  const { memory, node } = run;
  const lastLsn = writeStatus ? lastOperation(run.look.own) : null;
  if (lastLsn !== null) memory.lastLsn = lastLsn;
  const failsafe = memory.dynamic.failsafeMode
    ? [...new Set([...Object.keys(run.keys.members), node])].sort()
    : null;
  const lease = memory.lease ?? 0;
  const { done } = yield* run.dcs({ kind: 'updateLeader', name: node, lease, lastLsn, failsafe });
  if (!done) memory.lease = null;
  run.setLeader(done);
  if (done) run.feedWatchdog();
  return done;
}

export function* acquireLock(run: Run): Call<boolean> {
  if (run.memory.lease === null) yield* openSession(run);
  const lease = run.memory.lease ?? 0;
  const { done } = yield* run.dcs({ kind: 'acquireLeader', name: run.node, lease });
  if (!done) run.info('Could not take out TTL lock');
  run.setLeader(done);
  return done;
}

export function* deleteLeader(run: Run, lastLsn: Lsn | null = null): Call<void> {
  run.setLeader(false);
  yield* run.dcs({ kind: 'deleteLeader', name: run.node, lastLsn });
}

export function* releaseLeaderKey(run: Run, lastLsn: Lsn | null = null): Call<void> {
  yield* deleteLeader(run, lastLsn);
  yield* touchMember(run);
  run.info('Leader key released');
}

/** Writes /members/<name>. Where the DCS does not answer, the next turn of the loop finds out. */
export function* touchMember(run: Run): Call<void> {
  const { memory } = run;
  try {
    if (memory.lease === null) yield* openSession(run);
    const { done } = yield* run.dcs({ kind: 'touchMember', member: memberKey(run) });
    if (!done) {
      yield* openSession(run);
      yield* run.dcs({ kind: 'touchMember', member: memberKey(run) });
    }
  } catch (error) {
    if (!(error instanceof DcsError)) throw error;
  }
}

function memberKey(run: Run): Member {
  const { memory, look, identity } = run;
  const { own } = look;
  const shows = own.status === 'up' && memory.busyWith !== 'promote';
  return {
    name: run.node,
    lease: memory.lease ?? 0,
    state: memory.state,
    role: memory.role,
    timeline: shows ? own.timeline : null,
    xlogLocation: shows ? lastOperation(own) : null,
    receiveLsn: shows && own.inRecovery ? own.receiveLsn : null,
    replayLsn: shows && own.inRecovery ? own.replayLsn : null,
    replicationState: shows && own.inRecovery && own.streaming ? 'streaming' : null,
    tags: identity.local.tags,
    pause: run.isPaused,
  };
}

/** Where a server's WAL stands: on a standby the greater one of received and replayed. */
export function lastOperation(own: PostgresFacts): Lsn {
  return own.inRecovery ? (Math.max(own.receiveLsn, own.replayLsn) as Lsn) : own.walLsn;
}

/** The newest timeline that the DCS knows of: the leader's, or one more than the last that ended. */
export function clusterTimeline(run: Run): number {
  const { history, leader, members } = run.keys;
  if (leader !== null) {
    const own = members[leader.value]?.timeline;
    if (own != null) return own;
  }
  const last = history.at(-1);
  return last === undefined ? 0 : last.timeline + 1;
}

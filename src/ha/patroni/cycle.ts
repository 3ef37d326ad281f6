/** One turn of Patroni's loop: `Ha.run_cycle` of patroni/ha.py (4.1.4). */
import { after, seconds } from '../../sim/instant.ts';
import { demote, demoteTask } from './demote.ts';
import { checkFailsafeTopology, failsafeLeader } from './failsafe.ts';
import { followLeader } from './follow.ts';
import { acquireLock, deleteLeader, loadCluster, touchMember, updateLock } from './leader-key.ts';
import { enforcePrimaryRole } from './promote.ts';
import { isFailoverPossible, isHealthiestNode } from './race.ts';
import { recover } from './recover.ts';
import { reinitialize } from './rewind.ts';
import { type Call, DcsError, type Run } from './run.ts';

export function* turn(run: Run): Call<void> {
  const words = yield* runCycle(run);
  const said = `${run.isPaused ? 'PAUSE: ' : ''}${words}`;
  run.memory.said = said;
  run.info(said);
}

function* runCycle(run: Run): Call<string> {
  let dcsFailed = false;
  let words: string;
  try {
    words = yield* cycle(run);
  } catch (error) {
    if (!(error instanceof DcsError)) throw error;
    dcsFailed = true;
    run.log('ERROR', 'Error communicating with DCS');
    words = yield* handleDcsError(run);
  }
  if (!dcsFailed) {
    if (run.isLeader) run.memory.failsafe = null;
    yield* touchMember(run);
  }
  return words;
}

function* cycle(run: Run): Call<string> {
  const { memory } = run;
  yield* loadCluster(run);
  if (!memory.started) begin(run);
  if (run.isPaused) {
    run.closeWatchdog();
    memory.wasPaused = true;
  } else {
    if (memory.wasPaused) memory.rewind = 'unknown';
    memory.wasPaused = false;
  }
  if (!(run.node in run.keys.members)) yield* touchMember(run);
  if (memory.busyWith !== null) return yield* handleLongAction(run, memory.busyWith);

  const reinitializing = reinitializeIfAsked(run);
  if (reinitializing !== null) return reinitializing;
  const starting = yield* handleStartingInstance(run);
  if (starting !== null) return starting;
  if (memory.recovering) {
    memory.recovering = false;
    if (memory.rewind !== 'needed') {
      const failed = yield* postRecover(run);
      if (failed !== null) return failed;
    }
    memory.crashRecoveryStartedAt = null;
    if (memory.rewind === 'done') memory.rewind = 'unknown';
  }
  if (!run.isRunning) {
    if (run.isPaused) {
      run.setState('stopped');
      if (run.hasLock()) {
        yield* deleteLeader(run);
        return 'removed leader lock because postgres is not running';
      }
      return 'postgres is not running';
    }
    if (memory.state === 'running' || memory.state === 'starting') run.setState('crashed');
    return yield* recover(run);
  }
  return run.keys.leader === null
    ? yield* processUnhealthyCluster(run)
    : yield* processHealthyCluster(run);
}

/** What it finds when it starts: PostgreSQL may be running already. */
function begin(run: Run): void {
  const { memory } = run;
  memory.started = true;
  if (run.isRunning) {
    run.setState('running');
    run.setRole(run.isPrimary ? 'primary' : 'replica');
    if (!run.isPrimary) memory.rewind = 'check';
    run.callback('on_start');
  } else run.setRole(run.look.own.inRecovery ? 'replica' : 'primary');
}

/** `patronictl reinit`: a leader, or a node without one, cannot be made anew. */
function reinitializeIfAsked(run: Run): string | null {
  if (!run.memory.reinitializeAsked) return null;
  run.memory.reinitializeAsked = false;
  const leader = run.keys.leader?.value;
  if (leader === undefined || leader === run.node) return null;
  return run.startTask('reinitialize', reinitialize(run, leader)) ?? 'reinitialize in progress';
}

/** Cluster has no leader key. */
function* processUnhealthyCluster(run: Run): Call<string> {
  if (yield* isHealthiestNode(run)) {
    if (yield* acquireLock(run)) {
      const { failover } = run.keys;
      if (failover !== null) {
        run.info('Cleaning up failover key after acquiring leader lock...');
        yield* run.dcs({ kind: 'writeFailover', request: null });
      }
      yield* loadCluster(run);
      return yield* enforcePrimaryRole(
        run,
        'acquired session lock as a leader',
        'promoted self to leader by acquiring session lock',
      );
    }
    return yield* followLeader(
      run,
      'demoted self after trying and failing to obtain lock',
      'following new leader after trying and failing to obtain lock',
    );
  }
  const { nofailover } = run.identity.local.tags;
  const candidate = run.keys.failover?.value.candidate ?? null;
  if (candidate !== null || (nofailover && !run.isPaused)) {
    run.memory.rewind = 'check';
    yield* run.sleep(seconds(2)); // time for somebody to take the leader lock
  }
  return nofailover
    ? yield* followLeader(
        run,
        'demoting self because I am not allowed to become primary',
        'following a different leader because I am not allowed to promote',
      )
    : yield* followLeader(
        run,
        'demoting self because i am not the healthiest node',
        'following a different leader because i am not the healthiest node',
      );
}

function* processHealthyCluster(run: Run): Call<string> {
  const { node } = run;
  if (run.hasLock()) {
    if (run.isPaused && !run.isPrimary) {
      if (run.keys.failover?.value.candidate === node)
        return 'waiting to become primary after promote...';
      yield* deleteLeader(run);
      return 'removed leader lock because postgres is not running as primary';
    }
    if (yield* updateLock(run, true)) {
      const words = yield* manualFailoverFromLeader(run);
      if (words !== null) return words;
      checkpointAfterPromote(run);
      return yield* enforcePrimaryRole(
        run,
        `no action. I am (${node}), the leader with the lock`,
        'promoted self to leader because I had the session lock',
      );
    }
    run.log('ERROR', 'failed to update leader lock');
    if (!run.isPrimary) return 'not promoting because failed to update leader lock in DCS';
    if (run.isPaused)
      return 'continue to run as primary after failing to update leader lock in DCS';
    yield* demote(run, 'immediate-nolock');
    return 'demoted self because failed to update leader lock in DCS';
  }
  const owner = run.keys.leader?.value ?? 'None';
  return yield* followLeader(
    run,
    'demoting self because I do not have the lock and I was a leader',
    `no action. I am (${node}), a secondary, and following a leader (${owner})`,
    false,
  );
}

/** pg_rewind needs the new timeline in the leader's pg_control: a CHECKPOINT puts it there. */
function checkpointAfterPromote(run: Run): void {
  if (!run.isPrimary || run.memory.rewind === 'checkpoint') return;
  run.memory.rewind = 'checkpoint';
  run.postgres({ kind: 'checkpoint' });
}

/** Somebody has asked for a switchover or failover, and this is the leader. */
function* manualFailoverFromLeader(run: Run): Call<string | null> {
  const failover = run.keys.failover?.value;
  if (!failover || (run.isPaused && !run.isPrimary)) return null;
  const { leader, candidate } = failover;
  const action = leader === null ? 'manual failover' : 'switchover';
  const bare = action.replace('manual ', '');
  if (leader === null || leader === run.node) {
    if (candidate === run.node)
      run.log('WARNING', `${action}: I am already the leader, no need to ${bare}`);
    else if (candidate === null && run.isPaused)
      run.log('WARNING', `${bare} is possible only to a specific candidate in a paused state`);
    else if (yield* isFailoverPossible(run)) {
      const busy = run.startTask(`${action}: demote`, demoteTask(run, 'graceful'));
      return busy ?? `${action}: demoting myself`;
    } else run.log('WARNING', `${action}: no healthy members found, ${bare} is not possible`);
  } else run.log('WARNING', `${action}: leader name does not match: ${leader} != ${run.node}`);
  run.info('Cleaning up failover key');
  yield* run.dcs({ kind: 'writeFailover', request: null });
  return null;
}

function* handleLongAction(run: Run, action: string): Call<string> {
  const { memory } = run;
  if (run.hasLock() && (yield* updateLock(run))) {
    const since = memory.crashRecoveryStartedAt;
    if (action === 'doing crash recovery in a single user mode' && since !== null) {
      const over = run.at >= after(since, memory.dynamic.primaryStartTimeout);
      if (over && (yield* isFailoverPossible(run))) {
        run.info('Demoting self because crash recovery is taking too long');
        run.abandonTask();
        yield* demote(run, 'immediate');
        return 'terminated crash recovery because of startup timeout';
      }
    }
    return `updated leader lock during ${action}`;
  }
  if (!run.isPaused) {
    if (action === 'promote' && memory.role === 'replica') {
      memory.promoteCancelled = true;
      return 'lost leader before promote';
    }
    if (memory.role === 'primary') {
      run.info(`Demoting primary during ${action}`);
      run.abandonTask();
      yield* demote(run, 'immediate-nolock');
      return `lost leader lock during ${action}`;
    }
  }
  if (run.keys.leader === null) run.info('not healthy enough for leader race');
  return `${action} in progress`;
}

function* handleStartingInstance(run: Run): Call<string | null> {
  const { memory } = run;
  if (memory.state !== 'starting') return null;
  if (run.look.own.status === 'up') {
    run.setState('running');
    return null;
  }
  if (run.look.own.status !== 'starting' || run.isPaused) return null;
  if (!run.hasLock()) {
    run.info('Still starting up as a standby.');
    return null;
  }
  if (!(yield* updateLock(run))) {
    run.info('Lost lock while starting up. Demoting self.');
    yield* demote(run, 'immediate-nolock');
    return 'stopped PostgreSQL while starting up because leader key was lost';
  }
  const left = memory.dynamic.primaryStartTimeout - (run.at - memory.stateSince);
  if (left > 0) {
    const words = yield* manualFailoverFromLeader(run);
    if (words !== null) return words;
    return `PostgreSQL is still starting up, ${Math.round(left / 1e6)} seconds until timeout`;
  }
  if (!(yield* isFailoverPossible(run)))
    return 'primary start has timed out, but continuing to wait because failover is not possible';
  run.info('Demoting self because primary startup is taking too long');
  yield* demote(run, 'immediate');
  return 'stopped PostgreSQL because of startup timeout';
}

function* postRecover(run: Run): Call<string | null> {
  if (run.isRunning) return null;
  run.closeWatchdog();
  if (!run.hasLock()) return 'failed to start postgres';
  if (run.memory.role === 'primary') {
    run.setRole('demoted');
    run.callback('on_role_change');
  }
  yield* deleteLeader(run);
  return 'removed leader key after trying and failing to start postgres';
}

function* handleDcsError(run: Run): Call<string> {
  const { memory } = run;
  if (run.isPaused || !run.isRunning || !run.isPrimary) return 'DCS is not accessible';
  if (memory.dynamic.failsafeMode && (yield* checkFailsafeTopology(run))) {
    run.setLeader(true);
    memory.failsafe = failsafeLeader(run);
    run.feedWatchdog();
    return 'continue to run as a leader because failsafe mode is enabled and all members are accessible';
  }
  memory.failsafe = null;
  run.info('demoting self because DCS is not accessible and I was a leader');
  yield* demote(run, 'offline');
  return 'demoted self because DCS is not accessible and I was a leader';
}

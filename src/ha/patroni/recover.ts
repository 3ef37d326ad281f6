/** PostgreSQL is not running: `Ha.recover` of patroni/ha.py. */
import { seconds } from '../../sim/instant.ts';
import { demote } from './demote.ts';
import { loadCluster, updateLock } from './leader-key.ts';
import { isFailoverPossible } from './race.ts';
import { rewindOrReinitialize } from './rewind.ts';
import type { Call, Run } from './run.ts';
import { follow, nodeToFollow, start } from './server.ts';

export function* recover(run: Run): Call<string> {
  const { memory } = run;
  let leads = false;
  if (run.hasLock() && (yield* updateLock(run))) {
    leads = true;
    const { primaryStartTimeout } = memory.dynamic;
    // To fail over is preferred to a restart, if there is anyone to fail over to.
    if (primaryStartTimeout === 0 && (yield* isFailoverPossible(run))) {
      run.closeWatchdog();
      run.info('Primary crashed. Failing over.');
      yield* demote(run, 'immediate');
      return 'stopped PostgreSQL to fail over after a crash';
    }
  }
  const { own } = run.look;
  const wasPrimary = memory.role === 'primary' && !own.inRecovery;
  if (leads && memory.dynamic.primaryStartTimeout > 0 && memory.state === 'crashed' && wasPrimary) {
    const name = 'starting primary after failure';
    if (run.startTask(name, startAgain(run)) === null) {
      memory.recovering = true;
      return name;
    }
  }
  // It starts as a standby: a watchdog is not needed before it is promoted.
  run.closeWatchdog();
  if (!own.inRecovery && !own.cleanlyShutDown) {
    const words = crashRecovery(run);
    if (words !== null) return words;
  }
  yield* loadCluster(run);
  let words: string;
  let upstream: string | null = null;
  if (run.hasLock()) {
    memory.rewind = 'unknown';
    words = 'starting as readonly because i had the session lock';
  } else {
    if (memory.rewind !== 'done') memory.rewind = memory.rewind === 'needed' ? 'needed' : 'check';
    const rewinding = rewindOrReinitialize(run);
    if (rewinding !== null) return rewinding;
    words = 'starting as a secondary';
    upstream = nodeToFollow(run);
    if (memory.dynamic.synchronousMode !== 'off')
      run.postgres({ kind: 'synchronousStandbyNames', value: '' });
  }
  const timeout = leads ? memory.dynamic.primaryStartTimeout : null;
  if (run.startTask('restarting after failure', follow(run, upstream, timeout)) === null)
    memory.recovering = true;
  return words;
}

function* startAgain(run: Run): Call<void> {
  yield* start(run, { as: 'primary' }, run.memory.dynamic.primaryStartTimeout);
}

/** Simplified: single-user mode recovers in the same time as a start. */
const RECOVERY_TIME = seconds(1);

/** A primary that crashed must recover before pg_rewind can read it. Once only. */
function crashRecovery(run: Run): string | null {
  const { memory } = run;
  if (memory.crashRecoveryStartedAt !== null) return null;
  if (run.keys.leader !== null && !memory.dynamic.usePgRewind) return null;
  memory.crashRecoveryStartedAt = run.at;
  const name = 'doing crash recovery in a single user mode';
  return run.startTask(name, run.sleep(RECOVERY_TIME)) ?? name;
}

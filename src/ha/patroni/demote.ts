/** How a primary steps down: `Ha.demote` of patroni/ha.py. */
import type { Lsn } from '../../postgres/lsn.ts';
import { type Duration, seconds } from '../../sim/instant.ts';
import { releaseLeaderKey } from './leader-key.ts';
import { isFailoverPossible } from './race.ts';
import { rewindIsNeeded } from './rewind.ts';
import { type Call, DcsError, type Run } from './run.ts';
import { follow, nodeToFollow, stop } from './server.ts';

/**
 * - `offline`: the DCS does not answer. A fast stop, since nobody can be promoted before the key has expired.
 * - `graceful`: a switchover. The key is given back once a standby has the shutdown checkpoint.
 * - `immediate`: the key is given back after an immediate stop.
 * - `immediate-nolock`: the key is lost: as fast as it goes.
 */
export type DemoteMode = 'offline' | 'graceful' | 'immediate' | 'immediate-nolock';

const MODES = {
  offline: { stop: 'fast', release: false },
  graceful: { stop: 'fast', release: true },
  immediate: { stop: 'immediate', release: true },
  'immediate-nolock': { stop: 'immediate', release: false },
} as const;

/** A demotion within the loop. After an immediate one the server is started beside it. */
export function* demote(run: Run, mode: DemoteMode): Call<void> {
  yield* stepDown(run, mode);
  if (mode === 'immediate' || mode === 'immediate-nolock')
    run.startTask('starting after demotion', startAsStandby(run, yield* leaderNow(run)));
  else if (mode === 'offline') yield* follow(run, null);
}

/** A demotion beside the loop. */
export function* demoteTask(run: Run, mode: 'graceful'): Call<void> {
  yield* stepDown(run, mode);
  const leader = yield* leaderNow(run);
  if (leader !== null && rewindIsNeeded(run, leader)) return;
  yield* follow(run, leader);
}

function* startAsStandby(run: Run, leader: string | null): Call<void> {
  yield* follow(run, leader);
}

/** primary_stop_timeout counts in synchronous mode alone. */
export function stopTimeout(run: Run): Duration | null {
  const { primaryStopTimeout, synchronousMode } = run.memory.dynamic;
  return primaryStopTimeout > 0 && synchronousMode !== 'off' ? primaryStopTimeout : null;
}

function* stepDown(run: Run, mode: DemoteMode): Call<void> {
  const { memory } = run;
  const control = MODES[mode];
  run.info(`Demoting self (${mode})`);
  memory.rewind = 'check';
  let released = false;
  if (mode === 'graceful') run.postgres({ kind: 'checkpoint' });
  const onShutdown = function* (checkpoint: Lsn): Call<void> {
    yield* run.sleep(seconds(1)); // replicas may catch up
    if (!(yield* isFailoverPossible(run, checkpoint))) return;
    run.setRole('demoted');
    yield* releaseLeaderKey(run, checkpoint);
    released = true;
  };
  yield* stop(run, control.stop, {
    timeout: stopTimeout(run),
    ...(control.release && control.stop === 'fast' ? { onShutdown } : {}),
  });
  run.setRole('demoted');
  run.setLeader(false);
  if (control.release && !released)
    yield* releaseLeaderKey(run, mode === 'graceful' ? run.look.own.walLsn : null);
  if (control.release) yield* run.sleep(seconds(2)); // somebody may take the leader lock
  if (memory.dynamic.synchronousMode !== 'off')
    run.postgres({ kind: 'synchronousStandbyNames', value: '' });
}

/** Who leads now, by the DCS; null where nobody does or it does not answer. */
function* leaderNow(run: Run): Call<string | null> {
  try {
    const { keys } = yield* run.dcs({ kind: 'read' });
    run.memory.keys = keys;
    return nodeToFollow(run);
  } catch (error) {
    if (!(error instanceof DcsError)) throw error;
    return null;
  }
}

/** Whether and how a node whose WAL has left the leader's timeline comes back (patroni/postgresql/rewind.py). */
import { formatLsn } from '../../postgres/lsn.ts';
import { seconds } from '../../sim/instant.ts';
import { lastOperation } from './leader-key.ts';
import type { Call, Run } from './run.ts';
import { start, stop } from './server.ts';

/** Simplified: pg_rewind takes this long, whatever has to be copied. */
const REWIND_TIME = seconds(2);

/** Whether the node's own WAL goes on past the place where the leader's timeline left it. Asks the leader's server. */
export function rewindIsNeeded(run: Run, leader: string): boolean {
  const { memory } = run;
  if (memory.rewind !== 'check') return memory.rewind === 'needed';
  const theirs = run.look.others[leader];
  const role = run.keys.members[leader]?.role;
  if (theirs === undefined || theirs.status !== 'up' || theirs.inRecovery || role !== 'primary')
    return false;
  const { own } = run.look;
  const position = lastOperation(own);
  run.info(`Local timeline=${own.timeline} lsn=${formatLsn(position)}`);
  run.info(`primary_timeline=${theirs.timeline}`);
  memory.rewind = diverged(run, leader) ? 'needed' : 'not needed';
  return memory.rewind === 'needed';
}

function diverged(run: Run, leader: string): boolean {
  const { own, others } = run.look;
  const theirs = others[leader];
  if (theirs === undefined || own.timeline === theirs.timeline) return false;
  const fork = theirs.history.find(({ timeline }) => timeline === own.timeline);
  if (fork === undefined) return true;
  const position = lastOperation(own);
  return own.inRecovery || own.cleanlyShutDown
    ? position > fork.forkedAt
    : position >= fork.forkedAt;
}

/** pg_rewind, or a new base backup where that is allowed; null where nothing is to be done. */
export function rewindOrReinitialize(run: Run): string | null {
  const { memory, identity } = run;
  const leader = run.keys.leader?.value;
  if (leader === undefined || leader === run.node || !rewindIsNeeded(run, leader)) return null;
  if (memory.dynamic.usePgRewind) {
    const name = `running pg_rewind from ${leader}`;
    return run.startTask(name, rewind(run, leader)) ?? name;
  }
  if (identity.local.removeDataDirectoryOnDivergedTimelines) {
    const name = 'reinitializing due to diverged timelines';
    return run.startTask(name, reinitialize(run, leader)) ?? name;
  }
  return null;
}

function* rewind(run: Run, leader: string): Call<void> {
  yield* stop(run, 'fast');
  run.info(`running pg_rewind from ${leader}`);
  run.postgres({ kind: 'rewind', upstream: leader });
  yield* run.sleep(REWIND_TIME);
  run.memory.rewind = 'done';
}

/** The data directory is removed, and made anew from a base backup of the leader. */
export function* reinitialize(run: Run, leader: string): Call<void> {
  yield* stop(run, 'immediate');
  run.info(`Removing data directory and taking a base backup of ${leader}`);
  run.setState('creating replica');
  run.postgres({ kind: 'reinitialize', upstream: leader });
  run.memory.rewind = 'unknown';
  do yield* run.sleep(seconds(1));
  while (run.look.own.status === 'starting');
  if (run.look.own.status === 'up') {
    run.setState('running');
    run.setRole('replica');
    run.info(`replica has been created using basebackup from ${leader}`);
  } else yield* start(run, { as: 'standby', upstream: leader }, null);
}

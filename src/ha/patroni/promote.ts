/** What a node does that holds the leader key: `Ha.enforce_primary_role` of patroni/ha.py. */
import { type Duration, seconds } from '../../sim/instant.ts';
import type { HistoryLine } from '../dcs-keys.ts';
import { demote } from './demote.ts';
import { releaseLeaderKey } from './leader-key.ts';
import { watchdogTimeout } from './memory.ts';
import { type Call, DcsError, type Run } from './run.ts';
import { beforePromote, processSyncReplication } from './sync.ts';

export function* enforcePrimaryRole(run: Run, words: string, promoteWords: string): Call<string> {
  const { memory } = run;
  if (!run.isPaused) {
    if (!memory.watchdogActive && !activateWatchdog(run)) {
      if (run.isPrimary) {
        yield* demote(run, 'immediate');
        return 'Demoting self because watchdog could not be activated';
      }
      yield* releaseLeaderKey(run);
      return 'Not promoting self because watchdog could not be activated';
    }
    if (memory.prePromote === 'failed') {
      run.log(
        'WARNING',
        'Releasing the leader key voluntarily because the pre-promote script failed',
      );
      memory.keyGivenBackAt = run.at;
      yield* releaseLeaderKey(run);
      memory.prePromote = null;
      return 'Promotion cancelled because the pre-promote script failed';
    }
  }
  if (run.isPrimary) {
    run.setRole('primary');
    yield* processSyncReplication(run);
    yield* updateHistory(run);
    return words;
  }
  if (memory.role === 'primary' || memory.role === 'promoted') {
    yield* processSyncReplication(run);
    return words;
  }
  if (!(yield* beforePromote(run)))
    return 'Postponing promotion because synchronous replication state was updated by somebody else';
  memory.failsafe = null;
  memory.prePromote = null;
  memory.promoteCancelled = false;
  run.startTask('promote', promote(run));
  return promoteWords;
}

/** False where a watchdog is required and cannot be had. */
function activateWatchdog(run: Run): boolean {
  const { local } = run.identity;
  const { mode } = local.watchdog;
  if (mode === 'off') return true;
  const timeout = watchdogTimeout(local, run.memory.dynamic);
  const slack = (timeout - run.memory.dynamic.loopWait) as Duration;
  if (slack < 0)
    run.log(
      'WARNING',
      `Watchdog not supported because leader TTL ${run.memory.dynamic.ttl / 1e6} is less than 2x loop_wait ${run.memory.dynamic.loopWait / 1e6}`,
    );
  if (slack >= 0 && run.look.watchdogWorks) {
    run.memory.watchdogActive = true;
    run.feedWatchdog();
    run.info(
      `Software Watchdog activated with ${timeout / 1e6} second timeout, timing slack ${slack / 1e6} seconds`,
    );
    return true;
  }
  if (mode === 'automatic') return true; // the reason is logged at DEBUG
  run.log('ERROR', 'Configuration requires watchdog, but watchdog could not be configured.');
  return false;
}

/** How often Patroni looks whether pg_control says "in production". */
const POLL = seconds(1);

function* promote(run: Run): Call<void> {
  const { memory, identity } = run;
  const { prePromote } = identity.local;
  if (prePromote !== null) {
    yield* run.sleep(prePromote.takes);
    run.info(`pre_promote script \`${prePromote.command}\` exited with ${prePromote.exitStatus}`);
    if (prePromote.exitStatus !== 0) {
      memory.prePromote = 'failed';
      return;
    }
  }
  if (memory.promoteCancelled) {
    run.info('PostgreSQL promote cancelled.');
    return;
  }
  memory.rewind = 'unknown';
  run.postgres({ kind: 'promote' });
  run.setRole('promoted');
  run.callback('on_role_change');
  const tries = Math.ceil(memory.dynamic.loopWait / POLL);
  for (let count = 0; count < tries; count++) {
    yield* run.sleep(POLL);
    if (run.isPrimary && run.look.own.status === 'up') {
      run.setRole('primary');
      return;
    }
  }
}

/** The key /history: each timeline that ended, where, and who came after. */
function* updateHistory(run: Run): Call<void> {
  const { history } = run.look.own;
  const known = run.keys.history;
  const last = history.at(-1);
  if (last === undefined || known.at(-1)?.timeline === last.timeline) return;
  const lines = history.map(
    ({ timeline, forkedAt }): HistoryLine =>
      known.find((line) => line.timeline === timeline) ?? {
        timeline,
        forkedAt,
        reason: 'no recovery target specified',
        newLeader: run.node,
      },
  );
  try {
    yield* run.dcs({ kind: 'writeHistory', history: lines });
  } catch (error) {
    if (!(error instanceof DcsError)) throw error;
  }
}

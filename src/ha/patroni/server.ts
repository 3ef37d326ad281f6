/** How Patroni starts, stops and reconfigures its server (patroni/postgresql/__init__.py). Each call of pg_ctl is watched once a second. */
import type { Lsn } from '../../postgres/lsn.ts';
import { after, type Duration, NEVER, seconds } from '../../sim/instant.ts';
import type { Call, Run } from './run.ts';

const POLL = seconds(1);

export interface StopOptions {
  /** Called when pg_control says "shut down" and the postmaster is still there, with the position of that checkpoint. */
  readonly onShutdown?: (checkpoint: Lsn) => Call<void>;
  /** After so long an immediate stop follows; null: never. */
  readonly timeout?: Duration | null;
}

/** Stops the server and waits for it: without a limit, where no timeout is given. */
export function* stop(
  run: Run,
  mode: 'fast' | 'immediate',
  { onShutdown, timeout = null }: StopOptions = {},
): Call<void> {
  if (!run.isRunning) {
    run.closeWatchdog();
    return;
  }
  run.setState('stopping');
  run.postgres({ kind: 'stop', mode });
  const deadline = after(run.at, timeout ?? NEVER);
  let told = false;
  let aborted = false;
  while (yield* stillRuns(run)) {
    const { cleanlyShutDown, walLsn } = run.look.own;
    if (onShutdown && mode === 'fast' && cleanlyShutDown && !told) {
      told = true;
      yield* onShutdown(walLsn);
    }
    if (!aborted && run.at >= deadline) {
      aborted = true;
      run.log('WARNING', 'Timeout during postmaster stop, aborting Postgres.');
      run.postgres({ kind: 'stop', mode: 'immediate' });
    }
  }
  run.closeWatchdog();
  run.setState('stopped');
  run.callback('on_stop');
}

function* stillRuns(run: Run): Call<boolean> {
  yield* run.sleep(POLL);
  return run.isRunning;
}

/**
 * Starts the server, as a primary or as a standby of a node (null: of nobody), and waits until it accepts connections.
 * Null: it still starts when the time is over.
 */
export function* start(
  run: Run,
  how: { readonly as: 'primary' } | { readonly as: 'standby'; readonly upstream: string | null },
  timeout: Duration | null,
): Call<boolean | null> {
  run.setState('starting');
  run.setRole(how.as === 'primary' ? 'primary' : 'replica');
  run.postgres({ kind: 'start', ...how });
  const deadline = after(run.at, timeout ?? run.memory.dynamic.primaryStartTimeout);
  for (;;) {
    yield* run.sleep(POLL);
    const { status } = run.look.own;
    if (status === 'up') {
      run.setState('running');
      run.callback('on_start');
      return true;
    }
    if (status === 'down' || status === 'off') {
      run.setState('start failed');
      return false;
    }
    if (run.at >= deadline) return null;
  }
}

/** The server becomes, or stays, a standby of a node: by a reload where it runs as one, else by a start. */
export function* follow(
  run: Run,
  upstream: string | null,
  timeout: Duration | null = null,
): Call<void> {
  const wasPrimary = run.memory.role === 'primary' || run.memory.role === 'demoted';
  if (run.isRunning) {
    run.postgres({ kind: 'follow', upstream });
    run.setRole('replica');
  } else yield* start(run, { as: 'standby', upstream }, timeout);
  if (wasPrimary) run.callback('on_role_change');
}

/** The node to stream from: the leader, if that is another one. */
export function nodeToFollow(run: Run): string | null {
  const leader = run.memory.keys?.leader?.value ?? null;
  return leader === run.node ? null : leader;
}

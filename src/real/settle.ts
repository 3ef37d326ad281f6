import { withControl } from './control.ts';
import type { RealNode } from './node.ts';
import { pollUntil } from './poll.ts';

/** A standby and where it streams from, as far as settling goes. */
export interface Stream {
  readonly standby: RealNode;
  readonly upstream: RealNode;
  readonly isCut: boolean;
}

/** Flushed on a primary; on a standby, what it has received is what it can send on. */
const FLUSHED =
  'case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_flush_lsn() end';

/**
 * Waits until every standby streams, has replayed all that its upstream flushed, and its upstream knows; resolves to the
 * names of those that have not in time. Standbys that cannot are left out: see `Action` of the port.
 */
export async function settle(
  streams: () => readonly Stream[],
  timeoutMs: number,
): Promise<readonly string[]> {
  let behind: readonly string[] = [];
  await pollUntil(
    async () => {
      const names: string[] = [];
      for (const stream of streams())
        if (!(await isSettled(stream))) names.push(stream.standby.name);
      behind = names;
      return names.length === 0;
    },
    timeoutMs,
    25,
  );
  return behind;
}

async function isSettled({ standby, upstream, isCut }: Stream): Promise<boolean> {
  if (isCut || !standby.isUp || !upstream.isUp || standby.isFrozen) return true;
  try {
    const [state] = await withControl(standby.port, (ask) =>
      ask(
        'select not pg_is_in_recovery() or ' +
          'case when pg_is_in_recovery() then pg_is_wal_replay_paused() end',
      ),
    );
    if (state?.[0] === 't') return true; // promoted, or paused
    const [streaming] = await withControl(upstream.port, (ask) =>
      ask(
        `select bool_or(state = 'streaming' and replay_lsn >= ${FLUSHED}) ` +
          `from pg_stat_replication where application_name = '${standby.name}'`,
      ),
    );
    return streaming?.[0] === 't';
  } catch {
    return false; // starting up, or going down: ask again
  }
}

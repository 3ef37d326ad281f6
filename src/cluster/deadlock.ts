import type { Flight } from './flight.ts';
import { PROCESS_PIDS } from './server-state.ts';
import type { LockWait } from './wait.ts';

/** Who waits for which lock, by pid. */
export type WaitGraph = ReadonlyMap<number, LockWait>;

/** Who waits on a node: its sessions and, on a standby, replay. */
export function waitGraph(
  flights: Iterable<Flight>,
  node: string,
  replay: LockWait | null,
): WaitGraph {
  const sessions = [...flights].flatMap(({ session, node: where, wait }) =>
    where === node && wait?.kind === 'lock' ? [[session.pid, wait.lock] as const] : [],
  );
  return new Map(replay === null ? sessions : [...sessions, [PROCESS_PIDS.startup, replay]]);
}

/**
 * The cycle of waits that a process is part of, starting with it, or null (DeadLockCheck, deadlock.c). Only hard edges:
 * queues in front of a lock do not count here.
 */
export function findCycle(graph: WaitGraph, start: number): readonly number[] | null {
  const walk = (pid: number, path: readonly number[]): readonly number[] | null => {
    for (const blocker of graph.get(pid)?.blockers ?? []) {
      if (blocker === start) return [...path, pid];
      if (path.includes(blocker) || blocker === pid) continue;
      const cycle = walk(blocker, [...path, pid]);
      if (cycle) return cycle;
    }
    return null;
  };
  return walk(start, []);
}

/** DETAIL of "deadlock detected", a line a process. */
export function describeCycle(graph: WaitGraph, cycle: readonly number[]): string {
  return cycle
    .map((pid, index) => {
      const lock = graph.get(pid);
      const what =
        lock?.event === 'transactionid'
          ? `ShareLock on transaction ${lock.xid}`
          : `${lock?.mode ?? 'a lock'} on relation ${lock?.relation} of database 5`;
      return `Process ${pid} waits for ${what}; blocked by process ${cycle[(index + 1) % cycle.length]}.`;
    })
    .join('\n');
}

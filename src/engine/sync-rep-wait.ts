import type { Instance } from './instance.ts';

/** Values of PGPROC.syncRepState (syncrep.h). */
export const SyncRepState = { waiting: 1, waitComplete: 2 } as const;

/**
 * Ends the backend's wait for synchronous standbys, as a walsender does when they have answered (SyncRepWakeQueue in
 * syncrep.c). Whether and how long a commit waits is up to the simulated cluster, which keeps the server from knowing. The
 * queue's head is the only other member of the list, since there is one backend.
 */
export function endSyncRepWait({ memory, exports, addresses }: Instance): void {
  const proc = memory.getUint32(exports.MyProc.value, true);
  const state = proc + addresses.procSyncRepState;
  if (memory.getUint32(state, true) !== SyncRepState.waiting) return;
  const links = state + 4;
  const head = memory.getUint32(links, true);
  for (const end of [0, 4]) {
    memory.setUint32(head + end, head, true);
    memory.setUint32(links + end, 0, true);
  }
  memory.setUint32(state, SyncRepState.waitComplete, true);
}

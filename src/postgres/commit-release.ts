/** Commits that wait for standbys, and what lets them go: a reply of a walsender's standby, or names that nobody bears any more. */
import { formatLsn } from './lsn.ts';
import type { NodeState } from './replication-state.ts';
import { candidateStandbys, type Released, releaseWaiters, standbyPriority } from './sync-rep.ts';
import type { Transition } from './transition.ts';
import type { Walsender } from './walsender.ts';

/** SyncRepReleaseWaiters of the walsender that has just had a reply. */
export function release(step: Transition, name: string, me: Walsender): void {
  const node = step.node(name);
  if (node.upstream !== null) return;
  const names = node.settings.synchronousStandbyNames;
  const isSync = candidateStandbys(names, node.walsenders).includes(me);
  if (isSync && names && me.announceNextTakeover) {
    const what =
      names.method === 'priority'
        ? `is now a synchronous standby with priority ${me.syncPriority}`
        : 'is now a candidate for quorum synchronous standby';
    const words = `standby "${me.applicationName}" ${what}`;
    step.happened('synchronousStandby', name, words, { standby: me.standby });
  }
  if (me.announceNextTakeover === isSync) {
    replaceWalsender(step, name, { ...me, announceNextTakeover: !isSync });
  }
  const outcome = releaseWaiters(node.syncRep, names, node.walsenders, me);
  letGo(step, name, outcome, `${me.applicationName} has confirmed enough`);
}

/** Wakes the sessions whose commits need to wait no longer. */
export function letGo(step: Transition, name: string, outcome: Released, why: string): void {
  const [syncRep, released] = outcome;
  step.change(name, { syncRep });
  for (const { id, lsn } of released) {
    const words = `A commit at ${formatLsn(lsn)} on ${name} waits no longer: ${why}.`;
    step.happened('commitReleased', name, words, { lsn: formatLsn(lsn), waiter: id });
    step.effects.push({ kind: 'released', waiter: id });
  }
}

/** The walsender as it is from now on, in the place of the one of its connection. */
export function replaceWalsender(step: Transition, name: string, walsender: Walsender): Walsender {
  const walsenders = step
    .node(name)
    .walsenders.map((one) => (one.connection === walsender.connection ? walsender : one));
  step.change(name, { walsenders });
  return walsender;
}

export function findWalsender(node: NodeState, connection: number): Walsender | null {
  return node.walsenders.find((walsender) => walsender.connection === connection) ?? null;
}

/** SyncRepGetStandbyPriority: a cascading standby never counts. */
export function priorityAt(node: NodeState, walsender: Walsender): number {
  if (node.upstream !== null) return 0;
  return standbyPriority(node.settings.synchronousStandbyNames, walsender.applicationName);
}

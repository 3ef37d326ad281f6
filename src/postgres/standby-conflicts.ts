/** A standby's startup process and the queries in its way: it waits for them, and after its patience tells them to go. */
import { formatLsn } from './lsn.ts';
import type { PlacedConflict } from './record-log.ts';
import { lookAgain, startConflictWait } from './recovery-conflict.ts';
import { runStartup } from './standby.ts';
import type { Transition } from './transition.ts';

const IN_THE_WAY = {
  snapshot: 'a snapshot',
  lock: 'a lock',
  bufferpin: 'a pin',
  tablespace: 'a temporary file',
} as const;

/** Reasons for which it looks again from time to time; for the others somebody wakes it. */
const NAPS: ReadonlySet<string> = new Set(['snapshot', 'tablespace']);

/** It comes to a record that conflicts with queries. */
export function meetConflict(step: Transition, name: string, placed: PlacedConflict): void {
  const node = step.node(name);
  const { startup, boot } = node;
  const { conflict: record } = placed;
  const conflict = startConflictWait(node, placed, step.at);
  step.change(name, { startup: { ...startup, conflict } });
  step.happened(
    'replayWaits',
    name,
    `${name}'s startup process waits: ${IN_THE_WAY[record.kind]} of a query is in the way of replay.`,
    { reason: record.kind, lsn: formatLsn(startup.replayLsn) },
  );
  lookForConflicts(step, name, boot);
}

/** It looks whether they are still there, if it is time to. */
export function lookForConflicts(step: Transition, name: string, boot: number): void {
  const node = step.node(name);
  const { conflict, frozen } = node.startup;
  if (node.boot !== boot || node.status !== 'up' || conflict === null || frozen) return;
  if (step.at < conflict.wakeAt) return;
  const next = lookAgain(node, conflict, step.at);
  if (next === null) {
    goOn(step, name);
    return;
  }
  step.change(name, { startup: { ...node.startup, conflict: next.wait } });
  step.schedule(next.wait.wakeAt, { kind: 'conflictWake', node: name, boot });
  for (const vxid of next.cancels)
    step.effects.push({ kind: 'recoveryConflict', node: name, vxid, reason: next.reason });
}

/** Transactions are not what they were: a lock or a pin that was waited for may be free, which is known at once. */
export function awaitRelease(step: Transition, name: string): void {
  const { conflict, frozen } = step.node(name).startup;
  if (conflict === null || frozen || NAPS.has(conflict.reason)) return;
  if (lookAgain(step.node(name), conflict, step.at) === null) goOn(step, name);
}

function goOn(step: Transition, name: string): void {
  const { startup } = step.node(name);
  step.change(name, { startup: { ...startup, conflict: null } });
  step.happened('replayGoesOn', name, `${name}'s startup process goes on: nothing is in its way.`, {
    lsn: formatLsn(startup.replayLsn),
  });
  runStartup(step, name);
}

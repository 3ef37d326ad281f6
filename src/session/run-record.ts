import { type Instant, laterOf, START } from '../sim/instant.ts';
import { type RecordedAction, RUN_RECORD_VERSION, type RunRecord } from './protocol.ts';
import type { RunSpec } from './run-spec.ts';

/** A run that nobody has touched yet. */
export const newRun = (spec: RunSpec): RunRecord => ({
  version: RUN_RECORD_VERSION,
  spec,
  actions: [],
  until: START,
});

/** The run with an action at place `index`; what had been recorded from there on is forgotten. */
export const withAction = (run: RunRecord, index: number, entry: RecordedAction): RunRecord => ({
  ...run,
  actions: [...run.actions.slice(0, index), entry],
  until: index < run.actions.length ? entry.at : laterOf(run.until, entry.at),
});

/** The run after time has passed; never shorter than it was. */
export const runUntil = (run: RunRecord, now: Instant): RunRecord =>
  now > run.until ? { ...run, until: now } : run;

/** The run just before its last action; null where there is nothing to undo. */
export function withoutLastAction(run: RunRecord): RunRecord | null {
  const last = run.actions.at(-1);
  return last ? { ...run, actions: run.actions.slice(0, -1), until: last.at } : null;
}

/**
 * The same run as if one statement had never been sent: the rest keeps its instants. What was meant for that statement
 * alone (its cancel, the end of its session) goes with it.
 */
export function withoutStatement(run: RunRecord, index: number): RunRecord {
  const removed = run.actions[index]?.action;
  if (removed?.kind !== 'sql') return run;
  const meantForIt = ({ action }: RecordedAction) =>
    (action.kind === 'cancel' || action.kind === 'terminate') &&
    action.node === removed.node &&
    action.session === removed.session;
  return {
    ...run,
    actions: run.actions.filter((entry, i) => i < index || (i > index && !meantForIt(entry))),
  };
}

/** Whether a run is another one that has gone on: the same start, and all of its actions. */
export function goesOnFrom(run: RunRecord, earlier: RunRecord): boolean {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return (
    same(run.spec, earlier.spec) &&
    run.actions.length >= earlier.actions.length &&
    earlier.actions.every((entry, i) => same(entry, run.actions[i]))
  );
}

import { expect, test } from 'vitest';
import type { Action } from '../../../src/cluster/action.ts';
import type { RunRecord } from '../../../src/session/protocol.ts';
import {
  newRun,
  runUntil,
  withAction,
  withoutLastAction,
  withoutStatement,
} from '../../../src/session/run-record.ts';
import { instant } from '../../../src/sim/instant.ts';

const sql = (session: string): Action => ({
  kind: 'sql',
  node: 'primary',
  session,
  sql: 'select 1',
});
const cancel = (session: string): Action => ({ kind: 'cancel', node: 'primary', session });
const at = (us: number, action: Action) => ({ at: instant(us), action });

const run = [at(1, sql('a')), at(2, sql('b')), at(3, cancel('a')), at(4, sql('c'))].reduce(
  (record: RunRecord, entry, index) => withAction(record, index, entry),
  newRun({ nodes: ['primary'], settings: {}, seed: 1 }),
);

test('a run grows by its actions and by the time that passes', () => {
  expect(run.actions).toHaveLength(4);
  expect(run.until).toBe(4);
  expect(runUntil(run, instant(9)).until).toBe(9);
  expect(runUntil(run, instant(3))).toBe(run);
});

test('undo takes the last action, and time goes back to its instant', () => {
  const shorter = withoutLastAction(runUntil(run, instant(9)));
  expect(shorter?.actions).toHaveLength(3);
  expect(shorter?.until).toBe(4);
  expect(withoutLastAction({ ...run, actions: [] })).toBeNull();
});

test('an action at an earlier moment forgets what came after it', () => {
  const forked = withAction(runUntil(run, instant(9)), 1, at(2, sql('z')));
  expect(forked.actions.map((entry) => entry.at)).toEqual([1, 2]);
  expect(forked.until).toBe(2);
});

test('a statement that never was takes its own cancel with it and leaves the rest where it was', () => {
  expect(withoutStatement(run, 0).actions).toEqual([at(2, sql('b')), at(4, sql('c'))]);
  expect(withoutStatement(run, 0).until).toBe(4);
  expect(withoutStatement(run, 4)).toBe(run);
});

/** What the scripts of labs are written in: events of the start, solutions and traps. Seconds count from the take-over. */
import type { Action } from '../src/cluster/action.ts';
import type { LabAction } from '../src/lab/lab-action.ts';

/** From the first moment to the last: when it is, is drawn from the seed. */
export type Between = [from: number, to: number];

/** Something is done at a moment. */
export const at = (seconds: number, action: LabAction) => ({ at: seconds, action });

/** Something befalls the cluster. */
export const event = (between: Between, action: Action) => ({ at: between, action });

/** A session sends something. */
export const sent = (node: string, session: string, sql: string) =>
  ({ kind: 'sql', node, session, sql }) as const;

/** The learner's terminal on a node. */
export const psqlOn =
  (node: string) =>
  (seconds: number, sql: string, session = 'psql') =>
    at(seconds, sent(node, session, sql));

/** The learner's terminal on the primary. */
export const psql = psqlOn('primary');

/** What the learner says. */
export const answer = (id: string, text: string, seconds = 1) =>
  at(seconds, { kind: 'answer', id, text });

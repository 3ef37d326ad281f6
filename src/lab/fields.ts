/** The parts that the fields of a lab are made of. */
import { z } from 'zod';
import type { Action } from '../cluster/action.ts';
import type { LabAction } from './lab-action.ts';

export const text = z.string().trim().min(1);
export const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens');
/** Seconds of virtual time since the learner took over. */
export const moment = z.number();
export const length = z.number().positive();

/** A range to draw from. */
export const drawn = (number: z.ZodNumber) =>
  z
    .tuple([number, number])
    .refine(([low, high]) => low <= high, 'the first must not be above the second');

/** A full schema would say what the types of a lab in TypeScript already say. What types cannot know is checked: the nodes. */
export const action = z.custom<Action>(
  (value) => typeof value === 'object' && value !== null && 'kind' in value,
  'not an action: it has no kind',
);

/** What a learner may do: an action on the cluster, or an answer. */
export const timed = z.strictObject({
  at: moment.min(0),
  action: action as z.ZodCustom<LabAction>,
});

/** `{answer:level}` in a client's SQL. */
export const PLACEHOLDER = /\{answer:([a-z][a-z0-9-]*)\}/g;

/** What the learner has chosen at a question of kind choice. */
export const choiceMade = z.strictObject({ answer: name, is: text });

/** What checks are told of a draw or a round. */
export const facts = z.record(z.string(), z.string()).default({});

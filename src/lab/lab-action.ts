import type { Action } from '../cluster/action.ts';
import { describeAction } from '../cluster/words.ts';

/**
 * What a learner gives as the answer to one of a lab's questions (`Lab.answers`): for `sql` the query, for `choice` the
 * option's id, for `number` its digits. An action of the run as any other, with its instant. The last one to a question
 * counts; an empty text takes it back.
 */
export interface AnswerGiven {
  readonly kind: 'answer';
  /** The question's. */
  readonly id: string;
  readonly text: string;
}

/** What a learner does in a lab. */
export type LabAction = Action | AnswerGiven;

/** What an action is called in the event log: a whole sentence. */
export const describeLabAction = (action: LabAction): string =>
  action.kind === 'answer' ? `You answer "${action.id}": ${action.text}` : describeAction(action);

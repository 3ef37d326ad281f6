import type { Action } from '../cluster/action.ts';

/**
 * What a learner gives as the answer to one of a lab's questions: an action of the run as any other, with its instant.
 * The last one to a question counts.
 */
export interface AnswerGiven {
  readonly kind: 'answer';
  /** The question's. */
  readonly id: string;
  readonly text: string;
}

/** What a learner does in a lab. */
export type LabAction = Action | AnswerGiven;

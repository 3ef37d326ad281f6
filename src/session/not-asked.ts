import { type Asked, noAnswer } from '../cluster/asked.ts';
import { messages } from '../cluster/messages.ts';

/** What a question is answered where no cluster runs. */
export const askedOfNobody = (node: string): Asked => noAnswer(messages.askedOfNobody(node));

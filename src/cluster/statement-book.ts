import type { Instant } from '../sim/instant.ts';
import type { StatementView } from './cluster-view.ts';
import { waitEventOf } from './flight.ts';
import { type Answer, answeredStatement, sentStatement } from './statement-answer.ts';
import type { Wait } from './wait.ts';

/** What clients sent, in order, and what they have been told of it so far. A statement's id is its place. */
export class StatementBook {
  readonly all: StatementView[] = [];

  /** A client has sent a string. */
  add(sent: Omit<Parameters<typeof sentStatement>[0], 'id'>): number {
    const id = this.all.length;
    this.all.push(sentStatement({ ...sent, id }));
    return id;
  }

  of(id: number): StatementView {
    const statement = this.all[id];
    if (!statement) throw new RangeError(`no statement ${id}`);
    return statement;
  }

  /** It begins to wait; some waits send notices first. */
  wait(id: number, wait: Wait): void {
    const { type, event } = waitEventOf(wait);
    this.all[id] = {
      ...this.of(id),
      waitEventType: type,
      waitEvent: event,
      ...(wait.kind === 'time' && wait.notices ? { notices: wait.notices } : {}),
    };
  }

  answer(id: number, answer: Answer, at: Instant): StatementView {
    const answered = answeredStatement(this.of(id), answer, at);
    this.all[id] = answered;
    return answered;
  }
}

import { between } from '../../sim/instant.ts';
import { nameOfMessage } from '../stage/message-words.ts';
import { clockTime, lengthOfTime } from '../time-words.ts';
import type { Item } from './space-time.ts';

const LONGEST_SQL = 70;

/** A shape of the space-time diagram in words: what, when, and what it came to. */
export function itemInWords(item: Item): string {
  if (item.kind === 'mark') return `${clockTime(item.event.at)}: ${item.event.words}`;
  if (item.kind === 'message') {
    const { message, state } = item;
    const { sentAt, arrivesAt } = message;
    const end =
      arrivesAt === null
        ? state === 'lost'
          ? 'lost'
          : 'held up by the cut'
        : `arrives at ${clockTime(arrivesAt)}`;
    return `${nameOfMessage(message)}: sent at ${clockTime(sentAt)}, ${end}`;
  }
  const { node, session, sql, sentAt, answeredAt, waitEvent } = item.statement;
  const text = sql.length > LONGEST_SQL ? `${sql.slice(0, LONGEST_SQL)}…` : sql;
  const end =
    answeredAt === null
      ? `not answered${waitEvent ? `, waits for ${waitEvent}` : ''}`
      : `answered after ${lengthOfTime(between(sentAt, answeredAt))}`;
  return `${clockTime(sentAt)}: session ${session} on ${node}: ${text} – ${end}`;
}

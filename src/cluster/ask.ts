import { type Asked, noAnswer } from './asked.ts';
import { messages } from './messages.ts';
import { Seat, type SeatHost } from './seat.ts';
import type { Server } from './sql-engine.ts';
import { planString } from './sql-text.ts';

/**
 * Runs a string on a copy that is thrown away afterwards, in a transaction that may only read: PostgreSQL itself refuses what
 * would write.
 */
export function ask(copy: Server, host: SeatHost, sql: string): Asked {
  const refusal = planString(sql)
    .flatMap(({ statements }) => statements)
    .find((statement) => statement.refusal !== null)?.refusal;
  if (refusal) return noAnswer(messages.limit(refusal, 'Copy to the client (STDOUT) instead.'));
  const seat = new Seat(copy, host);
  seat.run(null, 'set default_transaction_read_only = on');
  const { results, notices, error, signals, wait } = seat.run(null, sql);
  if (wait?.kind === 'lock') return noAnswer(messages.askedForLock);
  if (signals.length > 0) return noAnswer(messages.askedForChange);
  return { results, notices, error };
}

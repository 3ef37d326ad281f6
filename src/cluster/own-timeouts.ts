import type { Session } from './session.ts';
import type { ParsedStatement } from './sql-text.ts';
import type { Running, Wait, Wake } from './wait.ts';

/** Waits under the timeouts that this very string has set. */
export function* underOwnTimeouts(
  session: Session,
  statements: readonly ParsedStatement[],
  wait: Wait,
): Running<Wake> {
  const before = session.timeouts;
  const set = statements.flatMap(({ setsTimeout }) => setsTimeout ?? []);
  session.timeouts = {
    ...before,
    ...Object.fromEntries(set.map(({ name, value }) => [name, value])),
  };
  const wake = yield wait;
  session.timeouts = before;
  return wake;
}

import {
  DEFAULT_TIMEOUTS,
  PRISTINE,
  quoteLiteral,
  type SessionState,
  type SessionTimeouts,
  SUPERUSER,
} from './session.ts';
import type { ParsedStatement } from './sql-text.ts';

/** Values of the timeouts that are in force. `setting` reads one of a backend's settings, in its own unit (see `Server.setting`). */
export const timeoutsInForce = (setting: (name: string) => string | null): SessionTimeouts =>
  Object.fromEntries(
    Object.entries(DEFAULT_TIMEOUTS).map(([name, value]) => [name, Number(setting(name) ?? value)]),
  ) as unknown as SessionTimeouts;

/**
 * The session's state after statements that were plain SETs and RESETs, without asking PostgreSQL: pg_settings takes it
 * milliseconds. Null where one of them may have changed more than its text says.
 */
export function captureSets(
  before: SessionState,
  ran: readonly ParsedStatement[],
  setting: (name: string) => string | null,
): SessionState | null {
  const settings = new Map(before.settings);
  for (const { setsPlainly } of ran) {
    if (setsPlainly === null) return null;
    const { name, resets } = setsPlainly;
    const value = resets ? null : setting(name);
    if (value === null) settings.delete(name);
    else settings.set(name, value);
  }
  const inOrder = new Map([...settings].sort(([one], [other]) => (one < other ? -1 : 1)));
  return stateOf({ ...before, settings: inOrder, timeouts: timeoutsInForce(setting) });
}

/** Reads back what the session has set. One row: a JSON object; see {@link capture}. */
export const captureSql = (
  custom: ReadonlySet<string>,
): string => `select pg_catalog.json_build_object(
  'user', session_user, 'role', pg_catalog.current_setting('role'),
  'set', (select pg_catalog.json_object_agg(name, pg_catalog.current_setting(name)) from pg_catalog.pg_settings
          where source = 'session' and name not like 'transaction%' and name not in ('session_authorization', 'role')),
  'timeouts', (select pg_catalog.json_object_agg(name, setting) from pg_catalog.pg_settings
          where name in (${Object.keys(DEFAULT_TIMEOUTS).map(quoteLiteral).join(', ')})),
  'custom', pg_catalog.json_build_object(${[...custom]
    .flatMap((name) => [
      quoteLiteral(name),
      `pg_catalog.current_setting(${quoteLiteral(name)}, true)`,
    ])
    .join(', ')}))::text`;

/** The session's state from the row of {@link captureSql}, and from the statements that ran. */
export function capture(
  before: SessionState,
  row: string,
  ran: readonly ParsedStatement[],
): SessionState {
  const read = JSON.parse(row) as {
    user: string;
    role: string;
    set: Record<string, string> | null;
    timeouts: Record<keyof SessionTimeouts, string>;
    custom: Record<string, string | null>;
  };
  const settings = new Map(Object.entries(read.set ?? {}));
  for (const [name, value] of Object.entries(read.custom))
    if (value !== null) settings.set(name, value);
  if (read.role !== 'none') settings.set('role', read.role);
  const prepared = new Map(before.prepared);
  for (const statement of ran) {
    if (statement.prepares !== null)
      prepared.set(statement.prepares, {
        sql: statement.text,
        searchPath: settings.get('search_path'),
      });
    if (statement.deallocates === 'all') prepared.clear();
    else if (statement.deallocates !== null) prepared.delete(statement.deallocates);
  }
  const timeouts = Object.fromEntries(
    Object.entries(read.timeouts).map(([name, value]) => [name, Number(value)]),
  ) as unknown as SessionTimeouts;
  const custom = new Set(Object.keys(read.custom));
  return stateOf({ settings, timeouts, prepared, custom, sessionUser: read.user });
}

/** A session that has set nothing is one like all others. */
function stateOf(state: SessionState): SessionState {
  const { settings, timeouts, prepared, custom, sessionUser } = state;
  const isPristine =
    settings.size === 0 &&
    prepared.size === 0 &&
    custom.size === 0 &&
    sessionUser === SUPERUSER &&
    Object.entries(DEFAULT_TIMEOUTS).every(
      ([name, value]) => timeouts[name as keyof SessionTimeouts] === value,
    );
  return isPristine ? PRISTINE : state;
}

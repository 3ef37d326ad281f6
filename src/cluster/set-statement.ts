import { timeInMs } from './node-settings.ts';
import { DEFAULT_TIMEOUTS } from './session.ts';
import type { ParsedStatement, Tree } from './sql-text.ts';

/** SET LOCAL leaves nothing in its session, save that a timeout is in force meanwhile and a custom setting then has a name. */
export function endsWithItsBlock(node: string, body: Tree): boolean {
  if (node !== 'VariableSetStmt' || body.is_local !== true) return false;
  const name = String(body.name);
  return body.kind === 'VAR_SET_VALUE' && !(name in DEFAULT_TIMEOUTS) && !name.includes('.');
}

/** What ALTER SYSTEM's or a session's SET says: `name` null is RESET ALL, `value` null is RESET. */
export function systemChange({ kind, name, args }: Tree): {
  name: string | null;
  value: string | null;
} {
  if (kind === 'VAR_RESET_ALL') return { name: null, value: null };
  if (kind !== 'VAR_SET_VALUE') return { name: name as string, value: null };
  const values = (args as { A_Const: Record<string, Record<string, unknown>> }[]).map(
    ({ A_Const: constant }) => {
      const [kindOfValue, wrapped] = Object.entries(constant)[0] as [
        string,
        Record<string, unknown>,
      ];
      return String(wrapped[kindOfValue] ?? (kindOfValue === 'ival' ? 0 : ''));
    },
  );
  return { name: name as string, value: values.join(', ') };
}

/** Settings whose value in memory is all that there is to them: no other follows from it, and nobody's rights. */
const PLAIN_SETTINGS = new Set([
  ...Object.keys(DEFAULT_TIMEOUTS),
  'application_name',
  'synchronous_commit',
]);

export function plainSetOf(node: string, body: Tree): ParsedStatement['setsPlainly'] {
  const { name, kind, is_local } = body as { name?: string; kind?: string; is_local?: boolean };
  if (node !== 'VariableSetStmt' || is_local || name === undefined) return null;
  if (!PLAIN_SETTINGS.has(name)) return null;
  if (kind === 'VAR_SET_VALUE') return { name, resets: false };
  return kind === 'VAR_SET_DEFAULT' || kind === 'VAR_RESET' ? { name, resets: true } : null;
}

/** SET lock_timeout = … and the like, of which a wait in the same string must know. */
export function timeoutOf(node: string, body: Tree): { name: string; value: number } | null {
  if (node !== 'VariableSetStmt' || body.kind !== 'VAR_SET_VALUE') return null;
  const { name, value } = systemChange(body);
  if (name === null || value === null || !(name in DEFAULT_TIMEOUTS)) return null;
  const milliseconds = timeInMs(value);
  return milliseconds === null ? null : { name, value: milliseconds };
}

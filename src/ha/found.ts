import type { PostgresFacts } from './postgres-port.ts';

/** How a client finds a node. */
export type Found = 'primary' | 'waiting' | 'replica' | 'starting' | 'down';

/**
 * How a server is found now. Whether a primary's client waits is seen when it writes: `acknowledged` says what came of that;
 * null: it has not written since `before`.
 */
export function foundAs(
  { status, inRecovery }: Pick<PostgresFacts, 'status' | 'inRecovery'>,
  before: Found | undefined,
  acknowledged: boolean | null,
): Found {
  if (status === 'starting') return 'starting';
  if (status !== 'up') return 'down';
  if (inRecovery) return 'replica';
  if (acknowledged === null) return before === 'waiting' ? 'waiting' : 'primary';
  return acknowledged ? 'primary' : 'waiting';
}

/** Table-level lock modes from 1 on (lockdefs.h), weakest first, as pg_locks names them. */
export const LOCK_MODES = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
] as const;

/** By mode, the weakest mode that it conflicts with. It conflicts with all stronger ones too; only Share admits its own kind. */
const WEAKEST_CONFLICT = [8, 7, 5, 4, 3, 3, 2, 1] as const;

/** Whether two lock modes on one table exclude each other (LockConflicts, lock.c). */
export function modesConflict(one: string, other: string): boolean {
  const modes: readonly string[] = LOCK_MODES;
  const [first, second] = [modes.indexOf(one), modes.indexOf(other)];
  const weakest = WEAKEST_CONFLICT[first];
  if (weakest === undefined || (one === 'ShareLock' && other === one)) return false;
  return second + 1 >= weakest;
}

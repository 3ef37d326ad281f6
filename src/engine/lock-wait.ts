import type { BackendWait } from '../cluster/sql-engine.ts';
import { LOCK_MODES } from '../postgres/lock-modes.ts';
import type { Instance } from './instance.ts';

/** Wait events of class Lock in the order of LockTagType (lock.h), as pg_stat_activity names them. */
const LOCK_EVENTS = [
  'relation',
  'extend',
  'frozenid',
  'page',
  'tuple',
  'transactionid',
  'virtualxid',
  'spectoken',
  'object',
  'userlock',
  'advisory',
  'applytransaction',
] as const;

/** What the backend waits for, read from MyProc->waitLock (proc.h) and the LOCKTAG that a lock begins with (locktag.h). */
export function lockWait(instance: Instance, lockType: number): BackendWait {
  const { memory, addresses, exports } = instance;
  const word = (address: number): number => memory.getUint32(address, true);
  const proc = word(exports.MyProc.value);
  const tag = word(proc + addresses.procWaitLock);
  const mode = word(proc + addresses.procWaitLockMode);
  const event = LOCK_EVENTS[lockType] ?? `locktype ${lockType}`;
  return {
    kind: 'lock',
    event,
    xid: event === 'transactionid' ? word(tag) : null,
    relation: event === 'relation' || event === 'tuple' ? word(tag + 4) : null,
    mode: LOCK_MODES[mode - 1] ?? null,
  };
}

import type { Addresses } from '../addresses.ts';
import type { Instance } from '../instance.ts';
import type { RecoveryAddresses } from './recovery-addresses.ts';

/** What is known before a server is probed; zeros stand for what is not. */
export const beforeProbing = (recovery: RecoveryAddresses): Addresses => ({
  ...recovery,
  insertBytePosition: 8, // behind a spinlock at the beginning of XLogCtlData (xlog.c)
  procXid: 0,
  procWaitLock: 0,
  procWaitLockMode: 0,
});

/** Bytes of a PGPROC that are looked through; the struct is some 900 bytes long (proc.h). */
const PROC_SIZE = 800;

/** LOCKTAG_TRANSACTION and DEFAULT_LOCKMETHOD (lock.h) as they end a LOCKTAG's third and fourth words. */
const TRANSACTION_TAG_END = 0x0105_0000;

const SHARE_LOCK = 5;

/** How the probe runs SQL: each of them must succeed, or end as told. */
export type Run = (sql: string, onLockWait?: () => void) => (string | null)[][];

/**
 * Finds fields of PGPROC by what they hold: the xid of the transaction in progress, and the lock that is waited for.
 * Leaves a prepared transaction's traces in the WAL, so it must run in a server that is thrown away.
 */
export function probe(instance: Instance, run: Run): Addresses {
  const { memory } = instance;
  const proc = memory.getUint32(instance.exports.MyProc.value, true);
  const word = (address: number): number => memory.getUint32(address, true);
  const offsets = Array.from({ length: PROC_SIZE / 4 }, (_, i) => i * 4);
  const only = (what: string, found: readonly number[]): number => {
    const [offset] = found;
    if (offset === undefined || found.length > 1) {
      throw new Error(
        `PGPROC's ${what} is not where one word says so, but at [${found.join(', ')}]`,
      );
    }
    return offset;
  };
  const holding = (value: number): number[] => offsets.filter((at) => word(proc + at) === value);

  run('create table probe (id int); insert into probe values (1)');
  run('begin');
  const first = Number(run('select pg_current_xact_id()')[0]?.[0]);
  const candidates = holding(first);
  run('update probe set id = 2; prepare transaction $$probe$$'.replaceAll('$$', "'"));
  const xid = only(
    'xid',
    candidates.filter((at) => word(proc + at) === 0),
  );

  let waitLock: number | null = null;
  run('update probe set id = 3', () => {
    waitLock = only(
      'waitLock',
      offsets.filter((at) => {
        const lock = word(proc + at);
        const inMemory = lock > 0 && lock % 4 === 0 && lock + 16 < memory.byteLength;
        return (
          inMemory &&
          word(lock) === first &&
          word(lock + 12) === TRANSACTION_TAG_END &&
          word(proc + at + 8) === SHARE_LOCK
        );
      }),
    );
  });
  if (waitLock === null) throw new Error('an UPDATE of a locked row did not wait for the lock');
  return {
    ...instance.addresses,
    procXid: xid,
    procWaitLock: waitLock,
    procWaitLockMode: waitLock + 8,
  };
}

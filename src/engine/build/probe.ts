import type { Addresses } from '../addresses.ts';
import type { Instance } from '../instance.ts';
import { SyncRepState } from '../sync-rep-wait.ts';
import { findProcArray, SLOT_XMIN_OFFSET } from './proc-array.ts';
import type { RecoveryAddresses } from './recovery-addresses.ts';
import type { StackAddress } from './stack-address.ts';

/** What the binary's code tells. */
export type CodeAddresses = RecoveryAddresses & StackAddress;

/** What is known before a server is probed; zeros stand for what is not. */
export const beforeProbing = (code: CodeAddresses): Addresses => ({
  ...code,
  insertBytePosition: 8, // behind a spinlock at the beginning of XLogCtlData (xlog.c)
  procArray: 0,
  slotXmin: SLOT_XMIN_OFFSET,
  procXid: 0,
  procWaitLock: 0,
  procWaitLockMode: 0,
  procSyncRepState: 0,
});

/** Bytes of a PGPROC that are looked through; the struct is some 900 bytes long (proc.h). */
const PROC_SIZE = 800;

/** LOCKTAG_TRANSACTION and DEFAULT_LOCKMETHOD (lock.h) as they make up a LOCKTAG's fourth word. */
const TRANSACTION_TAG_END = 0x0105_0000;

const SHARE_LOCK = 5;

/** Runs SQL that must succeed, or, where it may, wait for a lock and give up. */
export type Run = (sql: string, onLockWait?: () => void) => (string | null)[][];

/**
 * Finds fields of PGPROC by what they hold: the xid of the transaction in progress, the lock that is waited for, the wait
 * for synchronous standbys. Leaves traces in the data, so it must run in a server that is thrown away.
 */
export function probe(instance: Instance, run: Run): Addresses {
  const { memory, exports } = instance;
  const procArray = findProcArray(instance);
  const proc = memory.getUint32(exports.MyProc.value, true);
  const word = (address: number): number => memory.getUint32(address, true);
  const offsets = Array.from({ length: PROC_SIZE / 4 }, (_, i) => i * 4);

  run('create table probe (id int); insert into probe values (1)');
  run('begin');
  const first = Number(run('select pg_current_xact_id()')[0]?.[0]);
  const holdingXid = offsets.filter((at) => word(proc + at) === first);
  run("update probe set id = 2; prepare transaction 'probe'");
  const emptied = holdingXid.filter((at) => word(proc + at) === 0);

  const isTransactionLock = (lock: number): boolean =>
    lock > 0 &&
    lock % 4 === 0 &&
    lock + 16 < memory.byteLength &&
    word(lock) === first &&
    word(lock + 12) === TRANSACTION_TAG_END;
  let waitLocks: number[] = [];
  run('update probe set id = 3', () => {
    waitLocks = offsets.filter(
      (at) => isTransactionLock(word(proc + at)) && word(proc + at + 8) === SHARE_LOCK,
    );
  });

  const isSyncRepWait = (state: number): boolean =>
    word(state) === SyncRepState.waiting &&
    word(state + 4) === word(state + 8) &&
    memory.getBigUint64(state - 8, true) === exports.GetFlushRecPtr(0);
  let syncRepStates: number[] = [];
  run("alter system set synchronous_standby_names = '*'");
  instance.reloadConfiguration();
  instance.glance = () => {
    syncRepStates = offsets.filter((at) => isSyncRepWait(proc + at));
  };
  run('create table waits ()');

  const waitLock = only('waitLock', waitLocks);
  return {
    ...instance.addresses,
    procArray,
    procXid: only('xid', emptied),
    procWaitLock: waitLock,
    procWaitLockMode: waitLock + 8,
    procSyncRepState: only('syncRepState', syncRepStates),
  };
}

function only(field: string, found: readonly number[]): number {
  const [offset] = found;
  if (offset === undefined || found.length > 1) {
    throw new Error(`cannot tell where PGPROC has its ${field}: offsets [${found.join(', ')}]`);
  }
  return offset;
}

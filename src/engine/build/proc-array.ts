import type { Instance } from '../instance.ts';

/** PGPROC_MAX_CACHED_SUBXIDS and one more: how many transaction ids of one process a standby keeps track of (procarray.c). */
const XIDS_OF_A_PROCESS = 65;

/** Words of ProcArrayStruct before `replication_slot_xmin`: numProcs, maxProcs, maxKnownAssignedXids, … (procarray.c). */
export const SLOT_XMIN_OFFSET = 7 * 4;

/**
 * The address of `procArray` (procarray.c), a pointer to shared memory. Found by what the struct holds in a server in which
 * nothing runs: one process, room for some hundred, 65 transaction ids for each of them, and no slot's xmin.
 */
export function findProcArray({ memory }: Instance): number {
  const word = (address: number): number => memory.getUint32(address, true);
  const isProcArray = (address: number): boolean => {
    const processes = word(address);
    const most = word(address + 4);
    if (processes < 1 || processes >= most || most > 1000) return false;
    if (word(address + 8) !== XIDS_OF_A_PROCESS * most) return false;
    return [6, 7, 8].every((index) => word(address + 4 * index) === 0);
  };
  const words = { length: memory.byteLength / 4 - 16 };
  const structs = Array.from(words, (_, index) => index * 4).filter(isProcArray);
  const [struct] = structs;
  if (struct === undefined || structs.length > 1)
    throw new Error(`cannot tell where the proc array is: addresses [${structs.join(', ')}]`);
  // Its own variable comes before the heap; another copy of the pointer is in the index of shared memory.
  const pointer = Array.from(words, (_, index) => index * 4).find(
    (address) => word(address) === struct,
  );
  if (pointer === undefined) throw new Error('nothing points to the proc array');
  return pointer;
}

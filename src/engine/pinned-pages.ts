import { FIRST_USER_OID } from '../cluster/sql-engine.ts';
import type { Page } from '../postgres/wal/conflict-records.ts';
import type { Instance } from './instance.ts';

/** BufferDesc (buf_internals.h): a BufferTag, the buffer's own number, and its state, with the count of pins in its lower bits. */
const DESCRIPTOR_SIZE = 64;
const Field = { relNumber: 8, fork: 12, block: 16, state: 24 } as const;
const REFCOUNT_MASK = 0x3ffff;
const MAIN_FORK = 0;

/** The pages of users' relations that the backend has pinned: those that its open cursors stand on. Reads memory alone. */
export function pinnedPages({ memory, exports }: Instance): readonly Page[] {
  const descriptors = memory.getUint32(exports.BufferDescriptors.value, true);
  const count = memory.getInt32(exports.NBuffers.value, true);
  const pages: Page[] = [];
  for (let at = descriptors; at < descriptors + count * DESCRIPTOR_SIZE; at += DESCRIPTOR_SIZE) {
    const word = (field: number): number => memory.getUint32(at + field, true);
    if ((word(Field.state) & REFCOUNT_MASK) === 0) continue;
    const relNumber = word(Field.relNumber);
    if (relNumber >= FIRST_USER_OID && word(Field.fork) === MAIN_FORK)
      pages.push({ relNumber, block: word(Field.block) });
  }
  return pages;
}

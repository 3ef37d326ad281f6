/** Slots at a checkpoint: saved, and those that ask for too much let go of. */
import type { Lsn } from './lsn.ts';
import { saveSlots } from './replication-slots.ts';
import { invalidateSlots, obsoleteSlots, oldestKept } from './slot-retention.ts';
import type { Transition } from './transition.ts';
import { endWalsender } from './upstream.ts';

/**
 * What a checkpoint does to slots, whose redo point is given: saves them, and invalidates those that ask for more WAL than
 * they may, or were idle for too long. A walsender that uses one is terminated first.
 */
export function checkpointSlots(step: Transition, name: string, redoLsn: Lsn): void {
  const saved = saveSlots(step.node(name).slots);
  const { settings, wal, walsenders } = step.change(name, { slots: saved });
  const oldest = oldestKept(redoLsn, wal.insertLsn, saved, settings);
  const obsolete = obsoleteSlots(saved, oldest, settings, step.at);
  if (obsolete.length === 0) return;
  for (const { slot, reason, detail } of obsolete) {
    const user = walsenders.find(({ connection }) => connection === slot.connection);
    if (user) endWalsender(step, name, user, `it must release replication slot "${slot.name}"`);
    const words = `${name}: invalidating obsolete replication slot "${slot.name}". ${detail}`;
    step.happened('slotInvalidated', name, words, { slot: slot.name, reason });
  }
  step.change(name, { slots: invalidateSlots(step.node(name).slots, obsolete) });
}

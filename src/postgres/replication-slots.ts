/**
 * Physical replication slots of a node: what they keep, for whom, and since when nobody uses them. Follows slot.c and
 * slotfuncs.c. A slot's file is written when it is made and at checkpoints: after a crash it stands where it stood then.
 */
import type { Instant } from '../sim/instant.ts';
import type { Lsn } from './lsn.ts';

/** Why a slot keeps nothing any more, as in pg_replication_slots.invalidation_reason. */
export type InvalidationReason = 'wal_removed' | 'idle_timeout';

export interface ReplicationSlot {
  readonly name: string;
  /** The oldest WAL that its user may still need; null while it reserves nothing. */
  readonly restartLsn: Lsn | null;
  /**
   * The oldest transaction id whose row versions its user's queries may still need (hot_standby_feedback); null where
   * nobody has said. It stays when the user is gone.
   */
  readonly xmin: number | null;
  /** What its file says of the two above: as of its making, or the last checkpoint. */
  readonly saved: Pick<ReplicationSlot, 'restartLsn' | 'xmin'>;
  /** The connection of the walsender that uses it; null: inactive. */
  readonly connection: number | null;
  /** Null while it is used. */
  readonly inactiveSince: Instant | null;
  readonly invalidation: InvalidationReason | null;
}

export type Slots = readonly ReplicationSlot[];

/** pg_create_physical_replication_slot(); `restartLsn` where it reserves WAL at once. The caller has checked the name. */
export function createSlot(slots: Slots, name: string, restartLsn: Lsn | null, at: Instant): Slots {
  if (slots.some((slot) => slot.name === name)) return slots;
  const slot: ReplicationSlot = {
    name,
    restartLsn,
    xmin: null,
    saved: { restartLsn, xmin: null },
    connection: null,
    inactiveSince: at,
    invalidation: null,
  };
  return [...slots, slot];
}

/** pg_drop_replication_slot(). A slot in use stays. */
export function dropSlot(slots: Slots, name: string): Slots {
  return slots.filter((slot) => slot.name !== name || slot.connection !== null);
}

/** pg_replication_slot_advance(), which holds the slot for a moment. */
export function advanceSlot(slots: Slots, name: string, to: Lsn, at: Instant): Slots {
  return changed(slots, name, (slot) => ({ ...slot, restartLsn: to, inactiveSince: at }));
}

/** Why a walsender may not use a slot, in PostgreSQL's words; null where it may. `pidOf` tells a connection's process. */
export function slotRefusal(
  slots: Slots,
  name: string,
  pidOf: (connection: number) => number,
): string | null {
  const slot = slots.find((one) => one.name === name);
  if (!slot) return `replication slot "${name}" does not exist`;
  if (slot.connection !== null)
    return `replication slot "${name}" is active for PID ${pidOf(slot.connection)}`;
  if (slot.invalidation !== null) return `can no longer access replication slot "${name}"`;
  return null;
}

/** ReplicationSlotAcquire. */
export function acquireSlot(slots: Slots, name: string, connection: number): Slots {
  return changed(slots, name, (slot) => ({ ...slot, connection, inactiveSince: null }));
}

/** ReplicationSlotRelease: the walsender of a connection is gone. What the slot keeps, it keeps. */
export function releaseSlot(slots: Slots, connection: number, at: Instant): Slots {
  return slots.some((slot) => slot.connection === connection)
    ? slots.map((slot) =>
        slot.connection === connection ? { ...slot, connection: null, inactiveSince: at } : slot,
      )
    : slots;
}

/** PhysicalConfirmReceivedLocation: the standby behind a connection has flushed up to here, and needs what comes after. */
export function confirmReceived(slots: Slots, connection: number, flushLsn: Lsn): Slots {
  const used = slots.find((slot) => slot.connection === connection);
  if (!used || used.restartLsn === flushLsn || flushLsn === 0) return slots;
  return changed(slots, used.name, (slot) => ({ ...slot, restartLsn: flushLsn }));
}

/**
 * PhysicalReplicationSlotNewXmin: what hot_standby_feedback of the standby behind a connection says; null takes it back.
 * It never goes to an older one.
 */
export function setSlotXmin(slots: Slots, connection: number, xmin: number | null): Slots {
  const used = slots.find((slot) => slot.connection === connection);
  if (!used || (used.xmin !== null && xmin !== null && xmin <= used.xmin)) return slots;
  if (used.xmin === xmin) return slots;
  return changed(slots, used.name, (slot) => ({ ...slot, xmin }));
}

/** CheckPointReplicationSlots: every slot's file says what the slot says. */
export function saveSlots(slots: Slots): Slots {
  return slots.map((slot) => {
    const { restartLsn, xmin, saved } = slot;
    return saved.restartLsn === restartLsn && saved.xmin === xmin
      ? slot
      : { ...slot, saved: { restartLsn, xmin } };
  });
}

/** StartupReplicationSlots: what the files say, and nobody uses them. */
export function restoreSlots(slots: Slots, at: Instant): Slots {
  return slots.map((slot) => ({ ...slot, ...slot.saved, connection: null, inactiveSince: at }));
}

/** XLogGetReplicationSlotMinimumLSN: the oldest WAL that a slot keeps; null where none keeps any. */
export function minimumLsn(slots: Slots): Lsn | null {
  let oldest: Lsn | null = null;
  for (const { restartLsn, invalidation } of slots)
    if (restartLsn !== null && invalidation === null && (oldest === null || restartLsn < oldest))
      oldest = restartLsn;
  return oldest;
}

function changed(
  slots: Slots,
  name: string,
  change: (slot: ReplicationSlot) => ReplicationSlot,
): Slots {
  return slots.map((slot) => (slot.name === name ? change(slot) : slot));
}

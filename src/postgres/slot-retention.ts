/** How much WAL a node keeps for others, and what becomes of slots that ask for more. Follows xlog.c and slot.c. */
import { type Instant, seconds } from '../sim/instant.ts';
import { formatLsn, type Lsn } from './lsn.ts';
import type { ReplicationSettings } from './replication-settings.ts';
import {
  type InvalidationReason,
  minimumLsn,
  type ReplicationSlot,
  type Slots,
} from './replication-slots.ts';
import { startOfSegment, WAL_SEGMENT_SIZE } from './wal/page.ts';

type Limits = Pick<
  ReplicationSettings,
  'maxSlotWalKeepSize' | 'walKeepSize' | 'maxWalSize' | 'idleReplicationSlotTimeout'
>;

/** As in pg_replication_slots. */
export type WalStatus = 'reserved' | 'extended' | 'unreserved' | 'lost';

const wholeSegments = (bytes: number): number => Math.floor(bytes / WAL_SEGMENT_SIZE);

/**
 * KeepLogSeg: the start of the oldest segment that must stay, where WAL now ends at `end` and nothing before `needed`
 * is needed for the node's own recovery.
 */
export function oldestKept(needed: Lsn, end: Lsn, slots: Slots, limits: Limits): Lsn {
  const current = startOfSegment(end);
  let oldest = current;
  const slotLsn = minimumLsn(slots);
  if (slotLsn !== null && slotLsn < end) {
    oldest = startOfSegment(slotLsn);
    const most = wholeSegments(limits.maxSlotWalKeepSize) * WAL_SEGMENT_SIZE;
    if (limits.maxSlotWalKeepSize >= 0) oldest = Math.max(oldest, current - most) as Lsn;
  }
  const least = wholeSegments(limits.walKeepSize) * WAL_SEGMENT_SIZE;
  oldest = Math.min(oldest, Math.max(current - least, 0)) as Lsn;
  return Math.min(oldest, startOfSegment(needed)) as Lsn;
}

/** A slot that a checkpoint invalidates, and what the server's log says of it. */
export interface Invalidation {
  readonly slot: ReplicationSlot;
  readonly reason: InvalidationReason;
  readonly detail: string;
  readonly hint: string;
}

/** InvalidateObsoleteReplicationSlots at a checkpoint that would remove all WAL before `oldest`. */
export function obsoleteSlots(
  slots: Slots,
  oldest: Lsn,
  { idleReplicationSlotTimeout }: Limits,
  at: Instant,
): readonly Invalidation[] {
  return slots.flatMap((slot): Invalidation[] => {
    const { restartLsn, invalidation, inactiveSince } = slot;
    if (restartLsn === null || invalidation !== null) return [];
    if (restartLsn < oldest) {
      const beyond = oldest - restartLsn;
      return [
        {
          slot,
          reason: 'wal_removed',
          detail: `The slot's restart_lsn ${formatLsn(restartLsn)} exceeds the limit by ${beyond} ${beyond === 1 ? 'byte' : 'bytes'}.`,
          hint: 'You might need to increase "max_slot_wal_keep_size".',
        },
      ];
    }
    const idle = inactiveSince === null ? 0 : at - inactiveSince;
    if (idleReplicationSlotTimeout === 0 || idle <= idleReplicationSlotTimeout) return [];
    return [
      {
        slot,
        reason: 'idle_timeout',
        detail: `The slot's idle time of ${inSeconds(idle)}s exceeds the configured "idle_replication_slot_timeout" duration of ${inSeconds(idleReplicationSlotTimeout)}s.`,
        hint: 'You might need to increase "idle_replication_slot_timeout".',
      },
    ];
  });
}

/** The slots once these are invalidated: those whose WAL goes know no position any more. */
export function invalidateSlots(slots: Slots, obsolete: readonly Invalidation[]): Slots {
  return slots.map((slot) => {
    const found = obsolete.find((one) => one.slot.name === slot.name);
    if (!found) return slot;
    const restartLsn = found.reason === 'wal_removed' ? null : slot.restartLsn;
    const { xmin } = slot;
    return { ...slot, restartLsn, saved: { restartLsn, xmin }, invalidation: found.reason };
  });
}

/** What pg_replication_slots says of a slot's WAL, where the node has written up to `writeLsn` and kept from `oldest` on. */
export function walOfSlot(
  slot: ReplicationSlot,
  slots: Slots,
  { oldest, writeLsn }: { readonly oldest: Lsn; readonly writeLsn: Lsn },
  limits: Limits,
): { readonly walStatus: WalStatus | null; readonly safeWalSize: number | null } {
  const walStatus = statusOf(slot, slots, oldest, writeLsn, limits);
  if (walStatus === null || walStatus === 'lost' || limits.maxSlotWalKeepSize < 0)
    return { walStatus, safeWalSize: null };
  const kept = Math.max(
    wholeSegments(limits.maxSlotWalKeepSize),
    wholeSegments(limits.walKeepSize),
  );
  const fails = startOfSegment(slot.restartLsn ?? (0 as Lsn)) + (kept + 1) * WAL_SEGMENT_SIZE;
  return { walStatus, safeWalSize: fails - writeLsn };
}

/** GetWALAvailability. */
function statusOf(
  { restartLsn, invalidation, connection }: ReplicationSlot,
  slots: Slots,
  oldest: Lsn,
  writeLsn: Lsn,
  limits: Limits,
): WalStatus | null {
  if (invalidation !== null) return 'lost';
  if (restartLsn === null) return null;
  const segment = startOfSegment(restartLsn);
  if (segment >= oldestKept(writeLsn, writeLsn, slots, limits)) {
    const usual = (wholeSegments(limits.maxWalSize) + 1) * WAL_SEGMENT_SIZE;
    return segment >= startOfSegment(writeLsn) - usual ? 'reserved' : 'extended';
  }
  if (segment >= oldest) return 'unreserved';
  return connection === null ? 'lost' : 'unreserved';
}

const inSeconds = (length: number): number => Math.floor(length / seconds(1));

import { describe, expect, it } from 'vitest';
import { type Lsn, lsn } from '../../../src/postgres/lsn.ts';
import { DEFAULT_SETTINGS } from '../../../src/postgres/replication-settings.ts';
import {
  acquireSlot,
  advanceSlot,
  confirmReceived,
  createSlot,
  dropSlot,
  releaseSlot,
  restoreSlots,
  type Slots,
  saveSlots,
  setSlotXmin,
  slotRefusal,
} from '../../../src/postgres/replication-slots.ts';
import {
  invalidateSlots,
  obsoleteSlots,
  oldestKept,
  walOfSlot,
} from '../../../src/postgres/slot-retention.ts';
import { type Instant, instant, seconds } from '../../../src/sim/instant.ts';

const MB = 2 ** 20;
/** A position so many megabytes in, and a little further. */
const at = (megabytes: number): Lsn => lsn(megabytes * MB + 88);
const now = (second: number): Instant => instant(seconds(second));
const limits = (megabytes: number, more: Partial<typeof DEFAULT_SETTINGS> = {}) => ({
  ...DEFAULT_SETTINGS,
  maxSlotWalKeepSize: megabytes * MB,
  maxWalSize: 4 * MB,
  ...more,
});
const pidOf = (connection: number) => 1000 + connection;
const only = (slots: Slots) => slots[0] as Slots[number];

describe('a physical slot', () => {
  const reserved = createSlot([], 'kitchen', at(3), now(1));

  it('keeps nothing before it is used, unless it reserves at once', () => {
    expect(only(createSlot([], 'kitchen', null, now(1))).restartLsn).toBeNull();
    expect(only(reserved).restartLsn).toBe(at(3));
  });

  it('follows what its standby has flushed, and stays when the standby is gone', () => {
    const used = confirmReceived(acquireSlot(reserved, 'kitchen', 7), 7, at(5));
    expect(only(used)).toMatchObject({ restartLsn: at(5), connection: 7, inactiveSince: null });
    const left = releaseSlot(used, 7, now(9));
    expect(only(left)).toMatchObject({
      restartLsn: at(5),
      connection: null,
      inactiveSince: now(9),
    });
  });

  it('is refused to a second walsender, cannot be dropped while used, and is known by its name', () => {
    const used = acquireSlot(reserved, 'kitchen', 7);
    expect(slotRefusal(used, 'kitchen', pidOf)).toBe(
      'replication slot "kitchen" is active for PID 1007',
    );
    expect(dropSlot(used, 'kitchen')).toHaveLength(1);
    expect(slotRefusal(used, 'bar', pidOf)).toBe('replication slot "bar" does not exist');
    expect(slotRefusal(reserved, 'kitchen', pidOf)).toBeNull();
    expect(dropSlot(reserved, 'kitchen')).toHaveLength(0);
  });

  it('goes back in a crash to what the last checkpoint saved, xmin included', () => {
    const used = acquireSlot(reserved, 'kitchen', 7);
    const saved = saveSlots(setSlotXmin(confirmReceived(used, 7, at(5)), 7, 770));
    const further = setSlotXmin(confirmReceived(saved, 7, at(8)), 7, 790);
    expect(only(restoreSlots(further, now(20)))).toMatchObject({
      restartLsn: at(5),
      xmin: 770,
      connection: null,
      inactiveSince: now(20),
    });
  });

  it('that is advanced counts as used at that moment', () => {
    expect(only(advanceSlot(reserved, 'kitchen', at(6), now(30)))).toMatchObject({
      restartLsn: at(6),
      inactiveSince: now(30),
    });
  });
});

describe('what stays in pg_wal', () => {
  const slots = createSlot([], 'kitchen', at(3), now(1));

  it('is all that a slot needs where there is no limit', () => {
    expect(oldestKept(at(90), at(90), slots, DEFAULT_SETTINGS)).toBe(3 * MB);
  });

  it('is what the limit allows, counted in whole segments back from the present one', () => {
    expect(oldestKept(at(90), at(90), slots, limits(4))).toBe(86 * MB);
  });

  it('is never less than wal_keep_size, nor than recovery needs', () => {
    const guess = { ...DEFAULT_SETTINGS, walKeepSize: 6 * MB };
    expect(oldestKept(at(90), at(90), [], guess)).toBe(84 * MB);
    expect(oldestKept(at(88), at(90), [], DEFAULT_SETTINGS)).toBe(88 * MB);
    expect(oldestKept(at(3), at(3), [], guess)).toBe(0);
  });

  it('does not include what an invalidated slot would like', () => {
    const obsolete = obsoleteSlots(slots, lsn(86 * MB), limits(4), now(2));
    expect(oldestKept(at(90), at(90), invalidateSlots(slots, obsolete), limits(4))).toBe(90 * MB);
  });
});

describe('wal_status', () => {
  const of = (slots: Slots, end: number, oldest: number, size: number) =>
    walOfSlot(only(slots), slots, { oldest: lsn(oldest * MB), writeLsn: at(end) }, limits(size));
  const slots = createSlot([], 'kitchen', at(3), now(1));

  it('goes from reserved over extended and unreserved to lost', () => {
    expect(of(slots, 6, 3, -1)).toEqual({ walStatus: 'reserved', safeWalSize: null });
    expect(of(slots, 9, 3, -1).walStatus).toBe('extended');
    expect(of(slots, 9, 3, 8)).toEqual({ walStatus: 'extended', safeWalSize: 3 * MB - 88 });
    expect(of(slots, 9, 3, 4)).toEqual({ walStatus: 'unreserved', safeWalSize: -MB - 88 });
    expect(of(slots, 9, 5, 4)).toEqual({ walStatus: 'lost', safeWalSize: null });
    expect(of(acquireSlot(slots, 'kitchen', 7), 9, 5, 4).walStatus).toBe('unreserved');
    const lazy = createSlot([], 'kitchen', null, now(1));
    expect(of(lazy, 9, 3, -1)).toEqual({ walStatus: null, safeWalSize: null });
  });
});

describe('a checkpoint', () => {
  const slots = createSlot([], 'kitchen', at(3), now(1));

  it('invalidates a slot whose WAL goes, and says by how much it is beyond the limit', () => {
    const [obsolete] = obsoleteSlots(slots, lsn(5 * MB), limits(4), now(2));
    expect(obsolete).toMatchObject({
      reason: 'wal_removed',
      detail: `The slot's restart_lsn 0/300058 exceeds the limit by ${2 * MB - 88} bytes.`,
    });
    expect(only(invalidateSlots(slots, obsolete ? [obsolete] : []))).toMatchObject({
      restartLsn: null,
      invalidation: 'wal_removed',
    });
  });

  it('invalidates a slot that was idle for too long, but none that keeps nothing', () => {
    const timeout = limits(-1, { idleReplicationSlotTimeout: seconds(60) });
    expect(obsoleteSlots(slots, lsn(0), timeout, now(61))).toEqual([]);
    expect(obsoleteSlots(slots, lsn(0), timeout, now(63))[0]?.detail).toBe(
      'The slot\'s idle time of 62s exceeds the configured "idle_replication_slot_timeout" duration of 60s.',
    );
    const lazy = createSlot([], 'kitchen', null, now(1));
    expect(obsoleteSlots(lazy, lsn(0), timeout, now(900))).toEqual([]);
    expect(obsoleteSlots(acquireSlot(slots, 'kitchen', 7), lsn(0), timeout, now(900))).toEqual([]);
  });
});

/**
 * Recovery conflicts: queries of a hot standby that stand in the way of replay. Follows standby.c
 * (ResolveRecoveryConflictWithSnapshot, …WithTablespace, …WithLock, …WithBufferPin, …WithVirtualXIDs, GetStandbyLimitTime).
 * Simplified: of pins, those of open cursors are known, and not those that a statement takes and leaves while it runs.
 */
import { after, type Duration, type Instant, ms, seconds } from '../sim/instant.ts';
import type { Lsn } from './lsn.ts';
import { type PlacedConflict, transactionsAt } from './record-log.ts';
import { type NodeState, type ReplicationState, recordsOf } from './replication-state.ts';
import type { ConflictRecord, Page } from './wal/conflict-records.ts';

/** A transaction of a standby's session: a block that is open, or a statement outside of one. */
export interface StandbyTransaction {
  /** Names it: its virtual transaction id. */
  readonly vxid: string;
  /** Of its snapshot; null while it has none. */
  readonly xmin: number | null;
  /** Relations that it holds any lock on. */
  readonly relations: readonly number[];
  /** Pages that its cursors stand on. */
  readonly pins: readonly Page[];
  /** Tablespaces that it has temporary files in. */
  readonly spills: readonly number[];
}

/**
 * Why a standby's transaction is in the way, by the columns of pg_stat_database_conflicts. `deadlock`: it may wait for a lock
 * of replay, while replay waits for it.
 */
export type ConflictReason = ConflictRecord['kind'] | 'deadlock';

/** How many queries replay has cancelled, by reason. */
export type ConflictCounts = Readonly<Record<ConflictReason, number>>;

/** The startup process waits before a record until transactions that conflict with it are gone. */
export interface ConflictWait {
  readonly reason: ConflictRecord['kind'];
  /** Where the record ends. */
  readonly end: Lsn;
  /** The page that it wants to itself. */
  readonly page: Page | null;
  /** Relations that it queues to lock: nobody else gets a lock on them meanwhile. */
  readonly relations: readonly number[];
  /** Those that were in the way when it began to wait, in order. */
  readonly waitlist: readonly string[];
  readonly since: Instant;
  /** Its patience ends here; null for never. Settings that change meanwhile are read when it goes on. */
  readonly limit: Instant | null;
  /** When it looks for a deadlock with them (deadlock_timeout), where it waits for a lock or a pin; Infinity for never. */
  readonly deadlockCheckAt: Instant;
  /** How long it sleeps next before it looks again: it looks less and less often. */
  readonly nap: Duration;
  readonly wakeAt: Instant;
}

/** When and how the WAL that is being replayed came here (GetXLogReceiptTime, xlogrecovery.c). */
export interface WalReceipt {
  readonly at: Instant;
  readonly fromStream: boolean;
}

const FIRST_NAP = ms(1);
const LONGEST_NAP = seconds(1);
/** After a query was told to go. */
const NAP_AFTER_SIGNAL = ms(5);

/** The transactions that are in the way of a record. */
export function conflicting(
  record: ConflictRecord,
  transactions: readonly StandbyTransaction[],
): readonly StandbyTransaction[] {
  switch (record.kind) {
    case 'snapshot':
      return transactions.filter(({ xmin }) => xmin !== null && xmin <= record.horizon);
    case 'lock': {
      const locked = relationsOf(record);
      return transactions.filter(({ relations }) => relations.some((one) => locked.includes(one)));
    }
    case 'bufferpin':
      return transactions.filter(({ pins }) => pins.some((page) => isSame(page, record.page)));
    case 'tablespace':
      // GetConflictingVirtualXIDs: where any has files there, all are told, since nobody knows whose they are.
      return transactions.some(({ spills }) => spills.includes(record.tablespace))
        ? transactions
        : [];
  }
}

const isSame = (one: Page, other: Page): boolean =>
  one.relNumber === other.relNumber && one.block === other.block;

const relationsOf = (record: ConflictRecord): readonly number[] =>
  record.kind === 'lock' ? record.locks.map(({ relation }) => relation) : [];

const NEVER = Number.POSITIVE_INFINITY as Instant;

/** GetStandbyLimitTime: until when replay waits for queries. Null: for ever. */
export function standbyLimitTime({ settings, startup }: NodeState): Instant | null {
  const { at, fromStream } = startup.receipt;
  const delay = fromStream ? settings.maxStandbyStreamingDelay : settings.maxStandbyArchiveDelay;
  return delay === null ? null : after(at, delay);
}

/** It meets a record that it cannot replay yet. */
export function startConflictWait(
  node: NodeState,
  { conflict: record, end }: PlacedConflict,
  at: Instant,
): ConflictWait {
  const wakesHolders = record.kind === 'lock' || record.kind === 'bufferpin';
  return {
    limit: standbyLimitTime(node),
    deadlockCheckAt: wakesHolders ? after(at, node.settings.deadlockTimeout) : NEVER,
    reason: record.kind,
    end,
    page: record.kind === 'bufferpin' ? record.page : null,
    relations: relationsOf(record),
    waitlist: conflicting(record, node.transactions).map(({ vxid }) => vxid),
    since: at,
    nap: FIRST_NAP,
    wakeAt: at,
  };
}

/** What the startup process does when it looks again and somebody is still in its way. */
export interface Look {
  readonly wait: ConflictWait;
  /** Who is told to go, and why. */
  readonly cancels: readonly string[];
  readonly reason: ConflictReason;
}

/** A snapshot or a lock is held to the transaction's end. A cursor may leave a page before, and another one come to it. */
function stillInTheWay(
  { page, waitlist }: ConflictWait,
  transactions: readonly StandbyTransaction[],
): readonly string[] {
  if (page !== null)
    return conflicting({ kind: 'bufferpin', page }, transactions).map(({ vxid }) => vxid);
  return waitlist.filter((vxid) => transactions.some((one) => one.vxid === vxid));
}

/** Null: nobody is in its way any more, and it goes on. */
export function lookAgain(
  { transactions, settings }: NodeState,
  wait: ConflictWait,
  at: Instant,
): Look | null {
  const inTheWay = stillInTheWay(wait, transactions);
  const [first] = inTheWay;
  if (first === undefined) return null;
  const isNext = first !== wait.waitlist[0];
  const { limit, reason } = wait;
  const rest = { ...wait, waitlist: inTheWay };
  if (limit !== null && at >= limit) {
    // Holders of a pin are told all at once, others one after another.
    const cancels = reason === 'bufferpin' ? inTheWay : [first];
    const wakeAt = after(at, NAP_AFTER_SIGNAL);
    return { wait: { ...rest, nap: FIRST_NAP, wakeAt }, cancels, reason };
  }
  if (reason === 'lock' || reason === 'bufferpin') {
    // It sleeps until it is woken by who gives up the lock or pin, or until its patience ends.
    const isDue = at >= wait.deadlockCheckAt;
    const again = reason === 'bufferpin' ? after(at, settings.deadlockTimeout) : NEVER;
    const deadlockCheckAt = isDue ? again : wait.deadlockCheckAt;
    const wakeAt = Math.min(limit ?? NEVER, deadlockCheckAt) as Instant;
    const cancels = isDue ? inTheWay : [];
    return { wait: { ...rest, deadlockCheckAt, wakeAt }, cancels, reason: 'deadlock' };
  }
  const nap = isNext ? FIRST_NAP : wait.nap;
  const longer = Math.min(2 * nap, LONGEST_NAP) as Duration;
  return { wait: { ...rest, nap: longer, wakeAt: after(at, nap) }, cancels: [], reason };
}

/**
 * The oldest xmin that a standby's queries need, its own standbys' among them (GetReplicationHorizons, procarray.c): what
 * hot_standby_feedback reports.
 */
export function standbyXmin(state: ReplicationState, node: NodeState): number | null {
  const { xmin } = transactionsAt(recordsOf(state, node.name), node.startup.replayLsn);
  if (xmin === null) return null;
  const held = [...node.transactions, ...heldForStandbys(node)].map((one) => one.xmin ?? xmin);
  return Math.min(xmin, ...held);
}

/** The oldest xmin that a node's standbys have reported, to walsenders or into slots: its VACUUM stops there. Null for none. */
export function reportedXmin(node: NodeState): number | null {
  const reported = heldForStandbys(node).flatMap(({ xmin }) => (xmin === null ? [] : [xmin]));
  return reported.length === 0 ? null : Math.min(...reported);
}

const heldForStandbys = ({ walsenders, slots }: NodeState) => [
  ...walsenders,
  ...slots.filter(({ invalidation }) => invalidation === null),
];

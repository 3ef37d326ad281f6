/**
 * Recovery conflicts: queries of a hot standby that stand in the way of replay. Follows standby.c
 * (ResolveRecoveryConflictWithSnapshot, ResolveRecoveryConflictWithLock, ResolveRecoveryConflictWithVirtualXIDs,
 * GetStandbyLimitTime). Simplified: buffer pins do not conflict, and the startup process's locks meet no deadlock.
 */
import { after, type Duration, type Instant, ms, seconds } from '../sim/instant.ts';
import type { Lsn } from './lsn.ts';
import { type PlacedConflict, transactionsAt } from './record-log.ts';
import type { NodeState, ReplicationState } from './replication-state.ts';
import type { ConflictRecord } from './wal/conflict-records.ts';

/** A transaction of a standby's session: a block that is open, or a statement outside of one. */
export interface StandbyTransaction {
  /** Names it: its virtual transaction id. */
  readonly vxid: string;
  /** Of its snapshot; null while it has none. */
  readonly xmin: number | null;
  /** Relations that it holds any lock on. */
  readonly relations: readonly number[];
}

/** Why a standby's transaction is in the way, by the columns of pg_stat_database_conflicts. */
export type ConflictReason = ConflictRecord['kind'];

/** The startup process waits before a record until transactions that conflict with it are gone. */
export interface ConflictWait {
  readonly reason: ConflictReason;
  /** Where the record ends. */
  readonly end: Lsn;
  /** Relations that it queues to lock: nobody else gets a lock on them meanwhile. */
  readonly relations: readonly number[];
  /** Those that were in the way when it began to wait, in order. */
  readonly waitlist: readonly string[];
  readonly since: Instant;
  /** Its patience ends here; null for never. Settings that change meanwhile are read when it goes on. */
  readonly limit: Instant | null;
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
  if (record.kind === 'snapshot')
    return transactions.filter(({ xmin }) => xmin !== null && xmin <= record.horizon);
  const locked = relationsOf(record);
  return transactions.filter(({ relations }) => relations.some((one) => locked.includes(one)));
}

const relationsOf = (record: ConflictRecord): readonly number[] =>
  record.kind === 'lock' ? record.locks.map(({ relation }) => relation) : [];

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
  return {
    limit: standbyLimitTime(node),
    reason: record.kind,
    end,
    relations: relationsOf(record),
    waitlist: conflicting(record, node.transactions).map(({ vxid }) => vxid),
    since: at,
    nap: FIRST_NAP,
    wakeAt: at,
  };
}

/** What the startup process does when it looks again: goes on (null), or waits on; `cancels` names who is told to go. */
export function lookAgain(
  { transactions }: NodeState,
  wait: ConflictWait,
  at: Instant,
): { readonly wait: ConflictWait; readonly cancels: readonly string[] } | null {
  const inTheWay = wait.waitlist.filter((vxid) => transactions.some((one) => one.vxid === vxid));
  const [first] = inTheWay;
  if (first === undefined) return null;
  const isNext = first !== wait.waitlist[0];
  const { limit } = wait;
  const rest = { ...wait, waitlist: inTheWay };
  if (limit !== null && at >= limit) {
    // A lock's holders are told one after another, as those of a snapshot are.
    return {
      wait: { ...rest, nap: FIRST_NAP, wakeAt: after(at, NAP_AFTER_SIGNAL) },
      cancels: [first],
    };
  }
  if (wait.reason === 'lock') {
    // It sleeps until the lock is released, or until its patience ends.
    const wakeAt = limit ?? (Number.POSITIVE_INFINITY as Instant);
    return { wait: { ...rest, wakeAt }, cancels: [] };
  }
  const nap = isNext ? FIRST_NAP : wait.nap;
  const longer = Math.min(2 * nap, LONGEST_NAP) as Duration;
  return { wait: { ...rest, nap: longer, wakeAt: after(at, nap) }, cancels: [] };
}

/**
 * The oldest xmin that a standby's queries need, its own standbys' among them (GetReplicationHorizons, procarray.c): what
 * hot_standby_feedback reports.
 */
export function standbyXmin(state: ReplicationState, node: NodeState): number | null {
  const { xmin } = transactionsAt(state.records, node.startup.replayLsn);
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

import type { Lsn } from '../postgres/lsn.ts';
import type { ConflictCounts } from '../postgres/recovery-conflict.ts';
import type { ReplicationState } from '../postgres/replication-state.ts';
import type { Instant } from '../sim/instant.ts';
import type { HiddenCommit } from './live-backend.ts';
import type { SessionActivity } from './server-state.ts';
import type { Session } from './session.ts';
import type { BaseBackup, Settings } from './sql-engine.ts';

/** Where a primary's WAL stood: how many crashes had cut it, and where it ended. */
export interface WalMark {
  readonly cuts: number;
  readonly end: Lsn;
}

/** How a branch of WAL stood: how far its WAL went, and how many bases had been taken of it. */
export interface BranchMark {
  readonly wal: WalMark;
  readonly bases: number;
}

/** A node as it stood, with what its system views are made from. */
export interface NodeStanding {
  readonly accepting: boolean;
  readonly startedAt: Instant;
  /** What ALTER SYSTEM had put in force. */
  readonly altered: Settings;
  readonly activities: readonly SessionActivity[];
  readonly hidden: readonly HiddenCommit[];
  readonly conflicts: ConflictCounts;
  /** The files of a backup that rotted, where they are its data directory. */
  readonly ownBase: BaseBackup | null;
}

/** A cluster as it stood at an instant. It holds on to values that never change and copies no data: many can be kept. */
export interface Standing {
  readonly at: Instant;
  readonly replication: ReplicationState;
  /** By index, as in `replication.branches`. */
  readonly branches: readonly BranchMark[];
  readonly nodes: Readonly<Record<string, NodeStanding>>;
}

/** What a node's sessions do, as values; those that are as they were before are the same objects. */
export function keepActivities(
  before: readonly SessionActivity[] | undefined,
  now: readonly SessionActivity[],
): readonly SessionActivity[] {
  const kept = now.map((activity, index) => {
    const known = before?.[index];
    return known && sameActivity(known, activity)
      ? known
      : { ...activity, session: copyOf(activity.session) };
  });
  const same = before?.length === kept.length && kept.every((one, index) => one === before[index]);
  return same ? before : kept;
}

function copyOf(session: Session): Session {
  const { transaction } = session;
  return {
    ...session,
    transaction: transaction && { ...transaction, lines: [...transaction.lines] },
  };
}

function sameActivity(one: SessionActivity, other: SessionActivity): boolean {
  const { session: a, ...restOfOne } = one;
  const { session: b, ...restOfOther } = other;
  const { transaction: blockA, ...fieldsA } = a;
  const { transaction: blockB, ...fieldsB } = b;
  return (
    blockA?.lines.length === blockB?.lines.length &&
    blockA?.startedAt === blockB?.startedAt &&
    sameFields(fieldsA, fieldsB) &&
    sameFields(restOfOne, restOfOther)
  );
}

const sameFields = <T extends object>(one: T, other: T): boolean =>
  (Object.keys(other) as (keyof T)[]).every((key) => Object.is(one[key], other[key]));

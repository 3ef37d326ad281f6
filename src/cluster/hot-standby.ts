import type { Lsn } from '../postgres/lsn.ts';
import type { TransactionFacts } from '../postgres/primary-transactions.ts';
import type {
  ConflictCounts,
  ConflictReason,
  StandbyTransaction,
} from '../postgres/recovery-conflict.ts';
import type { Instant } from '../sim/instant.ts';
import type { Seat } from './seat.ts';
import type { Session } from './session.ts';
import type { Execution, Server, ServerState } from './sql-engine.ts';
import type { StandbyHost } from './standby-statement.ts';
import type { LockWait } from './wait.ts';
import type { WorkCost } from './work.ts';

export const NO_CONFLICTS: ConflictCounts = {
  snapshot: 0,
  lock: 0,
  bufferpin: 0,
  tablespace: 0,
  deadlock: 0,
};

/** What a hot standby asks of its node and of the cluster around it. */
export interface HotStandbyHost {
  readonly sessions: ReadonlyMap<string, Session>;
  now(): Instant;
  stateFor(session: Session | null): ServerState;
  othersThan(session: Session): readonly Session[];
  isPromoted(): boolean;
  heard(session: Session, execution: Execution): void;
  /** What work costs in this run; null where statements take no time by what they do. */
  readonly workCost: WorkCost | null;
  restartpoint(): void;
  /** How far this standby has replayed, what it knows of the primary's transactions there, and what it queues to lock. */
  replayedTo(): Lsn;
  transactions(): TransactionFacts;
  locksAwaited(): readonly number[];
  openReader(replayedTo: Lsn, locked: readonly number[]): Promise<Server>;
  /** Its sessions' transactions are not what they were. */
  transactionsChanged(transactions: readonly StandbyTransaction[]): void;
}

/** A node as hot standby: the server that its readers share, and what they hold that replay may have to wait for. */
export class HotStandby implements StandbyHost {
  /** Since the server started. */
  conflicts = NO_CONFLICTS;
  readonly #host: HotStandbyHost;
  #shared: { readonly seat: Seat; readonly standing: string } | null = null;

  constructor(host: HotStandbyHost) {
    this.#host = host;
  }

  now(): Instant {
    return this.#host.now();
  }

  stateFor(session: Session | null): ServerState {
    return this.#host.stateFor(session);
  }

  othersThan(session: Session): readonly Session[] {
    return this.#host.othersThan(session);
  }

  heard(session: Session, execution: Execution): void {
    this.#host.heard(session, execution);
  }

  isPromoted(): boolean {
    return this.#host.isPromoted();
  }

  get workCost(): WorkCost | null {
    return this.#host.workCost;
  }

  restartpoint(): void {
    this.#host.restartpoint();
  }

  replayedTo(): Lsn {
    return this.#host.replayedTo();
  }

  snapshotXmin(): number | null {
    return this.#host.transactions().xmin;
  }

  replayLocks(): readonly number[] {
    const held = this.#host.transactions().locks.map(({ relation }) => relation);
    return [...new Set([...held, ...this.#host.locksAwaited()])].sort((a, b) => a - b);
  }

  openReader(replayedTo: Lsn, locked: readonly number[]): Promise<Server> {
    return this.#host.openReader(replayedTo, locked);
  }

  /** What a server for readers has replayed, and the locks in it. */
  #standing(): string {
    return [this.replayedTo(), ...this.replayLocks()].join(' ');
  }

  sharedSeat(): Seat | null {
    if (this.#shared?.standing === this.#standing()) return this.#shared.seat;
    this.closeShared();
    return null;
  }

  shareSeat(seat: Seat): void {
    this.#shared = { seat, standing: this.#standing() };
  }

  closeShared(): void {
    this.#shared?.seat.server.close();
    this.#shared = null;
  }

  hold(session: Session, hold: StandbyTransaction | null): void {
    if (session.hold === hold) return;
    session.hold = hold;
    this.#host.transactionsChanged(this.#sessions.flatMap((one) => one.hold ?? []));
  }

  /** The session whose transaction this is; null where it has ended. */
  sessionOf(vxid: string): Session | null {
    return this.#sessions.find((one) => one.hold?.vxid === vxid) ?? null;
  }

  countConflict(reason: ConflictReason): void {
    this.conflicts = { ...this.conflicts, [reason]: this.conflicts[reason] + 1 };
  }

  /** The table lock that its startup process queues for, behind readers; null where it queues for none. */
  lockOfReplay(): LockWait | null {
    const [relation] = this.#host.locksAwaited();
    if (relation === undefined) return null;
    const holders = this.#sessions.filter(({ hold }) => hold?.relations.includes(relation));
    const blockers = holders.map(({ pid }) => pid);
    return { event: 'relation', xid: null, relation, mode: 'AccessExclusiveLock', blockers };
  }

  get #sessions(): readonly Session[] {
    return [...this.#host.sessions.values()];
  }
}

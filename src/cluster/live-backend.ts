import type { Lsn } from '../postgres/lsn.ts';
import type { PrepareRecord } from '../postgres/wal/transaction-records.ts';
import { digest, Seat, type SeatHost } from './seat.ts';
import type { Session } from './session.ts';
import type { Execution, Server } from './sql-engine.ts';

/** A commit that is durable in WAL while its session waits for standbys: on the server it is still a prepared transaction. */
export interface HiddenCommit {
  readonly gid: string;
  readonly xid: number;
  readonly pid: number;
  /** Where its COMMIT record starts and ends. */
  readonly lsn: Lsn;
  readonly endLsn: Lsn;
  /** The bytes of the PREPARE that the server itself wrote there: with them, a copy still has it in progress. */
  readonly prepareBytes: Uint8Array;
}

export interface LiveHost extends SeatHost {
  /** Takes over the WAL that the server wrote since the last call. */
  harvest(server: Server): void;
  /** How to open a server that shows what is committed now, also later. */
  snapshot(): () => Promise<Server>;
}

/**
 * The one backend of a server that writes. Autocommit statements take it in turn; an open transaction block stays on it
 * until another session needs it: then the block is rolled back here and its lines are run again when its own turn comes.
 */
export class LiveBackend {
  readonly server: Server;
  /** Commits that wait for standbys, by gid. */
  readonly hidden = new Map<string, HiddenCommit>();
  /** Prepared transactions of the learner's own, by gid: they hold locks. */
  readonly prepared = new Map<string, PrepareRecord>();
  /** Gids of `prepared` whose COMMIT PREPARED waits. */
  readonly busy = new Set<string>();
  readonly #seat: Seat;
  readonly #host: LiveHost;
  #resident: Session | null = null;
  #blockStart = 0;

  constructor(server: Server, host: LiveHost) {
    this.server = server;
    this.#host = host;
    this.#seat = new Seat(server, host);
  }

  get resident(): Session | null {
    return this.#resident;
  }

  get seat(): Seat {
    return this.#seat;
  }

  /** Whether the open block has a transaction id and wrote WAL: then its commit is one that can wait (RecordTransactionCommit, xact.c). */
  get blockWroteWal(): boolean {
    const { xid, insertLsn } = this.server.walPosition();
    return xid !== 0 && insertLsn > this.#blockStart;
  }

  /** Runs one string for a session whose turn it is (see {@link take}), and keeps book of its transaction block. */
  run(session: Session, sql: string): Execution {
    if (session.transaction === null) this.#blockStart = this.server.walPosition().insertLsn;
    const execution = this.#seat.run(session, sql);
    this.#host.harvest(this.server);
    session.status = execution.status;
    session.xid = execution.status === 'transaction' ? this.server.walPosition().xid : 0;
    if (execution.status === 'idle') {
      session.transaction = null;
      session.xactStart = null;
      if (this.#resident === session) this.#resident = null;
      return execution;
    }
    this.#resident = session;
    const at = this.#host.now();
    session.xactStart ??= at;
    session.transaction ??= { lines: [], startedAt: at, seat: null, snapshot: null };
    session.transaction.lines.push({ sql, at, outcome: digest(execution) });
    return execution;
  }

  /** Runs a statement of the simulator's own, in nobody's transaction. Parks the resident. */
  runApart(sql: string): Execution {
    this.park();
    const execution = this.#seat.run(null, sql);
    this.#host.harvest(this.server);
    return execution;
  }

  /** Makes the session's open block fail, as a cancelled or timed out statement does. */
  fail(session: Session): void {
    if (session.transaction === null || !this.take(session)) return;
    session.transaction.lines.push(this.#seat.fail(session));
    session.status = 'failed';
    this.#host.harvest(this.server);
  }

  /**
   * Gives the backend to a session: parks another's block, brings in this one's settings and open block.
   * @returns false where the block could not be rebuilt as its client knows it; it has then failed.
   */
  take(session: Session): boolean {
    if (this.#resident === session) return true;
    this.park();
    this.#seat.load(session);
    if (session.transaction === null) return true;
    this.#resident = session;
    this.#blockStart = this.server.walPosition().insertLsn;
    const same = this.#seat.replay(session, session.transaction.lines);
    this.#host.harvest(this.server);
    if (same) return true;
    this.#seat.fail(session);
    session.status = 'failed';
    return false;
  }

  /** Rolls the resident's block back here. Its lines stay: {@link take} rebuilds it. */
  park(): void {
    const resident = this.#resident;
    if (resident === null) return;
    this.#resident = null;
    if (resident.transaction !== null && resident.status === 'transaction') {
      const isolation = this.#seat.ask(resident, 'show transaction_isolation');
      if (isolation !== 'read committed') resident.transaction.snapshot ??= this.#host.snapshot();
    }
    this.#seat.run(null, 'rollback');
    this.#host.harvest(this.server);
  }

  /** The session is gone: its block ends, its settings too. */
  release(session: Session): void {
    if (this.#resident === session) this.park();
    session.transaction = null;
    session.status = 'idle';
  }
}

import type { Lsn } from '../postgres/lsn.ts';
import type { PrepareRecord } from '../postgres/wal/transaction-records.ts';
import { digest, Seat, type SeatHost } from './seat.ts';
import { type HeldHorizon, NOTHING_HELD, type Session } from './session.ts';
import type { Execution, Server } from './sql-engine.ts';
import { takesSnapshot } from './sql-text.ts';

/**
 * A transaction that others must not see yet, while its session waits: on the server it is a prepared one. Either its commit
 * is in WAL and waits for standbys, or its statement still runs.
 */
export interface HiddenCommit {
  /** Of the prepared transaction that it is on the server; null where it is none of the simulator's. */
  readonly gid: string | null;
  readonly xid: number;
  readonly pid: number;
  /** Where the record is that stands for the PREPARE: a COMMIT, or nothing where the statement still runs. */
  readonly lsn: Lsn;
  readonly endLsn: Lsn;
  /** The bytes of the PREPARE that the server itself wrote there: with them, a copy still has it in progress. */
  readonly prepareBytes: Uint8Array;
  /** Its statement still runs: the locks are held for the time that its work takes. */
  readonly runs?: boolean;
}

/** pg_walinspect reads the files of pg_wal, in which waiting commits are something else (see {@link HiddenCommit}). */
const LOOKS_INTO_WAL = /\bpg_get_wal_(record|block|stats)/i;

export interface LiveHost extends SeatHost {
  /** What VACUUM must not go beyond, whatever runs on the server now; null where nothing holds it back. */
  heldHorizon(): number | null;
  /** A block was rolled back on the server but goes on for its client; says what ends when it does. */
  livesOn(xid: number): readonly number[];
  ended(xids: readonly number[]): void;
  /** Takes over the WAL that the server wrote since the last call. */
  harvest(server: Server): void;
  /** Does some work with the server's files of WAL as they are shipped. */
  asShipped<T>(server: Server, work: () => T): T;
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

  /** How far its WAL goes. */
  readonly insertLsn = (): Lsn => this.server.walPosition().insertLsn;

  /** Whether the open block has a transaction id and wrote WAL: then its commit is one that can wait (RecordTransactionCommit, xact.c). */
  get blockWroteWal(): boolean {
    const { xid, insertLsn } = this.server.walPosition();
    return xid !== 0 && insertLsn > this.#blockStart;
  }

  /** Runs one string for a session whose turn it is (see {@link take}), and keeps book of its transaction block. */
  run(session: Session, sql: string): Execution {
    if (session.transaction === null) this.#blockStart = this.server.walPosition().insertLsn;
    this.#holdHorizon();
    const execution = LOOKS_INTO_WAL.test(sql)
      ? this.#host.asShipped(this.server, () => this.#seat.run(session, sql))
      : this.#seat.run(session, sql);
    this.#host.harvest(this.server);
    session.status = execution.status;
    const { xid, xmin } = this.server.walPosition();
    session.xid = execution.status === 'transaction' ? xid : 0;
    if (execution.status === 'transaction') session.held = heldNow(session, xid, xmin);
    else this.#letGo(session);
    if (execution.status === 'idle') {
      session.transaction = null;
      session.xactStart = null;
      if (this.#resident === session) this.#resident = null;
      return execution;
    }
    this.#resident = session;
    const at = this.#host.now();
    session.xactStart ??= at;
    session.transaction ??= {
      lines: [],
      startedAt: at,
      written: null,
      seat: null,
      snapshot: null,
    };
    session.transaction.lines.push({ sql, at, outcome: digest(execution) });
    return execution;
  }

  /** Runs a statement of the simulator's own, in nobody's transaction. Parks the resident. */
  runApart(sql: string): Execution {
    this.park();
    this.#holdHorizon();
    const execution = this.#seat.privileged(() => this.#seat.run(null, sql));
    this.#host.harvest(this.server);
    return execution;
  }

  /** Writes a checkpoint. Parks the resident, unless its block could not be rebuilt: then the checkpoint has to wait. */
  checkpoint(): void {
    if (this.#resident?.tie == null) this.runApart('checkpoint');
  }

  /** The same as an autovacuum worker, whose VACUUM and ANALYZE are counted apart. */
  runAsWorker(sql: string): Execution {
    return this.server.asAutovacuumWorker(() => this.runApart(sql));
  }

  /** Makes the session's open block fail, as a cancelled or timed out statement does. */
  fail(session: Session): void {
    const own = session.transaction?.seat;
    if (own) {
      session.transaction?.lines.push(own.seat.fail(session));
      session.status = 'failed';
    }
    if (own || session.transaction === null || !this.take(session)) return;
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
    this.#holdHorizon();
    const { lines, written } = session.transaction;
    const same =
      this.#seat.replay(session, lines) &&
      (session.status === 'failed' || written === null || this.#writtenRows(session) === written);
    this.#host.harvest(this.server);
    if (same) return true;
    this.#seat.fail(session);
    // What a block that has failed did before matters to nobody, unless it goes back to a savepoint.
    const over =
      session.status === 'failed' && !lines.some(({ sql }) => /\bsavepoint\b/i.test(sql));
    session.status = 'failed';
    return over;
  }

  /** Rolls the resident's block back here. Its lines stay: {@link take} rebuilds it. */
  park(): void {
    const resident = this.#resident;
    if (resident === null) return;
    this.#resident = null;
    if (resident.transaction !== null && resident.status === 'transaction') {
      const { lines } = resident.transaction;
      const isolation = this.server.setting('transaction_isolation');
      if (isolation !== 'read committed' && lines.some(({ sql }) => takesSnapshot(sql)))
        resident.transaction.snapshot ??= this.#host.snapshot();
      resident.transaction.written = this.#writtenRows(resident);
    }
    const { xid } = this.server.walPosition();
    this.#seat.run(null, 'rollback');
    if (resident.unread.length > 0 && resident.tie === null) this.#seat.forget();
    this.#host.harvest(this.server);
    if (xid !== 0 && resident.status === 'transaction') {
      const { held } = resident;
      resident.held = { ...held, earlier: [...held.earlier, ...this.#host.livesOn(xid)] };
    }
  }

  /** The session is gone: its block ends, its settings too. */
  release(session: Session): void {
    if (this.#resident === session) this.park();
    if (session.tie !== null) this.#seat.forget();
    session.transaction = null;
    session.status = 'idle';
    session.xid = 0;
    this.#letGo(session);
    session.xactStart = null;
  }

  /** Its transaction has ended, or failed. */
  #letGo(session: Session): void {
    const { earlier } = session.held;
    session.held = NOTHING_HELD;
    if (earlier.length > 0) this.#host.ended(earlier);
  }

  /** VACUUM and pruning leave what standbys, and blocks that are not on the backend now, can still see. */
  #holdHorizon(): void {
    this.server.holdHorizon(this.#host.heldHorizon());
  }

  /** A digest of the rows that the open block has written (see {@link writtenTablesSql}); null where it has written none. */
  #writtenRows(session: Session): string | null {
    const { xid } = this.server.walPosition();
    if (xid === 0) return null;
    const rows = this.#seat.ask(session, writtenTablesSql(session.pid, xid));
    return (
      rows &&
      this.#seat.ask(
        session,
        `select pg_catalog.md5(string_agg(r, e'\\n' order by r)) from (${rows}) as rows(r)`,
      )
    );
  }
}

/** A block that is run again has other transaction ids and a newer snapshot than its client's: the oldest ones count. */
function heldNow({ held }: Session, xid: number, xmin: number): HeldHorizon {
  return {
    xmin: xmin === 0 ? null : Math.min(held.xmin ?? xmin, xmin),
    xid: held.xid ?? (xid === 0 ? null : xid),
    earlier: held.earlier,
  };
}

/**
 * A query for all rows that a transaction has written, as text: the visible ones whose writer is still in progress. They tell
 * whether a block that was run again drew other keys from a sequence, or other random numbers, than its client has seen.
 */
const writtenTablesSql = (pid: number, xid: number): string => `
select string_agg(pg_catalog.format(
  'select %L || w::text from only %I.%I w where xmin::text::bigint >= ${xid} and pg_catalog.pg_xact_status(xmin::text::xid8) = ''in progress''',
  c.relname, n.nspname, c.relname), ' union all ' order by c.oid)
from pg_catalog.pg_locks l join pg_catalog.pg_class c on c.oid = l.relation join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where l.pid = ${pid} and l.mode = 'RowExclusiveLock' and c.relkind = 'r' and c.oid >= 16384`;

import { formatLsn, type Lsn } from '../postgres/lsn.ts';
import { skipPageHeader } from '../postgres/wal/page.ts';
import type { Instant } from '../sim/instant.ts';
import { virtualTransaction } from './server-state.ts';
import {
  identitySql,
  PRISTINE,
  type ScriptLine,
  type Session,
  type SessionState,
  SUPERUSER,
  switchSql,
} from './session.ts';
import { capture, captureSets, captureSql, timeoutsInForce } from './session-capture.ts';
import type { BackendWait, Execution, Server, ServerState, WaitDecision } from './sql-engine.ts';
import type { ParsedStatement } from './sql-text.ts';

/** What a seat asks of the node it belongs to. */
export interface SeatHost {
  now(): Instant;
  /** What the system views show to this session, now. */
  stateFor(session: Session | null): ServerState;
}

/** Sleeps pass, lock waits are given up: PostgreSQL says 57014, and the caller queues the statement. */
const GIVE_UP_LOCKS = (wait: BackendWait): WaitDecision =>
  wait.kind === 'lock' ? 'cancel' : 'elapse';

/** A statement that does nothing but fail with 57014, which is how a cancelled wait leaves a transaction block. */
const FAILS = 'select pg_catalog.pg_sleep(1)';

/** One backend of a real server, on which sessions take turns: it carries their settings in and out. */
export class Seat {
  readonly server: Server;
  readonly #host: SeatHost;
  readonly #copyOf: (() => Lsn) | null;
  /** Null: unknown, since something is left that no state tells. */
  #loaded: SessionState | null = PRISTINE;
  /** Other sessions' open blocks that stand in this copy as prepared transactions. */
  readonly #embedded: ServerState['hiddenPrepared'][number][] = [];

  /**
   * `copyOf`: on a copy of a primary, how far the primary's own WAL goes. A copy has written WAL that is nobody's: when it
   * started, and for the blocks that are run again on it.
   */
  constructor(server: Server, host: SeatHost, copyOf: (() => Lsn) | null = null) {
    this.server = server;
    this.#host = host;
    this.#copyOf = copyOf;
  }

  /** Runs one string for a session at this instant, or at the instant of an earlier run that is repeated. */
  run(session: Session | null, sql: string, at: Instant = this.#host.now()): Execution {
    this.#present(session);
    return this.server.execute(sql, at, { onWait: GIVE_UP_LOCKS });
  }

  #present(session: Session | null): void {
    this.server.present(() => {
      const state = this.#host.stateFor(session);
      return {
        ...state,
        insertLsn: this.#copyOf && formatLsn(skipPageHeader(this.#copyOf())),
        hiddenPrepared: [...state.hiddenPrepared, ...this.#embedded],
      };
    });
  }

  /** Brings the session's settings and prepared statements into this backend. Only between transactions. */
  load(session: Session): void {
    for (const sql of switchSql(this.#loaded, session.state)) this.run(null, sql);
    this.#loaded = session.state;
  }

  /** Something of a session is left here that its state does not tell: the next one to be loaded sweeps it out. */
  forget(): void {
    this.#loaded = null;
  }

  /** Does something of the simulator's own, which must not fail for want of the loaded session's rights. */
  privileged<T>(work: () => T): T {
    const identity = identitySql(this.#loaded ?? PRISTINE);
    if (identity.length === 0) return work();
    this.run(null, `set session authorization ${SUPERUSER}`);
    const done = work();
    for (const sql of identity) this.run(null, sql);
    return done;
  }

  /** Puts another session's open block into this copy, as a prepared transaction: its locks are held, its rows unseen. */
  embed(other: Session): void {
    if (other.transaction === null || other.status !== 'transaction') return;
    this.load(other);
    this.replay(other, other.transaction.lines);
    const { xid } = this.server.walPosition();
    const gid = `open:${other.pid}`;
    const { error } = this.run(other, `prepare transaction '${gid}'`);
    if (other.unread.length > 0) this.forget();
    if (error !== null) this.run(other, 'rollback');
    else
      this.#embedded.push({
        gid,
        xid,
        pid: other.pid,
        virtualTransaction: virtualTransaction(other.pid),
      });
  }

  /** The session whose embedded block has this transaction id, by its pid; null where none has. */
  ownerOf(xid: number | null): number | null {
    return this.#embedded.find((embedded) => embedded.xid === xid)?.pid ?? null;
  }

  /** Makes the open transaction block fail the way a cancelled statement does. */
  fail(session: Session): ScriptLine {
    const execution = this.#fail(session);
    return { sql: FAILS, at: this.#host.now(), outcome: digest(execution) };
  }

  #fail(session: Session): Execution {
    this.#present(session);
    return this.server.execute(FAILS, this.#host.now(), { onWait: () => 'cancel' });
  }

  /**
   * Runs an open transaction block again, line by line at its own instants.
   * @returns false where something came out otherwise than its client was told.
   */
  replay(session: Session, lines: readonly ScriptLine[]): boolean {
    return lines.every((line) => {
      const execution =
        line.sql === FAILS ? this.#fail(session) : this.run(session, line.sql, line.at);
      return execution.wait?.kind !== 'lock' && digest(execution) === line.outcome;
    });
  }

  /** One value that the backend knows, as text. */
  ask(session: Session, sql: string): string | null {
    return this.run(session, sql).results[0]?.rows[0]?.[0] ?? null;
  }

  /** Notes what the statements left in the session, so that another backend can be given it. */
  capture(session: Session, ran: readonly ParsedStatement[]): void {
    for (const statement of ran) session.tie ??= statement.ties;
    const changes = ran.filter((statement) => statement.changesSession);
    const isFirst = session.unread.length === 0;
    session.unread = [...session.unread, ...changes];
    const due = session.status === 'idle' ? session.unread : changes;
    if (due.length === 0 || session.status === 'failed') return;
    // A single-user server does not know whom to reset to.
    if (ran.some((statement) => statement.resetsAuthorization))
      this.run(session, `set session authorization ${SUPERUSER}`);
    const setting = (name: string) => this.server.setting(name);
    if (session.status !== 'idle') {
      session.timeouts = timeoutsInForce(setting);
      return;
    }
    // What was set within a block may have gone with a savepoint, or with the block.
    const ranAlone = isFirst && ran.every(({ control }) => control === null);
    const state = (ranAlone && captureSets(session.state, changes, setting)) || this.#read(session);
    if (state === null) return;
    session.timeouts = state.timeouts;
    session.state = state;
    session.unread = [];
    this.#loaded = state;
  }

  /** Asks PostgreSQL what the session has set. */
  #read(session: Session): SessionState | null {
    const names = session.unread.flatMap((statement) => statement.customSettings);
    const custom = new Set([...session.state.custom, ...names]);
    const row = this.ask(session, captureSql(custom));
    return row === null ? null : capture(session.state, row, session.unread);
  }
}

/** What a repeated statement must bring out again: tags, and the rows of writes. What a SELECT saw may have changed since. */
export function digest(execution: Execution): string {
  return JSON.stringify([
    execution.results.map(({ command, rows }) =>
      command.startsWith('SELECT') ? 'SELECT' : [command, rows],
    ),
    execution.error?.sqlstate ?? null,
    execution.status,
  ]);
}

import type { Instant } from '../sim/instant.ts';
import {
  capture,
  captureSql,
  PRISTINE,
  type ScriptLine,
  type Session,
  switchSql,
} from './session.ts';
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
  #loaded = PRISTINE;

  constructor(server: Server, host: SeatHost) {
    this.server = server;
    this.#host = host;
  }

  /** Runs one string for a session at this instant, or at the instant of an earlier run that is repeated. */
  run(session: Session | null, sql: string, at: Instant = this.#host.now()): Execution {
    this.server.present(this.#host.stateFor(session));
    return this.server.execute(sql, at, { onWait: GIVE_UP_LOCKS });
  }

  /** Brings the session's settings and prepared statements into this backend. Only between transactions. */
  load(session: Session): void {
    for (const sql of switchSql(this.#loaded, session.state)) this.run(null, sql);
    this.#loaded = session.state;
  }

  /** Makes the open transaction block fail the way a cancelled statement does. */
  fail(session: Session): ScriptLine {
    const execution = this.#fail(session);
    return { sql: FAILS, at: this.#host.now(), outcome: digest(execution) };
  }

  #fail(session: Session): Execution {
    this.server.present(this.#host.stateFor(session));
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

  /** Notes what the statements left in the session, so that another backend can be given it. */
  capture(session: Session, ran: readonly ParsedStatement[]): void {
    for (const statement of ran) session.tie ??= statement.ties;
    if (!ran.some((statement) => statement.changesSession) || session.status === 'failed') return;
    const custom = new Set([
      ...session.state.custom,
      ...ran.flatMap((statement) => statement.customSettings),
    ]);
    const row = this.run(session, captureSql(custom)).results[0]?.rows[0]?.[0];
    if (typeof row !== 'string') return;
    const state = capture(session.state, row, ran);
    session.timeouts = state.timeouts;
    if (session.status !== 'idle') return;
    session.state = state;
    this.#loaded = state;
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

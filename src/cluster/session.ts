import type { Lsn } from '../postgres/lsn.ts';
import type { StandbyTransaction } from '../postgres/recovery-conflict.ts';
import type { Instant } from '../sim/instant.ts';
import type { Seat } from './seat.ts';
import type { Server, ServerMessage, TransactionStatus } from './sql-engine.ts';
import type { ParsedStatement } from './sql-text.ts';

/** Timeouts of a session in milliseconds of virtual time; 0 is never. */
export interface SessionTimeouts {
  readonly statement_timeout: number;
  readonly lock_timeout: number;
  readonly deadlock_timeout: number;
  readonly idle_in_transaction_session_timeout: number;
  readonly idle_session_timeout: number;
  readonly transaction_timeout: number;
}

export const DEFAULT_TIMEOUTS: SessionTimeouts = {
  statement_timeout: 0,
  lock_timeout: 0,
  deadlock_timeout: 1000,
  idle_in_transaction_session_timeout: 0,
  idle_session_timeout: 0,
  transaction_timeout: 0,
};

/** What one session has that another does not: carried from backend to backend as SQL. */
export interface SessionState {
  /** Settings that differ from the server's, by name, in the order in which they must be set. */
  readonly settings: ReadonlyMap<string, string>;
  readonly timeouts: SessionTimeouts;
  /** SQL-level prepared statements by name: the PREPARE, and the search_path under which it was made. */
  readonly prepared: ReadonlyMap<string, PreparedStatement>;
  /** Names of settings with a dot, which pg_settings does not list. */
  readonly custom: ReadonlySet<string>;
  readonly sessionUser: string;
}

interface PreparedStatement {
  readonly sql: string;
  readonly searchPath: string | undefined;
}

export const SUPERUSER = 'postgres';

export const PRISTINE: SessionState = {
  settings: new Map(),
  timeouts: DEFAULT_TIMEOUTS,
  prepared: new Map(),
  custom: new Set(),
  sessionUser: SUPERUSER,
};

/** A statement of an open transaction block and what its client was told: enough to run the block again. */
export interface ScriptLine {
  readonly sql: string;
  readonly at: Instant;
  /** Command tags and the rows that writes returned: what must come out again. */
  readonly outcome: string;
}

/** A server of one block's own: it has replayed WAL up to here, and locks of replay stand in it. */
export interface BlockSeat {
  readonly seat: Seat;
  readonly replayedTo: Lsn;
  /** Relations that replay has locked there, the block's own left out. */
  readonly locked: readonly number[];
}

/** A transaction block that is open. Which server holds it is the backend's business; the lines can rebuild it on another. */
export interface OpenTransaction {
  readonly lines: ScriptLine[];
  /** WAL position of the node when it began. */
  readonly startedAt: Instant;
  /** A digest of the rows that it had written when it last left the live server; null where it had written none. */
  written: string | null;
  /** Where it runs, if that is a server of its own: one that has replayed WAL up to here. */
  seat: BlockSeat | null;
  /** On a primary: how to open the server of its own on which its snapshot lives on, once the live server was needed by others. */
  snapshot: (() => Promise<Server>) | null;
}

/** What holds back VACUUM for one session: the xmin of its snapshot, and the transaction id that its block got first. */
export interface HeldHorizon {
  readonly xmin: number | null;
  readonly xid: number | null;
  /** Transaction ids that the block has had when it ran on the server before. */
  readonly earlier: readonly number[];
}

export const NOTHING_HELD: HeldHorizon = { xmin: null, xid: null, earlier: [] };

/** One connection of one client to one node. */
export interface Session {
  readonly node: string;
  readonly name: string;
  readonly pid: number;
  readonly backendStart: Instant;
  /** As of the last instant outside a transaction block. */
  state: SessionState;
  /** In force now, SET LOCAL included. */
  timeouts: SessionTimeouts;
  status: TransactionStatus;
  transaction: OpenTransaction | null;
  /** Statements that changed the session since its state was last read back. */
  unread: readonly ParsedStatement[];
  /** Set once something was left behind that only the backend that made it has (a temporary table, LISTEN …). */
  tie: string | null;
  /** Set when the server ended this session between two statements, with what it said: told to the next statement. */
  ended: { readonly error: ServerMessage | null } | null;
  /** The statement it runs or ran last. */
  statementId: number | null;
  queryStart: Instant | null;
  stateChange: Instant;
  xactStart: Instant | null;
  /** On a primary: what its transaction holds VACUUM back at. */
  held: HeldHorizon;
  /** On a standby: its transaction, which may be in the way of replay; null where it has none. */
  hold: StandbyTransaction | null;
  /** pg_backup_stop() has run, and still waits until all before here is archived; null otherwise. */
  backupStop: Lsn | null;
  /** The transaction id of its open block; 0 where it has none. */
  xid: number;
}

export function openSession(node: string, name: string, pid: number, at: Instant): Session {
  return {
    node,
    name,
    pid,
    backendStart: at,
    state: PRISTINE,
    timeouts: DEFAULT_TIMEOUTS,
    status: 'idle',
    transaction: null,
    unread: [],
    tie: null,
    ended: null,
    statementId: null,
    queryStart: null,
    stateChange: at,
    xactStart: null,
    held: NOTHING_HELD,
    hold: null,
    backupStop: null,
    xid: 0,
  };
}

export const quoteLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const quoteIdentifier = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/**
 * The strings that bring a backend from one session's state to another's. Nothing where both are pristine. RESET does
 * not undo SET SESSION AUTHORIZATION, hence the first line. `from` null: more is left there than a state tells.
 *
 * DISCARD ALL would have every function planned anew, also those beneath the system views: where the two differ in settings
 * alone, it does only what is needed of it.
 */
export function switchSql(from: SessionState | null, to: SessionState): readonly string[] {
  if (from === to) return [];
  if (from && differOnlyInSettings(from, to))
    return from === PRISTINE ? restoreSql(to) : ['reset all; discard sequences', ...restoreSql(to)];
  const clean = from === PRISTINE ? [] : [`set session authorization ${SUPERUSER}`, 'discard all'];
  return [...clean, ...restoreSql(to)];
}

const differOnlyInSettings = (...states: readonly SessionState[]): boolean =>
  states.every(
    ({ prepared, custom, sessionUser, settings }) =>
      prepared.size === 0 &&
      custom.size === 0 &&
      sessionUser === SUPERUSER &&
      !settings.has('role'),
  );

function restoreSql(state: SessionState): readonly string[] {
  const { role: _, ...rest } = Object.fromEntries(state.settings);
  return [
    ...[...state.prepared.values()].flatMap(({ sql, searchPath }) => [
      searchPath === undefined ? 'reset search_path' : `set search_path = ${searchPath}`,
      sql,
    ]),
    ...(state.prepared.size > 0 ? ['reset search_path'] : []),
    ...Object.entries(rest).map(
      ([name, value]) =>
        `select pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, false)`,
    ),
    ...identitySql(state),
  ];
}

/** Who a session is, where it is not the superuser that everybody starts as. */
export function identitySql({ sessionUser, settings }: SessionState): readonly string[] {
  const role = settings.get('role');
  return [
    ...(sessionUser === SUPERUSER
      ? []
      : [`set session authorization ${quoteIdentifier(sessionUser)}`]),
    ...(role === undefined || role === 'none' ? [] : [`set role ${quoteIdentifier(role)}`]),
  ];
}

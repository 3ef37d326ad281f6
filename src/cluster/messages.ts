import type { ConflictReason } from '../postgres/recovery-conflict.ts';
import type { ServerMessage } from './sql-engine.ts';

const message = (
  severity: string,
  sqlstate: string,
  text: string,
  detail: string | null = null,
  hint: string | null = null,
): ServerMessage => ({ severity, sqlstate, message: text, detail, hint, position: null });

const MIGHT_NOT_BE_REPLICATED =
  'The transaction has already committed locally, but might not have been replicated to the standby.';

/** errdetail_recovery_conflict, postgres.c */
const CONFLICT_DETAILS: Readonly<Record<ConflictReason, string>> = {
  snapshot: 'User query might have needed to see row versions that must be removed.',
  lock: 'User was holding a relation lock for too long.',
  bufferpin: 'User was holding shared buffer pin for too long.',
  tablespace: 'User was or might have been using tablespace that must be dropped.',
  deadlock: 'User transaction caused buffer deadlock with recovery.',
};

/** What PostgreSQL says where the simulator, not the server, decides that it happens. Words of PostgreSQL 18. */
export const messages = {
  /** SyncRepWaitForLSN, syncrep.c */
  syncWaitCanceled: message(
    'WARNING',
    '01000',
    'canceling wait for synchronous replication due to user request',
    MIGHT_NOT_BE_REPLICATED,
  ),
  /** pg_promote, xlogfuncs.c */
  notPromoted: (seconds: number) =>
    message(
      'WARNING',
      '01000',
      `server did not promote within ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`,
    ),
  /** do_pg_backup_stop, xlog.c */
  waitsForArchive: message(
    'NOTICE',
    '00000',
    'base backup done, waiting for required WAL segments to be archived',
  ),
  stillWaitsForArchive: (seconds: number) =>
    message(
      'WARNING',
      '01000',
      `still waiting for all required WAL segments to be archived (${seconds} seconds elapsed)`,
      null,
      'Check that your "archive_command" is executing properly.  You can safely cancel this backup, but the database backup will not be usable without all the WAL segments.',
    ),
  archived: message('NOTICE', '00000', 'all required WAL segments have been archived'),
  syncWaitTerminated: message(
    'WARNING',
    '57P01',
    'canceling the wait for synchronous replication and terminating connection due to administrator command',
    MIGHT_NOT_BE_REPLICATED,
  ),
  /** XLogFileInit, xlog.c; the pid in it is a model. */
  noSpace: (text: string) => message('PANIC', '53100', text),
  /** ProcessInterrupts, postgres.c */
  canceled: message('ERROR', '57014', 'canceling statement due to user request'),
  statementTimeout: message('ERROR', '57014', 'canceling statement due to statement timeout'),
  lockTimeout: message('ERROR', '55P03', 'canceling statement due to lock timeout'),
  terminated: message('FATAL', '57P01', 'terminating connection due to administrator command'),
  idleInTransaction: message(
    'FATAL',
    '25P03',
    'terminating connection due to idle-in-transaction timeout',
  ),
  idleSession: message('FATAL', '57P05', 'terminating connection due to idle-session timeout'),
  transactionTimeout: message(
    'FATAL',
    '25P04',
    'terminating connection due to transaction timeout',
  ),
  deadlock: (detail: string) =>
    message('ERROR', '40P01', 'deadlock detected', detail, 'See server log for query details.'),
  /** ProcessRecoveryConflictInterrupt, postgres.c: a statement is cancelled, or a session that could not be told so is ended. */
  recoveryConflict: (reason: ConflictReason) =>
    message(
      'ERROR',
      '40001',
      'canceling statement due to conflict with recovery',
      CONFLICT_DETAILS[reason],
    ),
  endedByConflict: (reason: ConflictReason) =>
    message(
      'FATAL',
      '40001',
      'terminating connection due to conflict with recovery',
      CONFLICT_DETAILS[reason],
      'In a moment you should be able to reconnect to the database and repeat your command.',
    ),
  /** LockGXact, twophase.c */
  preparedBusy: (gid: string) =>
    message('ERROR', '55000', `prepared transaction with identifier "${gid}" is busy`),
  aborted: message(
    'ERROR',
    '25P02',
    'current transaction is aborted, commands ignored until end of transaction block',
  ),
  catalogChanged: message(
    'WARNING',
    '01000',
    'pg_catalog of this node is no longer as the course made it',
    'Functions and views there show you the simulated walsenders, sessions and replay. What you replaced or dropped shows something else now, or nothing.',
    'Reset, or undo your last action, to bring them back.',
  ),
  /** A question to a copy (see ask.ts) that wants more than to read. */
  askedForLock: message(
    'ERROR',
    '55P03',
    'what is asked about is locked at this moment',
    'A session would have to wait here; a question cannot.',
    'Send it as a statement, in a terminal of this node.',
  ),
  askedForChange: message(
    'ERROR',
    '25006',
    'a question changes nothing, and this one calls a function that would',
    null,
    'Send it as a statement, in a terminal of this node.',
  ),
  askedOfNobody: (node: string) =>
    message('FATAL', '57P03', `${node} takes no connections at this moment`),
  /** The simulator's own refusals: always an ERROR of class 0A, so that nothing seems to have happened. */
  limit: (text: string, hint: string) =>
    message('ERROR', '0A000', text, 'This is a limit of the course, not of PostgreSQL.', hint),
} as const;

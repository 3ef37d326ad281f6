import type {
  BackendWait,
  Execution,
  Server,
  ServerMessage,
  StatementResult,
  TransactionStatus,
  WaitDecision,
  WalPatch,
  WalPosition,
} from '../../../src/cluster/sql-engine.ts';
import { NO_WORK } from '../../../src/cluster/work.ts';
import { EPOCH_MS, timestampOf } from '../../../src/postgres/epoch.ts';
import { formatLsn, type Lsn } from '../../../src/postgres/lsn.ts';
import type { CheckpointFacts } from '../../../src/postgres/record-log.ts';
import { skipPageHeader, WAL_SEGMENT_SIZE } from '../../../src/postgres/wal/page.ts';
import { XlogOperation } from '../../../src/postgres/wal/record-reader.ts';
import { formatTimestamp } from '../../../src/postgres/wal/timestamp.ts';
import { type Duration, type Instant, seconds, us } from '../../../src/sim/instant.ts';
import {
  changesOf,
  type Database,
  redo,
  type Tables,
  type Value,
  withChanges,
} from './database.ts';
import { textOf } from './expression.ts';
import {
  abortContent,
  changeContent,
  checkpointContent,
  commitContent,
  lockContent,
  messageContent,
  prepareContent,
  preparedEndContent,
  redoContent,
  switchContent,
} from './record-content.ts';
import { Blocked, notOffered, Refused } from './refused.ts';
import type { FakeSettings } from './settings.ts';
import { type Ground, runStatement } from './statement.ts';
import { listOf, only, parse, type Statement, type Tree } from './syntax.ts';
import type { RecordContent, WalWriter } from './wal-writer.ts';

interface Parts {
  readonly database: Database;
  readonly wal: WalWriter;
  readonly settings: FakeSettings;
  readonly isStandby: boolean;
  /** Relations that replay holds locked here. */
  readonly locked: readonly number[];
}

const CANCELED: ServerMessage = new Refused('57014', 'canceling statement due to user request')
  .words;

const warning = (sqlstate: string, message: string): ServerMessage => ({
  ...new Refused(sqlstate, message).words,
  severity: 'WARNING',
});

/**
 * A server without PostgreSQL. What it holds is what its own WAL says, record by record: a statement changes it by writing a
 * record and replaying that, so that a copy made from the WAL cannot hold anything else.
 */
export class FakeServer implements Server {
  readonly #wal: WalWriter;
  readonly #settings: FakeSettings;
  readonly #isStandby: boolean;
  readonly #locked: ReadonlySet<number>;
  #database: Database;
  #flushed: Lsn;
  /** As the transaction in progress sees them. */
  #tables: Tables;
  #xid = 0;
  #status: TransactionStatus = 'idle';
  #at = 0 as Instant;
  #onWait: ((wait: BackendWait) => WaitDecision) | null = null;
  #wait: BackendWait | null = null;
  #slept: Duration = us(0);
  #notices: ServerMessage[] = [];

  constructor({ database, wal, settings, isStandby, locked }: Parts) {
    this.#database = database;
    this.#tables = database.tables;
    this.#wal = wal;
    this.#flushed = wal.end;
    this.#settings = settings;
    this.#isStandby = isStandby;
    this.#locked = new Set(locked);
  }

  /** What its WAL has made of it. */
  get database(): Database {
    return this.#database;
  }

  execute(
    sql: string,
    at: Instant,
    { onWait }: { onWait?: (wait: BackendWait) => WaitDecision } = {},
  ): Execution {
    this.#at = at;
    this.#onWait = onWait ?? null;
    this.#wait = null;
    this.#slept = us(0);
    this.#notices = [];
    const results: StatementResult[] = [];
    let error: ServerMessage | null = null;
    try {
      for (const statement of parse(sql)) results.push(this.#statement(statement, sql));
      if (this.#status === 'idle') this.#end(true);
    } catch (thrown) {
      error = this.#errorOf(thrown);
      if (this.#status === 'idle') this.#end(false);
      else this.#status = 'failed';
    }
    const [wait, slept, notices, status] = [this.#wait, this.#slept, this.#notices, this.#status];
    return { results, notices, error, status, signals: [], wait, slept, work: NO_WORK };
  }

  #errorOf(thrown: unknown): ServerMessage {
    if (thrown instanceof Refused) return thrown.words;
    if (!(thrown instanceof Blocked)) throw thrown;
    this.#wait ??= thrown.wait;
    this.#onWait?.(thrown.wait);
    return CANCELED;
  }

  #statement(statement: Statement, sql: string): StatementResult {
    const { node, body } = statement;
    if (node === 'TransactionStmt') return this.#control(body);
    if (this.#status === 'failed')
      throw new Refused(
        '25P02',
        'current transaction is aborted, commands ignored until end of transaction block',
      );
    switch (node) {
      case 'VariableSetStmt':
        this.#set(body);
        return tag(body.kind === 'VAR_SET_VALUE' ? 'SET' : 'RESET');
      case 'VariableShowStmt': {
        const name = String(body.name);
        return { command: 'SHOW', columns: [name], rows: [[this.#settings.show(name)]] };
      }
      case 'DiscardStmt':
        this.#settings.resetAll();
        return tag('DISCARD ALL');
      case 'AlterSystemStmt': {
        const { kind, name, args } = body.setstmt as Tree;
        if (kind === 'VAR_RESET_ALL') this.#settings.alter(null, null);
        else this.#settings.alter(String(name), kind === 'VAR_SET_VALUE' ? textOfArgs(args) : null);
        return tag('ALTER SYSTEM');
      }
      case 'CheckPointStmt':
        this.#checkpoint();
        return tag('CHECKPOINT');
      default:
        return runStatement(statement, this.#ground(sql));
    }
  }

  #set(body: Tree): void {
    const { kind, name, args, is_local } = body;
    if (name === 'session_authorization' && textOfArgs(args) === 'postgres') return;
    if (kind === 'VAR_RESET_ALL') this.#settings.resetAll();
    else {
      const value = kind === 'VAR_SET_VALUE' ? textOfArgs(args) : null;
      this.#settings.set(String(name), value, is_local === true);
    }
  }

  #ground(sql: string): Ground {
    const { prepared } = this.#database;
    const others = [...prepared.values()].map((xid) => ({
      xid,
      changes: changesOf(this.#database, xid),
    }));
    let next = this.#database.nextId;
    return {
      sql,
      tables: this.#tables,
      isReadOnly: this.#isStandby,
      others,
      locked: this.#locked,
      newId: () => next++,
      write: (changes) => {
        if (changes.length === 0) return;
        const xid = this.#assignXid();
        for (const change of changes) this.#write(changeContent(xid, change));
        this.#tables = withChanges(this.#tables, changes);
      },
      lockRelation: (relation) => this.#write(lockContent(this.#assignXid(), relation)),
      call: (name, args) => this.#call(name, args),
    };
  }

  #assignXid(): number {
    if (this.#xid === 0) this.#xid = this.#database.nextXid;
    return this.#xid;
  }

  /** The only way in which anything comes to be here. */
  #write(content: RecordContent): void {
    this.#database = redo(this.#database, this.#wal.write(content));
  }

  #flush(): void {
    this.#flushed = this.#wal.end;
  }

  // Transactions

  #control({ kind, gid, options, savepoint_name }: Tree): StatementResult {
    const name = String(gid ?? '');
    if (savepoint_name !== undefined) throw notOffered('savepoints');
    switch (kind) {
      case 'TRANS_STMT_BEGIN':
      case 'TRANS_STMT_START':
        return this.#begin(options);
      case 'TRANS_STMT_COMMIT':
        return this.#commit();
      case 'TRANS_STMT_ROLLBACK':
        this.#requireBlock();
        this.#end(false);
        return tag('ROLLBACK');
      case 'TRANS_STMT_PREPARE':
        return this.#prepare(name);
      case 'TRANS_STMT_COMMIT_PREPARED':
        return this.#endPrepared('commitPrepared', name);
      case 'TRANS_STMT_ROLLBACK_PREPARED':
        return this.#endPrepared('abortPrepared', name);
      default:
        throw notOffered(String(kind));
    }
  }

  #begin(options: unknown): StatementResult {
    const isolation = JSON.stringify(options ?? '').match(/repeatable read|serializable/);
    if (isolation) throw notOffered(isolation[0]);
    if (this.#status === 'failed')
      throw new Refused(
        '25P02',
        'current transaction is aborted, commands ignored until end of transaction block',
      );
    if (this.#status === 'transaction')
      this.#notices.push(warning('25001', 'there is already a transaction in progress'));
    this.#settings.begin();
    this.#status = 'transaction';
    return tag('BEGIN');
  }

  #requireBlock(): void {
    if (this.#status === 'idle')
      this.#notices.push(warning('25P01', 'there is no transaction in progress'));
  }

  #commit(): StatementResult {
    this.#requireBlock();
    const commits = this.#status !== 'failed';
    this.#end(commits);
    return tag(commits ? 'COMMIT' : 'ROLLBACK');
  }

  /** The transaction in progress is over. A commit is flushed at every level but `off`. */
  #end(commits: boolean): void {
    if (this.#xid !== 0) {
      const content = commits ? commitContent : abortContent;
      this.#write(content(this.#xid, timestampOf(this.#at)));
      if (commits && this.#settings.get('synchronous_commit') !== 'off') this.#flush();
    }
    this.#over(commits);
  }

  #over(commits: boolean): void {
    this.#settings.end(commits);
    this.#settings.begin();
    this.#status = 'idle';
    this.#xid = 0;
    this.#tables = this.#database.tables;
  }

  #prepare(gid: string): StatementResult {
    if (this.#isStandby)
      throw new Refused('25006', 'cannot execute PREPARE TRANSACTION during recovery');
    if (this.#status === 'failed') return this.#commit();
    if (this.#status === 'idle')
      throw new Refused('25P01', 'PREPARE TRANSACTION can only be used in transaction blocks');
    if (this.#database.prepared.has(gid))
      throw new Refused('42710', `transaction identifier "${gid}" is already in use`);
    this.#write(prepareContent(this.#assignXid(), gid, timestampOf(this.#at)));
    this.#flush();
    this.#over(true);
    return tag('PREPARE TRANSACTION');
  }

  #endPrepared(kind: 'commitPrepared' | 'abortPrepared', gid: string): StatementResult {
    const command = kind === 'commitPrepared' ? 'COMMIT PREPARED' : 'ROLLBACK PREPARED';
    if (this.#isStandby) throw new Refused('25006', `cannot execute ${command} during recovery`);
    if (this.#status !== 'idle' || this.#xid !== 0)
      throw new Refused('25001', `${command} cannot run inside a transaction block`);
    const xid = this.#database.prepared.get(gid);
    if (xid === undefined)
      throw new Refused('42704', `prepared transaction with identifier "${gid}" does not exist`);
    this.#write(preparedEndContent(kind, xid, gid, timestampOf(this.#at)));
    this.#flush();
    this.#tables = this.#database.tables;
    return tag(command);
  }

  // Functions that ask the server

  #call(name: string, args: readonly Value[]): Value | undefined {
    const onPrimary = <T>(answer: () => T): T => {
      if (!this.#isStandby) return answer();
      throw new Refused('55000', 'recovery is in progress', {
        hint: 'WAL control functions cannot be executed during recovery.',
      });
    };
    const [first = null] = args;
    switch (name) {
      case 'pg_current_wal_insert_lsn':
        return onPrimary(() => formatLsn(skipPageHeader(this.#wal.end)));
      case 'pg_current_wal_lsn':
      case 'pg_current_wal_flush_lsn':
        return onPrimary(() => formatLsn(this.#flushed));
      case 'pg_current_xact_id':
      case 'txid_current':
        if (this.#isStandby)
          throw new Refused('25006', 'cannot execute pg_current_xact_id() during recovery');
        return this.#assignXid();
      case 'pg_is_in_recovery':
        return this.#isStandby;
      case 'pg_switch_wal':
        return onPrimary(() => this.#switch());
      case 'pg_logical_emit_message':
        return onPrimary(() => this.#emit(args));
      case 'pg_sleep':
        return this.#sleep(seconds(Number(first)));
      case 'now':
        return formatTimestamp(timestampOf(this.#at));
      case 'set_config':
        this.#settings.set(String(first), textOf(args[1] ?? null), args[2] === true);
        return args[1] ?? null;
      case 'current_setting':
        return this.#settings.show(String(first));
      case 'to_regclass':
        return [...this.#tables.values()].find((table) => table.name === first)?.oid ?? null;
      default:
        return undefined;
    }
  }

  #switch(): string {
    if (this.#wal.end % WAL_SEGMENT_SIZE !== 0) this.#write(switchContent());
    this.#flush();
    return formatLsn(this.#wal.end);
  }

  #emit([transactional, prefix, content, flush]: readonly Value[]): string {
    if (transactional || prefix)
      throw notOffered('messages that are transactional or have a prefix');
    this.#write(messageContent(this.#xid, String(content)));
    if (flush) this.#flush();
    return formatLsn(this.#wal.end);
  }

  #sleep(length: Duration): string {
    const wait: BackendWait = { kind: 'sleep', length };
    this.#wait ??= wait;
    if (this.#onWait?.(wait) === 'cancel') throw new Refused('57014', CANCELED.message);
    this.#slept = us(this.#slept + length);
    return '';
  }

  #checkpoint(): void {
    if (this.#isStandby) throw notOffered('CHECKPOINT on a standby');
    const redoLsn = skipPageHeader(this.#wal.end);
    this.#write(redoContent());
    this.writeCheckpoint(XlogOperation.checkpointOnline, redoLsn, this.#wal.timeline);
  }

  /** Writes the record of a checkpoint, with which recovery ends, too. */
  writeCheckpoint(
    operation: number,
    redoLsn = skipPageHeader(this.#wal.end),
    prevTimeline: number = this.#wal.timeline,
    at = this.#at,
  ): void {
    const { nextXid, nextId: nextOid } = this.#database;
    const time = Math.floor((EPOCH_MS + at / 1000) / 1000);
    const { timeline } = this.#wal;
    const facts = { redoLsn, time, timeline, prevTimeline, nextXid, nextOid };
    this.#write(checkpointContent(operation, facts));
    this.#flush();
  }

  // The port

  walPosition(): WalPosition {
    const { timeline, end } = this.#wal;
    return { timeline, insertLsn: end, flushLsn: this.#flushed, xid: this.#xid, xmin: 0 };
  }

  takeWal(): { readonly from: Lsn; readonly bytes: Uint8Array } {
    this.#flush();
    return this.#wal.take();
  }

  /** Nothing here reads files. */
  withWal<T>(_records: readonly WalPatch[], work: () => T): T {
    return work();
  }

  catalogChanged(): boolean {
    return false;
  }

  setting(name: string): string | null {
    return this.#settings.get(name);
  }

  holdHorizon(): void {}

  pinnedPages(): readonly [] {
    return [];
  }

  asAutovacuumWorker<T>(work: () => T): T {
    return work();
  }

  present(): void {}

  reload(): void {
    this.#settings.reload();
  }

  checkpoint(): CheckpointFacts {
    const { checkpoint } = this.#database;
    if (checkpoint === null) throw new Error('no checkpoint was ever written');
    return checkpoint;
  }

  removeWalBefore(): void {}

  alteredSettings(): string {
    return this.#settings.alteredText();
  }

  close(): void {}
}

const tag = (command: string): StatementResult => ({ command, columns: [], rows: [] });

const textOfArgs = (args: unknown): string =>
  listOf(args)
    .map((argument) => {
      const { node, body } = only(argument);
      if (node !== 'A_Const') throw notOffered(node);
      if (body.sval) return String((body.sval as Tree).sval ?? '');
      if (body.boolval) return (body.boolval as Tree).boolval === true ? 'on' : 'off';
      if (body.fval) return String((body.fval as Tree).fval);
      return String((body.ival as Tree | undefined)?.ival ?? 0);
    })
    .join(', ');

import { INVALID_LSN, type Lsn } from '../../../src/postgres/lsn.ts';
import type { CheckpointFacts } from '../../../src/postgres/record-log.ts';
import { checkpointRecord } from '../../../src/postgres/wal/checkpoint-record.ts';
import type { WalRecord } from '../../../src/postgres/wal/record-reader.ts';
import { transactionRecord } from '../../../src/postgres/wal/transaction-records.ts';
import { type AppendList, append, emptyList } from '../../../src/sim/append-list.ts';
import { CHANGE_RMID, FIRST_XID } from './record-content.ts';

export type Value = string | number | boolean | null;
export type Row = readonly Value[];

export interface Column {
  readonly name: string;
  readonly type: 'int4' | 'int8' | 'text' | 'bool';
  readonly notNull: boolean;
}

export interface Table {
  readonly oid: number;
  readonly name: string;
  readonly columns: readonly Column[];
  /** The index of the primary key's column; null without one. */
  readonly key: number | null;
  readonly rows: ReadonlyMap<number, Row>;
}

export type Tables = ReadonlyMap<number, Table>;

/** All that a transaction can do. Rows and relations have numbers that no other ever had. */
export type Change =
  | ({ readonly kind: 'create' } & Omit<Table, 'rows'>)
  | { readonly kind: 'drop'; readonly table: number }
  | {
      readonly kind: 'put';
      readonly table: number;
      readonly row: number;
      readonly values: Row;
    }
  | { readonly kind: 'delete'; readonly table: number; readonly row: number };

/** A server's data as a value: what replaying its WAL up to a position gives. Nothing else makes one. */
export interface Database {
  /** What is committed. */
  readonly tables: Tables;
  /** Of each transaction that has not ended: what it has done. */
  readonly open: ReadonlyMap<number, AppendList<Change>>;
  /** Transaction ids of prepared transactions by gid. */
  readonly prepared: ReadonlyMap<string, number>;
  readonly nextXid: number;
  /** The next number of a row or relation (FirstNormalObjectId at first). */
  readonly nextId: number;
  readonly checkpoint: CheckpointFacts | null;
  /** Where the last record starts. */
  readonly lastRecord: Lsn;
}

export const EMPTY: Database = {
  tables: new Map(),
  open: new Map(),
  prepared: new Map(),
  nextXid: FIRST_XID,
  nextId: 16384,
  checkpoint: null,
  lastRecord: INVALID_LSN,
};

/** Replays one record. */
export function redo(before: Database, record: WalRecord): Database {
  const database = {
    ...before,
    lastRecord: record.lsn,
    nextXid: Math.max(before.nextXid, record.xid + 1),
  };
  if (record.rmid === CHANGE_RMID) return remember(database, record);
  const checkpoint = checkpointRecord(record);
  if (checkpoint) return { ...database, checkpoint };
  const ended = transactionRecord(record);
  switch (ended?.kind) {
    case 'prepare':
      return { ...database, prepared: new Map(database.prepared).set(ended.gid, ended.xid) };
    case 'commit':
    case 'commit prepared': {
      const tables = withChanges(database.tables, changesOf(database, ended.xid));
      return { ...withoutTransaction(database, ended.xid), tables };
    }
    case 'abort':
    case 'abort prepared':
      return withoutTransaction(database, ended.xid);
    default:
      return database;
  }
}

/** What is left of it after a crash: transactions that had not ended are gone, save the prepared ones. */
export function afterCrash(database: Database): Database {
  const prepared = new Set(database.prepared.values());
  return { ...database, open: new Map([...database.open].filter(([xid]) => prepared.has(xid))) };
}

export function changesOf({ open }: Database, xid: number): readonly Change[] {
  const { items, length } = open.get(xid) ?? emptyList<Change>();
  return items.slice(0, length);
}

/** The tables with some changes made to them. */
export function withChanges(tables: Tables, changes: readonly Change[]): Tables {
  const changed = new Map(tables);
  const rows = new Map<number, Map<number, Row>>();
  const rowsOf = (oid: number): Map<number, Row> => {
    const known = rows.get(oid) ?? new Map(changed.get(oid)?.rows);
    rows.set(oid, known);
    return known;
  };
  for (const change of changes) {
    if (change.kind === 'create') changed.set(change.oid, { ...change, rows: new Map() });
    else if (change.kind === 'drop') changed.delete(change.table);
    else if (change.kind === 'put') rowsOf(change.table).set(change.row, change.values);
    else rowsOf(change.table).delete(change.row);
  }
  for (const [oid, own] of rows) {
    const table = changed.get(oid);
    if (table) changed.set(oid, { ...table, rows: own });
  }
  return changed;
}

function remember(database: Database, record: WalRecord): Database {
  const change = JSON.parse(new TextDecoder().decode(record.mainData())) as Change;
  const own = database.open.get(record.xid) ?? emptyList<Change>();
  return {
    ...database,
    open: new Map(database.open).set(record.xid, append(own, [change])),
    nextId: Math.max(database.nextId, numberOf(change) + 1),
  };
}

const numberOf = (change: Change): number => {
  if (change.kind === 'create') return change.oid;
  return change.kind === 'put' ? change.row : 0;
};

function withoutTransaction(database: Database, ended: number): Database {
  return {
    ...database,
    open: new Map([...database.open].filter(([xid]) => xid !== ended)),
    prepared: new Map([...database.prepared].filter(([, xid]) => xid !== ended)),
  };
}

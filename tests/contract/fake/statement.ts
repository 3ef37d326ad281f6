import type { StatementResult } from '../../../src/cluster/sql-engine.ts';
import type { Change, Column, Row, Table, Tables, Value } from './database.ts';
import {
  asInteger,
  columnName,
  evaluate,
  hasAggregate,
  type Scope,
  sortedBy,
  textOf,
} from './expression.ts';
import { Blocked, notOffered, Refused } from './refused.ts';
import { characterAt, lastName, listOf, only, type Statement, type Tree } from './syntax.ts';

/** What statements on rows work with: the tables as their transaction sees them, and what others hold. */
export interface Ground {
  readonly sql: string;
  readonly tables: Tables;
  readonly isReadOnly: boolean;
  /** What prepared transactions have done that nobody sees yet. */
  readonly others: readonly { readonly xid: number; readonly changes: readonly Change[] }[];
  /** Relations that replay holds locked here. */
  readonly locked: ReadonlySet<number>;
  newId(): number;
  write(changes: readonly Change[]): void;
  /** Has taken AccessExclusiveLock on a relation. */
  lockRelation(table: number): void;
  call(name: string, args: readonly Value[]): Value | undefined;
}

const TYPE_OIDS = { int4: 23, int8: 20, text: 25, bool: 16 } as const;

const TYPES: Readonly<Record<string, Column['type']>> = {
  int4: 'int4',
  int8: 'int8',
  text: 'text',
  varchar: 'text',
  bool: 'bool',
};

interface Source {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly types: readonly number[] | null;
}

/** Runs a statement that reads or changes tables and rows. */
export function runStatement({ node, body }: Statement, ground: Ground): StatementResult {
  switch (node) {
    case 'SelectStmt':
      return select(body, ground);
    case 'InsertStmt':
      forbidIn(ground, 'INSERT');
      return insert(body, ground);
    case 'UpdateStmt':
      forbidIn(ground, 'UPDATE');
      return change('UPDATE', body, ground);
    case 'DeleteStmt':
      forbidIn(ground, 'DELETE');
      return change('DELETE', body, ground);
    case 'CreateStmt':
      forbidIn(ground, 'CREATE TABLE');
      return createTable(body, ground);
    case 'DropStmt':
      forbidIn(ground, 'DROP TABLE');
      return dropTable(body, ground);
    default:
      throw notOffered(node);
  }
}

function forbidIn({ isReadOnly }: Ground, what: string): void {
  if (isReadOnly) throw new Refused('25006', `cannot execute ${what} in a read-only transaction`);
}

const done = (command: string): StatementResult => ({ command, columns: [], rows: [] });

const scopeOf = (ground: Ground, columns: readonly string[], row: Row): Scope => ({
  columns,
  row,
  group: null,
  call: (name, args) => ground.call(name, args),
  position: (byte) => characterAt(ground.sql, byte),
});

function tableOf(relation: unknown, ground: Ground, mode: string): Table {
  const { relname, location, relpersistence } = relation as Tree;
  if (relpersistence === 't') throw notOffered('temporary tables');
  const table = [...ground.tables.values()].find(({ name }) => name === relname);
  if (!table)
    throw new Refused('42P01', `relation "${relname}" does not exist`, {
      position: characterAt(ground.sql, (location as number | undefined) ?? 0),
    });
  const dropped = ground.others.some(({ changes }) =>
    changes.some((one) => one.kind === 'drop' && one.table === table.oid),
  );
  if (dropped || ground.locked.has(table.oid)) waitForRelation(table, mode);
  return table;
}

function waitForRelation({ oid: relation }: Table, mode: string): never {
  throw new Blocked({ kind: 'lock', event: 'relation', xid: null, relation, mode });
}

const waitForTransaction = (xid: number): never => {
  throw new Blocked({
    kind: 'lock',
    event: 'transactionid',
    xid,
    relation: null,
    mode: 'ShareLock',
  });
};

function select(body: Tree, ground: Ground): StatementResult {
  if (body.lockingClause) throw notOffered('FOR UPDATE');
  const source = rowsOf(body, ground);
  return { command: `SELECT ${source.rows.length}`, ...asText(source) };
}

const asText = ({ columns, rows, types }: Source): Omit<StatementResult, 'command'> => ({
  columns,
  rows: rows.map((row) => row.map(textOf)),
  ...(types && { typeOids: types }),
});

/** What a query returns. */
function rowsOf(body: Tree, ground: Ground): Source {
  for (const clause of ['groupClause', 'havingClause', 'distinctClause', 'withClause', 'larg'])
    if (body[clause]) throw notOffered(clause);
  if (body.valuesLists) {
    const rows = listOf(body.valuesLists).map((list) =>
      listOf(only(list).body.items).map((item) => evaluate(item, scopeOf(ground, [], []))),
    );
    return { columns: (rows[0] ?? []).map((_, index) => `column${index + 1}`), rows, types: null };
  }
  const from = sourceOf(listOf(body.fromClause), ground);
  const scope = (row: Row): Scope => scopeOf(ground, from.columns, row);
  const found = from.rows.filter(
    (row) => body.whereClause === undefined || evaluate(body.whereClause, scope(row)) === true,
  );
  const order = listOf(body.sortClause).map((key) => only(key).body);
  const rows = order.length > 0 ? sortedBy(found, order, scope) : found;
  const targets = listOf(body.targetList).map((target) => only(target).body);
  const isStar = targets.some(({ val }) => JSON.stringify(val).includes('"A_Star"'));
  if (isStar && targets.length > 1) throw notOffered('* beside other columns');
  const limit =
    body.limitCount === undefined
      ? Number.POSITIVE_INFINITY
      : Number(evaluate(body.limitCount, scope([])));
  if (isStar) return { ...from, rows: rows.slice(0, limit) };
  const columns = targets.map(columnName);
  const each = (scoped: Scope): Row => targets.map(({ val }) => evaluate(val, scoped));
  if (hasAggregate(targets))
    return { columns, rows: [each({ ...scope([]), group: rows })], types: null };
  return { columns, rows: rows.slice(0, limit).map((row) => each(scope(row))), types: null };
}

/** FROM: one table, or generate_series(); without it one row of no columns. */
function sourceOf(from: readonly Tree[], ground: Ground): Source {
  const [first, ...more] = from;
  if (first === undefined) return { columns: [], rows: [[]], types: null };
  if (more.length > 0) throw notOffered('joins');
  const { node, body } = only(first);
  if (node === 'RangeVar') {
    const { columns, rows } = tableOf(body, ground, 'AccessShareLock');
    return {
      columns: columns.map(({ name }) => name),
      rows: [...rows.values()],
      types: columns.map(({ type }) => TYPE_OIDS[type]),
    };
  }
  if (node !== 'RangeFunction') throw notOffered(node);
  const [called] = listOf((only(listOf(body.functions)[0]).body as { items?: unknown }).items);
  const { funcname, args } = only(called).body;
  if (lastName(funcname) !== 'generate_series') throw notOffered(lastName(funcname));
  const [low = 0, high = 0] = listOf(args).map((argument) =>
    Number(evaluate(argument, scopeOf(ground, [], []))),
  );
  const name = String((body.alias as Tree | undefined)?.aliasname ?? 'generate_series');
  const rows = Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => [low + index]);
  return { columns: [name], rows, types: [TYPE_OIDS.int4] };
}

function insert(body: Tree, ground: Ground): StatementResult {
  if (body.onConflictClause) throw notOffered('ON CONFLICT');
  const table = tableOf(body.relation, ground, 'RowExclusiveLock');
  const named = listOf(body.cols).map((target) => String(only(target).body.name));
  const places = named.length > 0 ? named : table.columns.map(({ name }) => name);
  const { rows } = rowsOf(only(body.selectStmt).body, ground);
  const keys = new Keys(table, ground);
  const put = rows.map((given): Extract<Change, { kind: 'put' }> => {
    const values = table.columns.map((column) => {
      const at = places.indexOf(column.name);
      return stored(at < 0 ? null : (given[at] ?? null), column, table);
    });
    keys.add(values);
    return { kind: 'put', table: table.oid, row: ground.newId(), values };
  });
  ground.write(put);
  const written = put.map(({ values }) => values);
  return { ...returning(body, table, ground, written), command: `INSERT 0 ${written.length}` };
}

/** UPDATE and DELETE: each row that somebody else has changed and not committed is waited for. */
function change(command: 'UPDATE' | 'DELETE', body: Tree, ground: Ground): StatementResult {
  const table = tableOf(body.relation, ground, 'RowExclusiveLock');
  const names = table.columns.map(({ name }) => name);
  const targets = listOf(body.targetList).map((target) => only(target).body);
  const changes: Change[] = [];
  const written: Row[] = [];
  for (const [id, row] of table.rows) {
    const scope = scopeOf(ground, names, row);
    if (body.whereClause && evaluate(body.whereClause, scope) !== true) continue;
    const holder = ground.others.find(({ changes: theirs }) =>
      theirs.some((one) => 'row' in one && one.row === id),
    );
    if (holder) waitForTransaction(holder.xid);
    if (command === 'DELETE') {
      changes.push({ kind: 'delete', table: table.oid, row: id });
      written.push(row);
      continue;
    }
    const values = table.columns.map((column, index) => {
      const target = targets.find(({ name }) => name === column.name);
      return target ? stored(evaluate(target.val, scope), column, table) : (row[index] ?? null);
    });
    if (table.key !== null && values[table.key] !== row[table.key])
      throw notOffered('an UPDATE of a primary key');
    changes.push({ kind: 'put', table: table.oid, row: id, values });
    written.push(values);
  }
  ground.write(changes);
  return { ...returning(body, table, ground, written), command: `${command} ${written.length}` };
}

function returning(
  { returningClause }: Tree,
  table: Table,
  ground: Ground,
  written: readonly Row[],
): Omit<StatementResult, 'command'> {
  if (!returningClause) return { columns: [], rows: [] };
  const targets = listOf((returningClause as Tree).exprs).map((target) => only(target).body);
  const names = table.columns.map(({ name }) => name);
  const rows = written.map((row) =>
    targets.map(({ val }) => evaluate(val, scopeOf(ground, names, row))),
  );
  return asText({ columns: targets.map(columnName), rows, types: null });
}

/** A value as its column keeps it. */
function stored(value: Value, { name, type, notNull }: Column, table: Table): Value {
  if (value === null && notNull)
    throw new Refused(
      '23502',
      `null value in column "${name}" of relation "${table.name}" violates not-null constraint`,
    );
  if (type === 'int4' || type === 'int8') return asInteger(value, type);
  return type === 'text' ? textOf(value) : value;
}

/** The values of a primary key that are taken, by rows that are seen or may come to be. */
class Keys {
  readonly #table: Table;
  readonly #taken: Set<Value>;
  readonly #others: ReadonlyMap<Value, number>;

  constructor(table: Table, { others }: Ground) {
    const { key } = table;
    this.#table = table;
    this.#taken = new Set(
      key === null ? [] : [...table.rows.values()].map((row) => row[key] ?? null),
    );
    this.#others = new Map(
      others.flatMap(({ xid, changes }) =>
        changes.flatMap((one): [Value, number][] =>
          key !== null && one.kind === 'put' && one.table === table.oid
            ? [[one.values[key] ?? null, xid]]
            : [],
        ),
      ),
    );
  }

  add(values: Row): void {
    const { key, name, columns } = this.#table;
    if (key === null) return;
    const value = values[key] ?? null;
    if (this.#taken.has(value))
      throw new Refused('23505', `duplicate key value violates unique constraint "${name}_pkey"`, {
        detail: `Key (${columns[key]?.name})=(${textOf(value)}) already exists.`,
      });
    const holder = this.#others.get(value);
    if (holder !== undefined) waitForTransaction(holder);
    this.#taken.add(value);
  }
}

function createTable(body: Tree, ground: Ground): StatementResult {
  const { relname, relpersistence } = body.relation as Tree;
  if (relpersistence !== 'p') throw notOffered('temporary and unlogged tables');
  const name = String(relname);
  const isKnown = [...ground.tables.values()].some((table) => table.name === name);
  if (isKnown) throw new Refused('42P07', `relation "${name}" already exists`);
  const holder = ground.others.find(({ changes }) =>
    changes.some((one) => one.kind === 'create' && one.name === name),
  );
  if (holder) waitForTransaction(holder.xid);
  let key: number | null = null;
  const columns = listOf(body.tableElts).map((element, index): Column => {
    const { node, body: definition } = only(element);
    if (node !== 'ColumnDef') throw notOffered(`${node} in CREATE TABLE`);
    const constraints = listOf(definition.constraints).map((one) => only(one).body.contype);
    const unknown = constraints.find(
      (one) => one !== 'CONSTR_PRIMARY' && one !== 'CONSTR_NOTNULL' && one !== 'CONSTR_NULL',
    );
    if (unknown !== undefined) throw notOffered(String(unknown));
    if (constraints.includes('CONSTR_PRIMARY')) key = index;
    const typeName = lastName((definition.typeName as Tree).names);
    const type = TYPES[typeName];
    if (type === undefined) throw notOffered(`the type ${typeName}`);
    const notNull = constraints.some((one) => one !== 'CONSTR_NULL');
    return { name: String(definition.colname), type, notNull };
  });
  ground.write([{ kind: 'create', oid: ground.newId(), name, columns, key }]);
  return done('CREATE TABLE');
}

function dropTable(body: Tree, ground: Ground): StatementResult {
  if (body.removeType !== 'OBJECT_TABLE') throw notOffered(String(body.removeType));
  for (const object of listOf(body.objects)) {
    const name = lastName(only(object).body.items);
    const table = [...ground.tables.values()].find((one) => one.name === name);
    if (!table) throw new Refused('42P01', `table "${name}" does not exist`);
    const isUsed = ground.others.some(({ changes }) =>
      changes.some((one) => 'table' in one && one.table === table.oid),
    );
    if (isUsed || ground.locked.has(table.oid)) waitForRelation(table, 'AccessExclusiveLock');
    ground.lockRelation(table.oid);
    ground.write([{ kind: 'drop', table: table.oid }]);
  }
  return done('DROP TABLE');
}

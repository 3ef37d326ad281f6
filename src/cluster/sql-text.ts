import { loadModule, parseSync } from 'libpg-query';
import { type Refusal, refusalOf } from './refusal.ts';
import { endsWithItsBlock, plainSetOf, systemChange, timeoutOf } from './set-statement.ts';
import { isConcurrent, tableLockOf, usersOf } from './table-users.ts';

/** What a transaction-control statement does to the transaction block. */
export type TransactionControl =
  | 'begin'
  | 'commit'
  | 'rollback'
  | 'prepare'
  | 'commit prepared'
  | 'rollback prepared'
  | 'savepoint';

/** One statement of a string, as PostgreSQL's own parser sees it. */
export interface ParsedStatement {
  readonly text: string;
  /** The parser's node name: `InsertStmt`, `SelectStmt`, … */
  readonly node: string;
  readonly control: TransactionControl | null;
  /** The name in PREPARE TRANSACTION, COMMIT PREPARED, ROLLBACK PREPARED. */
  readonly gid: string | null;
  /** May stand in a transaction block without changing what it does, so its commit can be taken apart. */
  readonly inBlock: boolean;
  /** Has CONCURRENTLY: it ends transactions on its way, and waits for those of others. */
  readonly concurrent: boolean;
  /** ALTER TABLE … DETACH PARTITION CONCURRENTLY and CREATE INDEX CONCURRENTLY: the table, as SQL names it. */
  readonly waitsForUsersOf: string | null;
  /** VACUUM and ANALYZE of one table, CREATE INDEX CONCURRENTLY: what they lock for as long as they work, and how. */
  readonly locksTable: { readonly table: string; readonly mode: string } | null;
  /** The statement that completes a DETACH PARTITION CONCURRENTLY which was interrupted; else null. */
  readonly finalizes: string | null;
  /** Leaves something in the session: SET, PREPARE, DISCARD, set_config(). */
  readonly changesSession: boolean;
  /** SELECT … FOR UPDATE and the like: what it returns may depend on others' locks (SKIP LOCKED). */
  readonly locksRows: boolean;
  /** Takes, looks at or gives back an advisory lock. */
  readonly usesAdvisoryLocks: boolean;
  /** COMMIT AND CHAIN, ROLLBACK AND CHAIN. */
  readonly chains: boolean;
  /** SET or RESET of a setting that changes nothing else, for the session; null for any other statement. */
  readonly setsPlainly: { readonly name: string; readonly resets: boolean } | null;
  /** SET of a timeout: the setting, and its value in milliseconds. */
  readonly setsTimeout: { readonly name: string; readonly value: number } | null;
  /** RESET SESSION AUTHORIZATION and what includes it. */
  readonly resetsAuthorization: boolean;
  /** The names of SQL-level prepared statements it makes or drops; `null` in `drops` stands for all. */
  readonly prepares: string | null;
  readonly deallocates: string | 'all' | null;
  /** Custom settings (with a dot) that it names. */
  readonly customSettings: readonly string[];
  /** Leaves something in the session that no other backend can be given: words for the reader, or null. */
  readonly ties: string | null;
  /** ALTER SYSTEM: what it changes; `name` null is RESET ALL, `value` null is RESET. */
  readonly altersSystem: { readonly name: string | null; readonly value: string | null } | null;
  /** Could replace or drop what the simulator shows its state through. */
  readonly mayChangeCatalog: boolean;
  /** Why this course does not run it, or null. */
  readonly refusal: Refusal | null;
}

/** A part of a string that is sent to the server as it stands: it ends with the string or behind a statement that ends a transaction. */
export interface SqlPiece {
  readonly sql: string;
  /** Characters of the whole string before this piece, to be added to error positions. */
  readonly offset: number;
  readonly statements: readonly ParsedStatement[];
  /** What stands before its last statement. */
  readonly beforeLast: string;
}

/** Loads PostgreSQL's parser once; call before {@link planString}. */
export const loadParser = (): Promise<void> => loadModule();

/** What a session is tied to the backend by that took an advisory lock for longer than a transaction. */
export const ADVISORY_TIE = 'a session-level advisory lock';

/** A node of the parse tree as JSON. */
export type Tree = Readonly<Record<string, unknown>>;

/** Statements that do the same inside a transaction block as outside it. Others (VACUUM, LOCK, DO with COMMIT …) run as they are. */
const IN_BLOCK = new Set(
  (
    'SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt CopyStmt CreateStmt CreateTableAsStmt AlterTableStmt ' +
    'ViewStmt CreateFunctionStmt CreateSeqStmt AlterSeqStmt TruncateStmt GrantStmt CommentStmt RenameStmt ' +
    'CreateSchemaStmt CreateTrigStmt CreateEnumStmt CreateDomainStmt CompositeTypeStmt CreateRoleStmt ' +
    'ExplainStmt ExecuteStmt RefreshMatViewStmt RuleStmt IndexStmt DropStmt AlterRoleStmt AlterRoleSetStmt DropRoleStmt ' +
    'GrantRoleStmt AlterDatabaseSetStmt CreateRangeStmt AlterFunctionStmt AlterObjectSchemaStmt AlterOwnerStmt ' +
    'DefineStmt AlterDomainStmt CreateExtensionStmt CreatePolicyStmt AlterPolicyStmt CreateStatsStmt AlterStatsStmt ' +
    'AlterDefaultPrivilegesStmt DropOwnedStmt ReassignOwnedStmt CreateCastStmt AlterTypeStmt CreateEventTrigStmt ' +
    'CreatePublicationStmt AlterPublicationStmt AlterObjectDependsStmt'
  ).split(' '),
);

/** Statements that make, replace, rename or drop functions and views, or may do so by dynamic SQL. */
const CHANGES_CATALOG = new Set(
  (
    'CreateFunctionStmt AlterFunctionStmt ViewStmt DropStmt RenameStmt RuleStmt AlterObjectSchemaStmt ' +
    'AlterOwnerStmt AlterTableStmt AlterExtensionStmt DoStmt CallStmt'
  ).split(' '),
);

const CONTROL: Readonly<Record<string, TransactionControl>> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_PREPARE: 'prepare',
  TRANS_STMT_COMMIT_PREPARED: 'commit prepared',
  TRANS_STMT_ROLLBACK_PREPARED: 'rollback prepared',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'savepoint',
  TRANS_STMT_ROLLBACK_TO: 'savepoint',
};

const ENDS_TRANSACTION = new Set<TransactionControl | null>([
  'commit',
  'rollback',
  'prepare',
  'commit prepared',
  'rollback prepared',
]);

/** Statements that leave their mark in the session: in a string with others they belong to its one transaction. */
const SESSION_NODES = new Set(['VariableSetStmt', 'PrepareStmt', 'DeallocateStmt']);
/** These may end transactions themselves, which only a run can tell; then a block of ours is refused with 2D000. */
const PROCEDURAL_NODES = new Set(['DoStmt', 'CallStmt']);

/** Whether a string outside a transaction block can be given a block of ours, so that its commit can be taken apart. */
export const mayBeWrapped = (statements: readonly ParsedStatement[]): boolean =>
  statements.some(({ node }) => !SESSION_NODES.has(node)) &&
  statements.every(
    ({ node, inBlock }) => inBlock || SESSION_NODES.has(node) || PROCEDURAL_NODES.has(node),
  );

/** Whether a string takes a snapshot: BEGIN, SET, SAVEPOINT and the like do not. */
export const takesSnapshot = (sql: string): boolean =>
  planString(sql).some(({ statements }) =>
    statements.some(({ control, node }) => control === null && !node.startsWith('Variable')),
  );

/**
 * Cuts a simple-protocol string into the pieces between which a client may have to wait: a new piece starts behind each
 * statement that ends a transaction. A string that does not parse is one piece without statements: PostgreSQL words the error.
 */
export const planString = (sql: string): readonly SqlPiece[] =>
  cut(sql, ({ control }) => ENDS_TRANSACTION.has(control));

/** The statements of a piece, each a piece of its own. */
export const statementsOf = ({ sql, offset }: SqlPiece): readonly SqlPiece[] =>
  cut(sql, () => true).map((piece) => ({ ...piece, offset: piece.offset + offset }));

function cut(sql: string, isEnd: (statement: ParsedStatement) => boolean): readonly SqlPiece[] {
  const statements = parse(sql);
  if (statements === null) return [{ sql, offset: 0, statements: [], beforeLast: '' }];
  const pieces: SqlPiece[] = [];
  let start = 0;
  let held: ParsedStatement[] = [];
  for (const [index, { statement, begin, end }] of statements.entries()) {
    held.push(statement);
    const last = index === statements.length - 1;
    if (!last && !isEnd(statement)) continue;
    const stop = last ? sql.length : end;
    pieces.push({
      sql: sql.slice(start, stop),
      offset: [...sql.slice(0, start)].length,
      statements: held,
      beforeLast: sql.slice(start, Math.max(start, begin)),
    });
    start = stop;
    held = [];
  }
  return pieces.length > 0 ? pieces : [{ sql, offset: 0, statements: [], beforeLast: '' }];
}

function parse(sql: string): { statement: ParsedStatement; begin: number; end: number }[] | null {
  let tree: { stmts?: { stmt?: Tree; stmt_location?: number; stmt_len?: number }[] };
  try {
    tree = parseSync(sql) as typeof tree;
  } catch {
    return null;
  }
  const bytes = new TextEncoder().encode(sql);
  const textOf = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to));
  return (tree.stmts ?? []).map(({ stmt, stmt_location = 0, stmt_len }) => {
    const stop = stmt_len ? stmt_location + stmt_len : bytes.length;
    const [node, body] = Object.entries(stmt ?? {})[0] as [string, Tree];
    // The separator belongs to the statement it ends.
    const end = Math.min(textOf(0, stop).length + 1, sql.length);
    const begin = textOf(0, stmt_location).length;
    return { statement: describe(textOf(stmt_location, stop).trim(), node, body), begin, end };
  });
}

function describe(text: string, node: string, body: Tree): ParsedStatement {
  const control = node === 'TransactionStmt' ? (CONTROL[body.kind as string] ?? null) : null;
  const calls = functionCalls(body);
  const altersSystem = node === 'AlterSystemStmt' ? systemChange(body.setstmt as Tree) : null;
  return {
    text,
    node,
    control,
    gid: (body.gid as string | undefined) ?? null,
    inBlock: IN_BLOCK.has(node) && !isConcurrent(node, body),
    concurrent: isConcurrent(node, body),
    ...usersOf(node, body),
    locksTable: tableLockOf(node, body),
    changesSession:
      (!endsWithItsBlock(node, body) &&
        [
          'VariableSetStmt',
          'PrepareStmt',
          'DeallocateStmt',
          'DiscardStmt',
          'DoStmt',
          'CallStmt',
        ].includes(node)) ||
      calls.has('set_config'),
    locksRows: node === 'SelectStmt' && body.lockingClause !== undefined,
    usesAdvisoryLocks: [...calls].some((name) => name.includes('advisory')),
    chains: node === 'TransactionStmt' && body.chain === true,
    setsPlainly: plainSetOf(node, body),
    setsTimeout: timeoutOf(node, body),
    resetsAuthorization:
      (node === 'DiscardStmt' && body.target === 'DISCARD_ALL') ||
      (node === 'VariableSetStmt' &&
        body.name === 'session_authorization' &&
        body.kind !== 'VAR_SET_VALUE'),
    prepares: node === 'PrepareStmt' ? (body.name as string) : null,
    deallocates: deallocated(node, body),
    customSettings:
      node === 'VariableSetStmt' && String(body.name).includes('.') ? [String(body.name)] : [],
    ties: tieOf(node, body, calls),
    altersSystem,
    mayChangeCatalog: CHANGES_CATALOG.has(node) || /\bpg_(proc|class|rewrite)\b/i.test(text),
    refusal: refusalOf(node, body, altersSystem),
  };
}

function deallocated(node: string, body: Tree): string | 'all' | null {
  if (node === 'DiscardStmt') return body.target === 'DISCARD_ALL' ? 'all' : null;
  if (node !== 'DeallocateStmt') return null;
  return (body.name as string | undefined) ?? 'all';
}

function tieOf(node: string, body: Tree, calls: ReadonlySet<string>): string | null {
  const relation = (body.relation ?? (body.into as Tree | undefined)?.rel) as Tree | undefined;
  if (relation?.relpersistence === 't') return 'a temporary table';
  if (node === 'ListenStmt') return 'LISTEN';
  // CURSOR_OPT_HOLD of parsenodes.h
  if (node === 'DeclareCursorStmt' && ((body.options as number) & 0x20) !== 0)
    return 'a cursor WITH HOLD';
  if (
    ['pg_advisory_lock', 'pg_advisory_lock_shared', 'pg_try_advisory_lock'].some((name) =>
      calls.has(name),
    )
  )
    return ADVISORY_TIE;
  return null;
}

function functionCalls(body: Tree): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, name] of JSON.stringify(body).matchAll(
    /"FuncCall":\{"funcname":\[(?:\{"String":\{"sval":"pg_catalog"\}\},)?\{"String":\{"sval":"([^"]+)"/g,
  ))
    names.add(name as string);
  return names;
}

import type { ParsedStatement, Tree } from './sql-text.ts';

/** Whether it says CONCURRENTLY. */
export function isConcurrent(node: string, body: Tree): boolean {
  if (node === 'IndexStmt' || node === 'DropStmt' || node === 'RefreshMatViewStmt')
    return body.concurrent === true;
  if (node === 'ReindexStmt') return JSON.stringify(body.params ?? null).includes('concurrently');
  return node === 'AlterTableStmt' && /"concurrent":true/.test(JSON.stringify(body));
}

const quoted = (name: unknown): string => `"${String(name).replaceAll('"', '""')}"`;

const tableName = ({ schemaname, relname }: Tree): string =>
  schemaname === undefined ? quoted(relname) : `${quoted(schemaname)}.${quoted(relname)}`;

/** The users of which table it waits for, and how it is completed; see {@link ParsedStatement.waitsForUsersOf}. */
export function usersOf(
  node: string,
  body: Tree,
): Pick<ParsedStatement, 'waitsForUsersOf' | 'finalizes'> {
  const nothing = { waitsForUsersOf: null, finalizes: null };
  if (!isConcurrent(node, body) || body.relation === undefined) return nothing;
  const table = tableName(body.relation as Tree);
  if (node === 'IndexStmt') return { waitsForUsersOf: table, finalizes: null };
  const [command] = (body.cmds ?? []) as readonly { AlterTableCmd?: Tree }[];
  const detached = command?.AlterTableCmd?.def as { PartitionCmd?: { name: Tree } } | undefined;
  if (!detached?.PartitionCmd) return nothing;
  const partition = tableName(detached.PartitionCmd.name);
  return {
    waitsForUsersOf: table,
    finalizes: `alter table ${table} detach partition ${partition} finalize`,
  };
}

/** VACUUM FULL takes the table for itself (vacuum_rel, vacuum.c); the others share it with all but their like and DDL. */
export function tableLockOf(node: string, body: Tree): ParsedStatement['locksTable'] {
  const shared = 'share update exclusive';
  if (node === 'IndexStmt' && isConcurrent(node, body))
    return { table: tableName(body.relation as Tree), mode: shared };
  if (node !== 'VacuumStmt') return null;
  const [target, ...others] = (body.rels ?? []) as readonly { VacuumRelation?: Tree }[];
  const relation = target?.VacuumRelation?.relation as Tree | undefined;
  if (relation === undefined || others.length > 0) return null;
  const isFull = /"defname":"full"/.test(JSON.stringify(body.options ?? null));
  return { table: tableName(relation), mode: isFull ? 'access exclusive' : shared };
}

import type { Asked } from './asked.ts';

/** How many rows of a table are carried: a text of one statement. */
const MOST_ROWS = 5_000;

/** The table's definition and rows as one string of SQL: what `pg_dump --inserts -t TABLE` would print, as far as it is needed here. */
const dumpSql = (table: string): string => `
select 'create table ' || t.oid::regclass || ' (' ||
    string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attnotnull then ' not null' else '' end, ', ' order by a.attnum)
    || coalesce((select ', ' || string_agg(pg_get_constraintdef(c.oid), ', ' order by c.conname)
        from pg_constraint c where c.conrelid = t.oid and c.contype in ('p', 'u', 'c')), '') || ')',
  string_agg(quote_ident(a.attname), ', ' order by a.attnum)
from pg_class t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
where t.oid = ${literal(table)}::regclass group by t.oid`;

const rowsSql = (table: string, columns: string): string =>
  `select '(' || concat_ws(', ', ${columns
    .split(', ')
    .map((column) => `quote_nullable(${column})`)
    .join(', ')}) || ')' from ${table} order by 1 limit ${MOST_ROWS + 1}`;

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A lock that pg_dump would wait for: on a standby, of a transaction whose end is not replayed yet. */
const lockedSql = (table: string): string => `
select 1 from pg_locks where relation = ${literal(table)}::regclass and mode = 'AccessExclusiveLock' and granted`;

/**
 * What restores a table elsewhere, in one transaction; or why there is nothing to restore.
 * @param ask puts a question to the server that has the table.
 */
export async function dumpTable(
  table: string,
  ask: (sql: string) => Promise<Asked>,
): Promise<{ readonly sql: string; readonly rows: number } | { readonly error: string }> {
  const definition = await ask(dumpSql(table));
  const [create, columns] = definition.results[0]?.rows[0] ?? [];
  if (!create || !columns) return { error: definition.error?.message ?? 'no answer' };
  const locked = await ask(lockedSql(table));
  if ((locked.results[0]?.rows.length ?? 0) > 0)
    return {
      error: `it would wait for the ACCESS EXCLUSIVE lock on ${table}: of the transaction that drops it the lock is replayed, the end is not`,
    };
  const answer = await ask(rowsSql(table, columns));
  if (answer.error) return { error: answer.error.message };
  const rows = answer.results[0]?.rows.map(([row]) => row) ?? [];
  if (rows.length > MOST_ROWS) return { error: `more than ${MOST_ROWS} rows are not carried here` };
  const insert = rows.length > 0 ? `; insert into ${table} values ${rows.join(', ')}` : '';
  return { sql: `begin; ${create}${insert}; commit`, rows: rows.length };
}

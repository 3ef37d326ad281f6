import type { Asked } from './asked.ts';

/** How many rows of a table are carried: a text of one statement. */
const MOST_ROWS = 5_000;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * One string that asks for all that `pg_dump --inserts -t TABLE` would print, as far as it is needed here: the table's
 * definition, whether it is locked (on a standby, by a transaction whose end is not replayed yet), and its rows.
 */
const dumpSql = (table: string): string => `
select 'create table ' || t.oid::regclass || ' (' ||
    string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attnotnull then ' not null' else '' end, ', ' order by a.attnum)
    || coalesce((select ', ' || string_agg(pg_get_constraintdef(c.oid), ', ' order by c.conname)
        from pg_constraint c where c.conrelid = t.oid and c.contype in ('p', 'u', 'c')), '') || ')'
from pg_class t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
where t.oid = ${literal(table)}::regclass group by t.oid;
select 1 from pg_locks
where relation = ${literal(table)}::regclass and mode = 'AccessExclusiveLock' and granted;
select '(' || string_agg(quote_nullable(e.value), ', ' order by a.attnum) || ')'
from ${table} t cross join lateral jsonb_each_text(to_jsonb(t)) e
  join pg_attribute a on a.attrelid = t.tableoid and a.attname = e.key
group by t.ctid order by t.ctid limit ${MOST_ROWS + 1}`;

/**
 * What restores a table elsewhere, in one transaction; or why there is nothing to restore.
 * @param ask puts a string to the server that has the table.
 */
export async function dumpTable(
  table: string,
  ask: (sql: string) => Promise<Asked>,
): Promise<{ readonly sql: string; readonly rows: number } | { readonly error: string }> {
  const { results, error } = await ask(dumpSql(table));
  const [definition, locks, contents] = results;
  const create = definition?.rows[0]?.[0];
  if (error || !create) return { error: error?.message ?? 'no answer' };
  if (locks && locks.rows.length > 0)
    return {
      error: `it would wait for the ACCESS EXCLUSIVE lock on ${table}: of the transaction that drops it the lock is replayed, the end is not`,
    };
  const rows = (contents?.rows ?? []).map(([row]) => row);
  if (rows.length > MOST_ROWS) return { error: `more than ${MOST_ROWS} rows are not carried here` };
  const insert = rows.length > 0 ? `; insert into ${table} values ${rows.join(', ')}` : '';
  return { sql: `begin; ${create}${insert}; commit`, rows: rows.length };
}

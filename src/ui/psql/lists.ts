import { type Ask, fail, type Printout, say } from './command.ts';
import { matching, namePattern } from './name-pattern.ts';

/** Kinds of relations by the letter of their command: pg_class.relkind, and the plural that psql 18 uses. */
const KINDS: Readonly<Record<string, { readonly relkinds: string; readonly plural: string }>> = {
  t: { relkinds: "'r', 'p'", plural: 'tables' },
  i: { relkinds: "'i', 'I'", plural: 'indexes' },
  v: { relkinds: "'v'", plural: 'views' },
  m: { relkinds: "'m'", plural: 'materialized views' },
  s: { relkinds: "'S'", plural: 'sequences' },
};
const ALL = { relkinds: "'r', 'p', 'v', 'm', 'S', 'f'", plural: 'relations' };

export const RELATION_KIND = `case c.relkind when 'r' then 'table' when 'v' then 'view' when 'm' then 'materialized view'
  when 'i' then 'index' when 'S' then 'sequence' when 'f' then 'foreign table' when 'p' then 'partitioned table'
  when 'I' then 'partitioned index' end`;

/** \d, \dt, \di, \dv, \dm, \ds: listTables of psql's describe.c. */
export async function listRelations(
  letters: string,
  pattern: string | null,
  system: boolean,
  ask: Ask,
): Promise<readonly Printout[]> {
  const kinds = [...letters].flatMap((letter) => KINDS[letter] ?? []);
  const { relkinds, plural } =
    kinds.length === 1 && kinds[0]
      ? kinds[0]
      : kinds.length === 0
        ? ALL
        : { relkinds: kinds.map((kind) => kind.relkinds).join(', '), plural: 'relations' };
  const hidden =
    system || pattern !== null
      ? 'true'
      : `n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'`;
  const table = letters === 'i' ? ', t.relname as "Table"' : '';
  const sql = `
    select n.nspname as "Schema", c.relname as "Name", ${RELATION_KIND} as "Type",
      pg_catalog.pg_get_userbyid(c.relowner) as "Owner"${table}
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      left join pg_catalog.pg_index i on i.indexrelid = c.oid left join pg_catalog.pg_class t on t.oid = i.indrelid
    where c.relkind in (${relkinds}) and ${hidden}
      and ${pattern === null ? 'pg_catalog.pg_table_is_visible(c.oid)' : matching(namePattern(pattern))}
    order by 1, 2`;
  const none =
    pattern === null
      ? `Did not find any ${plural}.`
      : `Did not find any ${plural} named "${pattern}".`;
  return list(`List of ${plural}`, sql, none, ask);
}

const ROLES = `
  select rolname as "Role name", pg_catalog.concat_ws(', ',
    case when rolsuper then 'Superuser' end, case when not rolinherit then 'No inheritance' end,
    case when rolcreaterole then 'Create role' end, case when rolcreatedb then 'Create DB' end,
    case when not rolcanlogin then 'Cannot login' end, case when rolreplication then 'Replication' end,
    case when rolbypassrls then 'Bypass RLS' end) as "Attributes"
  from pg_catalog.pg_roles where rolname !~ '^pg_' order by 1`;

const DATABASES = `
  select datname as "Name", pg_catalog.pg_get_userbyid(datdba) as "Owner",
    pg_catalog.pg_encoding_to_char(encoding) as "Encoding",
    case datlocprovider when 'b' then 'builtin' when 'c' then 'libc' when 'i' then 'icu' end as "Locale Provider",
    datcollate as "Collate", datctype as "Ctype", coalesce(datlocale, '') as "Locale",
    coalesce(daticurules, '') as "ICU Rules",
    coalesce(pg_catalog.array_to_string(datacl, e'\\n'), '') as "Access privileges"
  from pg_catalog.pg_database order by 1`;

const SCHEMAS = `
  select nspname as "Name", pg_catalog.pg_get_userbyid(nspowner) as "Owner" from pg_catalog.pg_namespace
  where nspname !~ '^pg_' and nspname <> 'information_schema' order by 1`;

export const listRoles = (ask: Ask) => list('List of roles', ROLES, 'There are no roles.', ask);
export const listDatabases = (ask: Ask) =>
  list('List of databases', DATABASES, 'There are no databases.', ask);
export const listSchemas = (ask: Ask) =>
  list('List of schemas', SCHEMAS, 'Did not find any schemas.', ask);

async function list(
  title: string,
  sql: string,
  none: string,
  ask: Ask,
): Promise<readonly Printout[]> {
  const { results, error } = await ask(sql);
  if (error) return fail(error);
  const [result] = results;
  if (!result || result.rows.length === 0) return say(none);
  const count = result.rows.length;
  return [{ title, result, lines: [`(${count} ${count === 1 ? 'row' : 'rows'})`], error: null }];
}

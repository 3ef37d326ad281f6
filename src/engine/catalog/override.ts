/**
 * How a built-in function becomes ours.
 *
 * PostgreSQL finds a built-in's C code by its OID and never reads its pg_proc row, so a new body in that row would be
 * ignored wherever the planner does not inline it. Here the row keeps all that a client can see (name, signature,
 * defaults, volatility, strictness, privileges), gets a PL/pgSQL body, and moves to an OID that has no C code. The OIDs
 * are below 12000, so PostgreSQL itself refuses to drop the functions, in the words it has for every built-in. System
 * views hold functions by OID and are made again, each from its own definition.
 */

/** First of the OIDs given out; 8000–9999 are unused by released versions of PostgreSQL. */
const FIRST_OID = 9000;

/** Functions of ours run their own operators and functions, whatever a session's search_path says. */
const SEARCH_PATH = 'search_path=pg_catalog';

/** First line of every body of ours. */
export const MARK = '-- Standby: modelled';

/** Replaces the body of a built-in; `signature` as in `pg_promote(boolean, integer)`, `body` in PL/pgSQL. */
export const override = (signature: string, body: string): string => `
update pg_proc
set prolang = (select oid from pg_language where lanname = 'plpgsql'), prosrc = $sim$${MARK}${body}$sim$, probin = null,
  proconfig = array['${SEARCH_PATH}']
where oid = 'pg_catalog.${signature}'::regprocedure`;

/** The same with a body in SQL, for a built-in whose arguments and OUT columns share names: PL/pgSQL refuses those. */
export const overrideInSql = (signature: string, body: string): string => `
update pg_proc
set prolang = (select oid from pg_language where lanname = 'sql'), prosrc = $sim$${MARK}\n${body}$sim$, probin = null,
  proconfig = array['${SEARCH_PATH}']
where oid = 'pg_catalog.${signature}'::regprocedure`;

/** Keeps a built-in's C code callable under `…_builtin`. */
export const keepBuiltin = (
  name: string,
  parameters: string,
  returns: string,
  attributes = '',
): string => `
create function pg_catalog.${name}_builtin(${parameters}) returns ${returns}
language internal ${attributes} as '${name}'`;

/** Moves every function that the statements before it made or changed to a pinned OID, and re-makes the views over it. */
export const settle = `
do $do$
declare
  ours constant oid[] := (
    select array_agg(oid order by proname, pronargs, proargtypes::text)
    from pg_proc
    where pronamespace = 'pg_catalog'::regnamespace
      and (prosrc like '${MARK}%' or proname like '%\\_builtin'));
  views constant jsonb := (
    select jsonb_object_agg(c.relname, pg_get_viewdef(c.oid))
    from pg_rewrite r join pg_class c on c.oid = r.ev_class
    where r.ev_action::text ~ (':funcid (' || array_to_string(ours, '|') || ') '));
  place oid;
  name text;
  definition text;
begin
  for i in 1 .. cardinality(ours) loop
    place := ${FIRST_OID - 1} + i;
    update pg_proc set oid = place where oid = ours[i];
    update pg_description set objoid = place where classoid = 'pg_proc'::regclass and objoid = ours[i];
    update pg_init_privs set objoid = place where classoid = 'pg_proc'::regclass and objoid = ours[i];
    update pg_depend set objid = place where classid = 'pg_proc'::regclass and objid = ours[i];
    if (select prosrc like '${MARK}%' from pg_proc where oid = place) then
      if (select lanname = 'sql' from pg_proc p join pg_language l on l.oid = p.prolang where p.oid = place) then
        perform fmgr_sql_validator(place);
      else
        perform plpgsql_validator(place);
      end if;
    end if;
  end loop;
  for name, definition in select * from jsonb_each_text(views) order by 1 loop
    execute format('create or replace view pg_catalog.%I as %s', name, definition);
  end loop;
end $do$`;

/** The views that settle finds to make again; a test holds the list against the catalog. */
const VIEWS = [
  'pg_locks',
  'pg_prepared_xacts',
  'pg_replication_slots',
  'pg_stat_activity',
  'pg_stat_archiver',
  'pg_stat_checkpointer',
  'pg_stat_database',
  'pg_stat_database_conflicts',
  'pg_stat_gssapi',
  'pg_stat_replication',
  'pg_stat_ssl',
  'pg_stat_wal_receiver',
];

/**
 * One row with one text that changes when anybody changes a function or view of ours (privileges apart: GRANT is fine).
 * It reads catalogs only; a recorded run must count it as a call like any other.
 */
export const catalogFingerprintSql = `
select md5(string_agg(part, e'\\n' order by part)) as fingerprint
from (
  select concat_ws(' ', p.oid, p.pronamespace, p.proname, p.proargtypes, l.lanname, p.prosecdef, p.proconfig, p.prosrc)
  from pg_catalog.pg_proc p left join pg_catalog.pg_language l on l.oid = p.prolang
  where p.oid between ${FIRST_OID} and ${FIRST_OID + 999}
  union all
  select concat_ws(' ', c.relname, r.ev_enabled, r.ev_action)
  from pg_catalog.pg_class c left join pg_catalog.pg_rewrite r on r.ev_class = c.oid
  where c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace and c.relname in (${VIEWS.map((view) => `'${view}'`).join(', ')})
) as parts(part)`;

import type { Server } from '../../cluster/sql-engine.ts';
import { START } from '../../sim/instant.ts';

/**
 * What an editor can complete without asking a server: PostgreSQL's catalogs and views with their columns, functions that a
 * person may call, settings, keywords. One row, one column: JSON in the shape of `ui/editor/sql-editor.ts`.
 */
const WORDS = `
with callable as (
  select proname, pg_get_function_arguments(p.oid) as arguments
  from pg_proc p
  where pronamespace = 'pg_catalog'::regnamespace and prokind <> 'p'
    and prorettype not in ('internal'::regtype, 'cstring'::regtype, 'trigger'::regtype, 'event_trigger'::regtype,
      'index_am_handler'::regtype, 'table_am_handler'::regtype, 'fdw_handler'::regtype, 'language_handler'::regtype)
    and not proargtypes::oid[] && array['internal'::regtype, 'cstring'::regtype]::oid[]
    and not exists (select from pg_operator where oprcode = p.oid)
    and not exists (select from pg_cast where castfunc = p.oid)
    and not exists (select from pg_amproc where amproc = p.oid)
    and not exists (select from pg_aggregate where p.oid in (aggtransfn, aggfinalfn, aggcombinefn, aggmtransfn, aggminvtransfn, aggmfinalfn))
    and proname !~ '^(RI_|binary_upgrade_|sim_|pg_stat_get_|.*(sel|joinsel|_support|_in|_out|_recv|_send|_builtin)$)'
)
select json_build_object(
  'relations', (
    select json_agg(json_build_object('name', relname, 'kind', case relkind when 'v' then 'view' else 'table' end, 'columns', (
      select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) order by attnum)
      from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped)) order by relname)
    from pg_class c where relnamespace = 'pg_catalog'::regnamespace and relkind in ('r', 'v')),
  'functions', (
    select json_agg(json_build_object('name', proname, 'arguments', arguments) order by proname)
    from (select proname, min(arguments) || case when count(*) > 1 then ', …' else '' end as arguments from callable group by proname) f),
  'settings', (select json_agg(json_build_object('name', name, 'about', short_desc) order by name) from pg_settings),
  'keywords', (select json_agg(word order by word) from pg_get_keywords())
)::text`;

export function sqlWords(server: Server): string {
  const { results, error } = server.execute(WORDS, START);
  const words = results[0]?.rows[0]?.[0];
  if (error || !words) throw new Error(`the words of SQL cannot be read: ${error?.message}`);
  return words;
}

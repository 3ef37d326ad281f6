import type { Session } from '../../session/session.ts';
import type { Snapshot } from '../../session/snapshot.ts';
import type { Schema } from './sql-editor.ts';

/** What a node has that PostgreSQL does not bring with it. One row, one column, in the shape of {@link Schema}. */
const OWN_NAMES = `
select json_build_object(
  'relations', coalesce((
    select json_agg(json_build_object(
      'name', case when pg_table_is_visible(c.oid) then relname else nspname || '.' || relname end,
      'kind', case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end,
      'columns', coalesce((
        select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) order by attnum)
        from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped and relkind <> 'S'), '[]')) order by relname)
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'f', 'S') and nspname not in ('pg_catalog', 'information_schema')
      and nspname !~ '^pg_(toast|temp)'), '[]'),
  'functions', coalesce((
    select json_agg(json_build_object('name', proname, 'arguments', pg_get_function_arguments(p.oid)) order by proname)
    from pg_proc p join pg_namespace n on n.oid = pronamespace
    where nspname not in ('pg_catalog', 'information_schema') and pg_function_is_visible(p.oid)), '[]'),
  'settings', '[]'::json, 'keywords', '[]'::json)::text`;

const CHANGES_NAMES = /^(CREATE|ALTER|DROP|SELECT INTO|IMPORT)/;
/** A standby shows a new table when it has replayed it, which no statement of its own tells. */
const STANDBY_KEEPS_MS = 5_000;

interface Known {
  readonly changes: string;
  readonly atMs: number;
  readonly schema: Promise<Schema | null>;
}

const known = new WeakMap<Session, Map<string, Known>>();

/** Names of a node, asked of a copy: the run never knows. Kept until a statement may have changed them. */
export function nodeSchema(session: Session, node: string): Promise<Schema | null> {
  const snapshot = session.snapshot.get();
  if (snapshot.phase !== 'running') return Promise.resolve(null);
  const nodes = known.get(session) ?? new Map<string, Known>();
  known.set(session, nodes);
  const changes = changesOf(snapshot);
  const before = nodes.get(node);
  const standby = snapshot.view?.nodes.find(({ name }) => name === node)?.role === 'standby';
  const old = standby && performance.now() - (before?.atMs ?? 0) > STANDBY_KEEPS_MS;
  if (before && before.changes === changes && !old) return before.schema;
  const schema = ask(session, node);
  nodes.set(node, { changes, atMs: performance.now(), schema });
  return schema;
}

async function ask(session: Session, node: string): Promise<Schema | null> {
  const { results, error } = await session.ask(node, OWN_NAMES);
  const text = results[0]?.rows[0]?.[0];
  return error || !text ? null : (JSON.parse(text) as Schema);
}

/** Another one whenever names may have changed. */
function changesOf({ statements, lookingAt }: Snapshot): string {
  const changing = statements.filter(({ results }) =>
    results.some(({ command }) => CHANGES_NAMES.test(command)),
  );
  return `${lookingAt} ${changing.length} ${changing.at(-1)?.id}`;
}

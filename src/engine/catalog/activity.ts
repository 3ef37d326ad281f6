import { type Columns, names, outParameters, qualified } from './columns.ts';
import { keepBuiltin, override } from './override.ts';

const PUBLIC = ['datid oid', 'pid integer', 'usesysid oid', 'application_name text'] as const;

/** Columns that PostgreSQL shows to members of the row's role and of pg_read_all_stats; the transaction ids are public. */
const PRIVATE = [
  'state text',
  'query text',
  'wait_event_type text',
  'wait_event text',
  'xact_start timestamptz',
  'query_start timestamptz',
  'backend_start timestamptz',
  'state_change timestamptz',
  'client_addr inet',
  'client_hostname text',
  'client_port integer',
  'backend_xid xid',
  'backend_xmin xid',
  'backend_type text',
  'ssl boolean',
  'sslversion text',
  'sslcipher text',
  'sslbits integer',
  'ssl_client_dn text',
  'ssl_client_serial numeric',
  'ssl_issuer_dn text',
  'gss_auth boolean',
  'gss_princ text',
  'gss_enc boolean',
  'gss_delegation boolean',
  'leader_pid integer',
  'query_id bigint',
] as const;

const ACTIVITY: Columns = [...PUBLIC, ...PRIVATE];

/** What a backend without a modelled value shows. */
const DEFAULTS: Readonly<Record<string, string>> = {
  application_name: "''",
  query: "''",
  ssl: 'false',
  gss_auth: 'false',
  gss_enc: 'false',
  gss_delegation: 'false',
};

const value = (name: string): string =>
  `coalesce(x.${name}, own.${name}${name in DEFAULTS ? `, ${DEFAULTS[name]}` : ''})`;

const visible = (name: string): string => {
  if (names(PUBLIC).includes(name) || name.startsWith('backend_x')) return value(name);
  const hidden = name === 'query' ? " else '<insufficient privilege>'" : '';
  return `case when may.see then ${value(name)}${hidden} end`;
};

/** The functions that ask for one column of one backend, by its number among the rows. */
const BY_BACKEND: Readonly<Record<string, string>> = {
  pg_stat_get_backend_pid: 'pid',
  pg_stat_get_backend_dbid: 'datid',
  pg_stat_get_backend_userid: 'usesysid',
  pg_stat_get_backend_activity: 'query',
  pg_stat_get_backend_activity_start: 'query_start',
  pg_stat_get_backend_xact_start: 'xact_start',
  pg_stat_get_backend_start: 'backend_start',
  pg_stat_get_backend_client_addr: 'client_addr',
  pg_stat_get_backend_client_port: 'client_port',
  pg_stat_get_backend_wait_event_type: 'wait_event_type',
  pg_stat_get_backend_wait_event: 'wait_event',
};

/**
 * pg_stat_activity, and the other views over pg_stat_get_activity: the modelled processes. What the state leaves null in
 * the row of the session that asks comes from the real backend, as its transaction id in the middle of a string.
 */
export const activityStatements: readonly string[] = [
  keepBuiltin('pg_backend_pid', '', 'integer', 'stable strict'),
  override(
    'pg_backend_pid()',
    `
begin
  return coalesce((sim_state('node') ->> 'backendPid')::integer, pg_backend_pid_builtin());
end `,
  ),

  // A security definer: the real backend's row belongs to nobody, so only a superuser would see all of it.
  keepBuiltin(
    'pg_stat_get_activity',
    `pid integer, ${outParameters(ACTIVITY)}`,
    'setof record',
    'stable security definer',
  ),
  override(
    'pg_stat_get_activity(integer)',
    `
declare
  sim constant jsonb := sim_state('processes');
  backend_pid constant integer := pg_backend_pid();
begin
  return query
  select ${names(ACTIVITY).map(visible).join(',\n    ')}
  from jsonb_to_recordset(sim -> 'activity') as x(${ACTIVITY.join(', ')})
  left join pg_stat_get_activity_builtin(pg_backend_pid_builtin()) as own on x.pid = backend_pid
  cross join lateral (
    select pg_has_role('pg_read_all_stats', 'usage') or coalesce(pg_has_role(x.usesysid, 'usage'), false)
  ) as may(see)
  where $1 is null or x.pid = $1;
end `,
  ),
  // PL/pgSQL refuses an argument and a result column of the same name.
  `update pg_proc set proargnames[1] = '' where oid = 'pg_catalog.pg_stat_get_activity(integer)'::regprocedure`,

  override(
    'pg_stat_get_db_numbackends(oid)',
    `
begin
  return (select count(*) from jsonb_to_recordset(sim_state('processes') -> 'activity') as x(datid oid) where x.datid = $1);
end `,
  ),

  override(
    'pg_stat_get_backend_idset()',
    `
begin
  return query select generate_series(1, jsonb_array_length(sim_state('processes') -> 'activity'));
end `,
  ),
  ...Object.entries(BY_BACKEND).map(([name, column]) =>
    override(
      `${name}(integer)`,
      `
begin
  return (select ${qualified('a', [column])} from pg_stat_get_activity(null) with ordinality as a where a.ordinality = $1);
end `,
    ),
  ),
];

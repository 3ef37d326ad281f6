import { MARK, override } from './override.ts';

/**
 * `sim_signal(name, args)`: tells the simulator by a NOTICE with an SQLSTATE of its own. client_min_messages is set here,
 * so that no session's setting can hold the notice back.
 */
const simSignal = `
create function pg_catalog.sim_signal(name text, args jsonb default '[]') returns void language plpgsql
set client_min_messages = notice set search_path = pg_catalog as $sim$${MARK}
begin
  raise notice using errcode = 'SIM01', message = jsonb_build_object('name', name, 'args', args);
end $sim$`;

/** Processes that are no backends: PostgreSQL knows no such pid when it is asked to signal one. */
const AUXILIARY = [
  'startup',
  'checkpointer',
  'background writer',
  'walwriter',
  'walreceiver',
  'archiver',
  'walsummarizer',
  'io worker',
];

interface BackendSignal {
  readonly signature: string;
  readonly verb: string;
  readonly participle: string;
  readonly object: string;
  readonly objects: string;
  /** Runs before anything else. */
  readonly check: string;
  /** What the session itself gets to hear when it is its own target: no session outruns its own signal. */
  readonly own: { readonly sqlstate: string; readonly message: string };
}

/** The rules of pg_signal_backend(): superusers' backends for superusers, others for members of their role or pg_signal_backend. */
const signalBackend = (signal: BackendSignal): string => {
  const { verb, participle, object, objects, own } = signal;
  return override(
    signal.signature,
    `
declare
  target record;
begin ${signal.check}
  select x.usesysid, u.rolsuper into target
  from jsonb_to_recordset(sim_state('processes') -> 'activity') as x(pid integer, usesysid oid, backend_type text)
  left join pg_roles u on u.oid = x.usesysid
  where x.pid = $1 and x.backend_type <> all (array[${AUXILIARY.map((type) => `'${type}'`).join(', ')}]);
  if not found then
    raise warning 'PID % is not a PostgreSQL backend process', $1;
    return false;
  end if;
  if coalesce(target.rolsuper, true) and not current_setting('is_superuser')::boolean then
    raise exception using errcode = '42501', message = 'permission denied to ${verb} ${object}',
      detail = 'Only roles with the SUPERUSER attribute may ${verb} ${objects} of roles with the SUPERUSER attribute.';
  elsif not pg_has_role(target.usesysid, 'usage') and not pg_has_role('pg_signal_backend', 'usage') then
    raise exception using errcode = '42501', message = 'permission denied to ${verb} ${object}',
      detail = 'Only roles with privileges of the role whose ${object} is being ${participle} or with privileges of the "pg_signal_backend" role may ${verb} this ${object}.';
  end if;
  perform sim_signal('${verb}', jsonb_build_array($1));
  if $1 = pg_backend_pid() then
    raise exception using errcode = '${own.sqlstate}', message = '${own.message}';
  end if;
  return true;
end `,
  );
};

/** Functions that send signals to processes. */
export const signalStatements: readonly string[] = [
  simSignal,
  override(
    'pg_reload_conf()',
    `
begin
  perform sim_signal('reload');
  return true;
end `,
  ),
  signalBackend({
    signature: 'pg_cancel_backend(integer)',
    verb: 'cancel',
    participle: 'canceled',
    object: 'query',
    objects: 'queries',
    check: '',
    own: { sqlstate: '57014', message: 'canceling statement due to user request' },
  }),
  signalBackend({
    signature: 'pg_terminate_backend(integer, bigint)',
    verb: 'terminate',
    participle: 'terminated',
    object: 'process',
    objects: 'processes',
    check: `
  if timeout < 0 then
    raise exception using errcode = '22003', message = '"timeout" must not be negative';
  end if;`,
    own: {
      sqlstate: '57P01',
      message: 'terminating connection due to administrator command',
    },
  }),
];

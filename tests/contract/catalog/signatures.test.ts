import { PGlite } from '@electric-sql/pglite';
import { beforeAll, describe, expect, test } from 'vitest';
import { catalogFingerprintSql } from '../../../src/engine/catalog/index.ts';
import { type Answer, CatalogServer } from './server.ts';

const FUNCTIONS = `
select proname || '(' || pg_get_function_identity_arguments(oid) || ')' as signature,
  regexp_replace(pg_get_function_arguments(oid), '^pid ', '') as arguments, pg_get_function_result(oid) as result,
  provolatile, proisstrict, proretset, proparallel, procost, prorows, prosecdef, proacl, proowner, obj_description(oid) as comment
from pg_proc where pronamespace = 'pg_catalog'::regnamespace order by 1`;

const VIEWS = `
select c.relname, c.oid, c.relacl, pg_get_viewdef(c.oid) as definition,
  (select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum)
   from pg_attribute where attrelid = c.oid and attnum > 0) as columns
from pg_class c where c.relkind = 'v' and c.relnamespace = 'pg_catalog'::regnamespace order by 1`;

const signature = ({ signature: text }: Answer['rows'][number]): string =>
  (text ?? '').replace('pg_stat_get_activity(pid integer', 'pg_stat_get_activity(integer');

let server: CatalogServer;
let before: { functions: Answer['rows']; views: Answer['rows'] };

const look = async () => ({
  functions: await server.rows(FUNCTIONS),
  views: await server.rows(VIEWS),
});

beforeAll(async () => {
  server = await CatalogServer.stock();
  before = await look();
  await server.install();
}, 60_000);

describe('what a client can see of functions and views', () => {
  test('is as in a stock PostgreSQL, but for our helpers', async () => {
    const after = await look();
    const known = new Set(before.functions.map(signature));
    const added = after.functions.map(signature).filter((name) => !known.has(name));
    expect(added.every((name) => /^sim_|_builtin\(/.test(name))).toBe(true);
    const strip = (rows: Answer['rows']) =>
      rows
        .map((row) => ({ ...row, signature: signature(row) }))
        .filter((row) => known.has(row.signature));
    expect(strip(after.functions)).toEqual(strip(before.functions));
    expect(after.views).toEqual(before.views);
  });

  test("leaves nothing in a user's \\dn, \\df, \\d", async () => {
    expect(await server.values("select nspname from pg_namespace where nspname !~ '^pg_'")).toEqual(
      expect.arrayContaining(['public', 'information_schema']),
    );
    expect(
      await server.values(
        `select proname from pg_proc where pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)`,
      ),
    ).toEqual([]);
  });
});

describe('the overrides', () => {
  test('cannot be dropped, in the words for every built-in', async () => {
    for (const name of ['pg_promote', 'pg_cancel_backend', 'pg_stat_get_activity', 'sim_state']) {
      const { error } = await server.ask(`drop function ${name} cascade`);
      expect(error).toMatch(
        /^2BP01 cannot drop function .* because it is required by the database system$/,
      );
    }
    expect((await server.ask('drop extension plpgsql cascade')).error).toMatch(/^2BP01 /);
  });

  test.each([
    "create or replace function pg_catalog.pg_promote(wait boolean default true, wait_seconds integer default 60) returns boolean language sql as 'select true'",
    'alter function pg_backend_pid() rename to mine',
    "update pg_proc set prosrc = 'x' where proname = 'pg_is_wal_replay_paused'",
    "delete from pg_proc where proname = 'sim_signal'",
    'drop view pg_stat_activity cascade',
    'create or replace view pg_catalog.pg_stat_wal_receiver as select * from pg_stat_get_wal_receiver() where false',
  ])('change the fingerprint when changed: %s', async (sql) => {
    const [fingerprint] = await server.values(catalogFingerprintSql);
    await server.rows('begin');
    await server.rows(sql);
    expect(await server.values(catalogFingerprintSql)).not.toEqual([fingerprint]);
    await server.rows('rollback');
    expect(await server.values(catalogFingerprintSql)).toEqual([fingerprint]);
  });

  test('may be granted', async () => {
    const fingerprint = await server.values(catalogFingerprintSql);
    await server.rows('create role operator');
    await server.rows('grant execute on function pg_promote to operator');
    expect(await server.values(catalogFingerprintSql)).toEqual(fingerprint);
  });

  test('are all behind the views that the fingerprint reads', async () => {
    expect(
      (
        await server.values(
          `select c.relname from pg_rewrite r join pg_class c on c.oid = r.ev_class
         where r.ev_action::text ~ ':funcid 9[0-9]{3} ' order by 1`,
        )
      ).every((view) => catalogFingerprintSql.includes(`'${view}'`)),
    ).toBe(true);
  });

  test('survive in the data directory', async () => {
    const dumped = await server.db.dumpDataDir('none');
    const copy = await PGlite.create({ loadDataDir: dumped });
    const { rows } = await copy.query(catalogFingerprintSql);
    expect(rows).toEqual(await server.rows(catalogFingerprintSql));
    await copy.close();
  }, 30_000);
});

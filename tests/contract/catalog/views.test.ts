import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CatalogServer, PIDS, STATE, WAL_RECEIVER } from './server.ts';

let server: CatalogServer;

beforeAll(async () => {
  server = await CatalogServer.modelled();
  await server.rows('create role bob');
}, 60_000);

afterEach(async () => {
  await server.ask('rollback');
  await server.rows('set session authorization postgres'); // RESET does not undo it in PGlite
  await server.rows('reset all');
  server.recovery(false);
  server.present(STATE);
});

describe('pg_stat_activity', () => {
  test('shows modelled processes, each in its order', async () => {
    expect(
      await server.rows(
        'select pid, datname, usename, wait_event, backend_type from pg_stat_activity limit 2',
      ),
    ).toEqual([
      {
        pid: '101',
        datname: 'postgres',
        usename: 'postgres',
        wait_event: null,
        backend_type: 'client backend',
      },
      {
        pid: '102',
        datname: 'postgres',
        usename: 'postgres',
        wait_event: 'SyncRep',
        backend_type: 'client backend',
      },
    ]);
    expect(await server.values('select count(*) from pg_stat_activity')).toEqual([
      String(STATE.activity.length),
    ]);
    expect(await server.values(`select pid from pg_stat_get_activity(${PIDS.waiting})`)).toEqual([
      '102',
    ]);
  });

  test("takes from the real backend what the state leaves open in the asking session's row", async () => {
    const sql =
      'select state, query, query_start = statement_timestamp() as now, backend_xid = pg_current_xact_id()::xid as xid from pg_stat_activity where pid = pg_backend_pid()';
    await server.rows('begin');
    await server.rows('select pg_current_xact_id()');
    expect(await server.rows(sql)).toEqual([{ state: 'active', query: sql, now: 't', xid: 't' }]);
  });

  test('hides from others what PostgreSQL hides', async () => {
    await server.rows('set role bob');
    expect(
      await server.rows(
        `select usename, application_name, state, query, backend_type, backend_xid, client_addr from pg_stat_activity where pid = ${PIDS.waiting}`,
      ),
    ).toEqual([
      {
        usename: 'postgres',
        application_name: 'psql',
        state: null,
        query: '<insufficient privilege>',
        backend_type: null,
        backend_xid: '900',
        client_addr: null,
      },
    ]);
    expect(await server.rows('select pid, sent_lsn, sync_state from pg_stat_replication')).toEqual([
      { pid: '201', sent_lsn: null, sync_state: null },
    ]);
  });

  test('gives the same to the functions by backend number, and counts for pg_stat_database', async () => {
    expect(
      await server.rows(
        'select pg_stat_get_backend_pid(b) as pid, pg_stat_get_backend_wait_event(b) as event from pg_stat_get_backend_idset() as b limit 2',
      ),
    ).toEqual([
      { pid: '101', event: null },
      { pid: '102', event: 'SyncRep' },
    ]);
    expect(
      await server.values("select numbackends from pg_stat_database where datname = 'postgres'"),
    ).toEqual(['3']);
    expect(await server.values('select count(*) from pg_stat_ssl where not ssl')).toEqual(['4']);
  });
});

describe('pg_stat_replication and pg_stat_wal_receiver', () => {
  const replication =
    'select application_name, sync_state, sent_lsn - flush_lsn as bytes, flush_lag, replay_lag from pg_stat_replication';
  const row = {
    application_name: 'standby1',
    sync_state: 'sync',
    bytes: '16777216',
    flush_lag: '00:00:00.002',
    replay_lag: null,
  };

  test('show walsenders and the walreceiver', async () => {
    expect(await server.rows(replication)).toEqual([row]);
    expect(await server.rows('select * from pg_stat_wal_receiver')).toEqual([]);
    expect(await server.rows('select pid from pg_stat_get_wal_receiver()')).toEqual([
      { pid: null },
    ]);
    server.present({ ...STATE, walreceiver: WAL_RECEIVER });
    expect(
      await server.rows(
        'select status, written_lsn, slot_name, sender_port from pg_stat_wal_receiver',
      ),
    ).toEqual([
      { status: 'streaming', written_lsn: '0/3000100', slot_name: null, sender_port: '5432' },
    ]);
  });

  test('are the same in any context', async () => {
    await server.rows("set search_path = ''");
    await server.rows('set client_min_messages = error');
    expect(await server.rows(replication)).toEqual([row]);
    await server.rows(`prepare p as ${replication}`);
    expect(await server.rows('execute p')).toEqual([row]);
    await server.rows(`create view public.lag as ${replication}`);
    expect(await server.rows('select * from public.lag')).toEqual([row]);
    const { notices, error } = await server.ask(
      "do $$ begin set client_min_messages = notice; raise notice '%', (select count(*) from pg_catalog.pg_stat_replication); end $$",
    );
    expect({ notices, error }).toEqual({ notices: ['00000 1'], error: null });
    expect(
      await server.values('select count(*) from (select pg_stat_get_wal_senders()) as s'),
    ).toEqual(['1']);
    await server.rows('drop view public.lag');
  });

  test("are not led astray by a session's own functions and operators", async () => {
    await server.rows(
      "create function public.jsonb_to_recordset(jsonb) returns setof record language sql as 'select 1 where false'",
    );
    await server.rows('set search_path = public, pg_catalog');
    expect(await server.rows(replication)).toEqual([row]);
    await server.rows('drop function public.jsonb_to_recordset(jsonb)');
  });

  test('are planned as a function scan, as in PostgreSQL', async () => {
    const plan = await server.values('explain (costs off) select * from pg_stat_replication');
    expect(plan.join('\n')).toMatch(/Function Scan on pg_stat_get_wal_senders w/);
  });
});

describe('pg_locks, pg_prepared_xacts, pg_blocking_pids', () => {
  test('show locks of the live backend as those of the asking session, and those waited for', async () => {
    expect(
      await server.rows(
        "select pid, mode, granted, waitstart is not null as waits from pg_locks where locktype <> 'virtualxid'",
      ),
    ).toEqual([
      { pid: '101', mode: 'AccessShareLock', granted: 't', waits: 'f' },
      { pid: '103', mode: 'ShareLock', granted: 'f', waits: 't' },
    ]);
    expect(
      await server.rows(
        `select pg_blocking_pids(${PIDS.blocked}) as blocked, pg_blocking_pids(1) as free`,
      ),
    ).toEqual([{ blocked: ['102'], free: [] }]);
  });

  test("give a hidden transaction's locks to the session that waits, and keep a learner's own", async () => {
    for (const table of ['hidden', 'open']) {
      for (const sql of [
        `create table ${table} (id int)`,
        'begin',
        `insert into ${table} values (1)`,
        `prepare transaction '${table}'`,
      ]) {
        await server.rows(sql);
      }
    }
    const [xid] = await server.values(
      "select transaction from pg_prepared_xacts where gid = 'hidden'",
    );
    server.present({
      ...STATE,
      hiddenPrepared: [
        { gid: 'hidden', xid: Number(xid), pid: PIDS.waiting, virtualTransaction: '5/9' },
      ],
    });
    expect(await server.values('select gid from pg_prepared_xacts')).toEqual(['open']);
    const locks = await server.rows(
      `select locktype, coalesce(relation::regclass::text, transactionid::text, virtualxid) as locked, pid, fastpath
       from pg_locks where virtualtransaction = '5/9' order by 1`,
    );
    expect(locks).toEqual([
      { locktype: 'relation', locked: 'hidden', pid: '102', fastpath: 't' },
      { locktype: 'transactionid', locked: xid, pid: '102', fastpath: 'f' },
      { locktype: 'virtualxid', locked: '5/9', pid: '102', fastpath: 't' },
    ]);
    expect(
      await server.values("select pid from pg_locks where relation = 'open'::regclass"),
    ).toEqual([null]);
    server.recovery(true);
    expect(await server.values('select gid from pg_prepared_xacts')).toEqual([]);
    expect(await server.values('select count(*) from pg_locks where pid is null')).toEqual(['0']);
    server.recovery(false);
    await server.rows("rollback prepared 'hidden'");
    await server.rows("rollback prepared 'open'");
  });
});

import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CatalogServer, PIDS, STATE } from './server.ts';

let server: CatalogServer;

beforeAll(async () => {
  server = await CatalogServer.modelled();
  for (const role of ['bob', 'signaller in role pg_signal_backend', 'carol']) {
    await server.rows(`create role ${role}`);
  }
}, 60_000);

afterEach(async () => {
  await server.ask('rollback');
  await server.rows('set session authorization postgres'); // RESET does not undo it in PGlite
  await server.rows('reset all');
  server.recovery(false);
  server.present(STATE);
});

const signal = (name: string, ...args: unknown[]): string =>
  `SIM01 ${JSON.stringify({ args, name }).replaceAll(':', ': ').replaceAll(',', ', ')}`;

const NOT_IN_RECOVERY = {
  error: '55000 recovery is not in progress',
  hint: 'Recovery control functions can only be executed during recovery.',
};
const IN_RECOVERY = {
  error: '55000 recovery is in progress',
  hint: 'WAL control functions cannot be executed during recovery.',
};

describe('positions', () => {
  test('on a primary are as modelled', async () => {
    expect(
      await server.rows(
        'select pg_backend_pid() as pid, pg_current_wal_lsn() as write, pg_current_wal_flush_lsn() as flush',
      ),
    ).toEqual([{ pid: '101', write: '0/3000000', flush: '0/2000000' }]);
    server.present({ ...STATE, writeLsn: null, replayLsn: null });
    expect(
      await server.rows(
        'select pg_current_wal_lsn() <= pg_current_wal_insert_lsn() as real, pg_last_wal_replay_lsn() as replay',
      ),
    ).toEqual([{ real: 't', replay: null }]);
  });

  test('on a standby are those of replay, for any role and in any context', async () => {
    server.recovery(true);
    const sql =
      'select pg_is_in_recovery() as standby, pg_last_wal_receive_lsn() as receive, pg_last_wal_replay_lsn() as replay, pg_last_xact_replay_timestamp() as at';
    const row = {
      standby: 't',
      receive: '0/1000000',
      replay: '0/900000',
      at: '2026-01-01 00:00:00+00',
    };
    for (const setting of [
      'set role bob',
      "set search_path = ''",
      'set session authorization bob',
    ]) {
      await server.rows(setting);
      await server.rows("set timezone = 'UTC'");
      expect(await server.rows(sql)).toEqual([row]);
    }
    for (const name of [
      'pg_current_wal_lsn',
      'pg_current_wal_flush_lsn',
      'pg_current_wal_insert_lsn',
    ]) {
      expect(await server.ask(`select ${name}()`)).toMatchObject(IN_RECOVERY);
    }
  });

  test('work as defaults and in PL/pgSQL', async () => {
    await server.rows(
      'create temp table t (pid int default pg_backend_pid(), lsn pg_lsn default pg_last_wal_replay_lsn())',
    );
    expect(await server.rows('insert into t default values returning *')).toEqual([
      { pid: '101', lsn: '0/900000' },
    ]);
    const { notices } = await server.ask(
      "do $$ declare pid int := pg_backend_pid(); begin raise notice '% %', pid, pg_last_wal_receive_lsn(); end $$",
    );
    expect(notices).toEqual(['00000 101 0/1000000']);
  });
});

describe('recovery control', () => {
  test.each([
    'pg_wal_replay_pause()',
    'pg_wal_replay_resume()',
    'pg_is_wal_replay_paused()',
    'pg_get_wal_replay_pause_state()',
    'pg_promote(true, 0)',
  ])('is refused on a primary: %s', async (call) => {
    expect(await server.ask(`select ${call}`)).toMatchObject({ ...NOT_IN_RECOVERY, notices: [] });
  });

  test('tells the simulator on a standby', async () => {
    server.recovery(true);
    server.present({ ...STATE, replayPauseState: 'pause requested' });
    expect(
      await server.ask(
        'select pg_wal_replay_pause(), pg_wal_replay_resume(), pg_promote(wait => false)',
      ),
    ).toMatchObject({
      notices: [
        signal('wal_replay_pause'),
        signal('wal_replay_resume'),
        signal('promote', false, 60),
      ],
    });
    expect(
      await server.rows(
        'select pg_is_wal_replay_paused() as paused, pg_get_wal_replay_pause_state() as state',
      ),
    ).toEqual([{ paused: 't', state: 'pause requested' }]);
    expect((await server.ask('select pg_promote(wait_seconds => 0)')).error).toBe(
      '22003 "wait_seconds" must not be negative or zero',
    );
  });

  test('refuses what would write WAL', async () => {
    server.recovery(true);
    for (const [transactional, message] of [
      [false, 'cannot make new WAL entries during recovery'],
      [true, 'cannot assign TransactionIds during recovery'],
    ]) {
      for (const type of ['text', 'bytea']) {
        const { error } = await server.ask(
          `select pg_logical_emit_message(${transactional}, 'p', 'm'::${type})`,
        );
        expect(error).toBe(`XX000 ${message}`);
      }
    }
    expect((await server.ask("select pg_backup_start('x')")).error).toMatch(/^0A000 /);
    server.recovery(false);
    expect(
      await server.values("select pg_logical_emit_message(false, 'p', 'm') is not null"),
    ).toEqual(['t']);
  });

  test('is for those whom PostgreSQL lets', async () => {
    await server.rows('set role bob');
    for (const call of ['pg_promote()', 'pg_wal_replay_pause()', 'pg_reload_conf()']) {
      expect((await server.ask(`select ${call}`)).error).toBe(
        `42501 permission denied for function ${call.slice(0, -2)}`,
      );
    }
  });
});

describe('signals', () => {
  test('reach the simulator from any context', async () => {
    const cancel = signal('cancel', PIDS.waiting);
    const call = `select pg_catalog.pg_cancel_backend(${PIDS.waiting})`;
    await server.rows('set client_min_messages = error');
    await server.rows("set search_path = ''");
    expect(
      await server.ask(`${call}, pg_terminate_backend(${PIDS.walsender}, 5), pg_reload_conf()`),
    ).toMatchObject({
      notices: [cancel, signal('terminate', PIDS.walsender), signal('reload')],
      error: null,
    });
    expect(
      (await server.ask(`do $$ begin perform pg_cancel_backend(${PIDS.waiting}); end $$`)).notices,
    ).toEqual([cancel]);
    await server.rows(`prepare p as ${call}`);
    expect((await server.ask('execute p')).notices).toEqual([cancel]);
    const bySubquery =
      "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'";
    expect((await server.ask(bySubquery)).notices).toEqual([cancel]);
    expect((await server.ask(`begin`)).error).toBe(null);
    expect((await server.ask(call)).notices).toEqual([cancel]);
  });

  test('to a process that is no backend are a warning', async () => {
    for (const pid of [999, PIDS.checkpointer]) {
      expect(await server.ask(`select pg_cancel_backend(${pid}) as sent`)).toMatchObject({
        rows: [{ sent: 'f' }],
        notices: [`01000 PID ${pid} is not a PostgreSQL backend process`],
      });
    }
    expect((await server.ask('select pg_terminate_backend(1, -1)')).error).toBe(
      '22003 "timeout" must not be negative',
    );
  });

  test('to oneself end the statement', async () => {
    expect(await server.ask(`select pg_cancel_backend(pg_backend_pid())`)).toMatchObject({
      error: '57014 canceling statement due to user request',
      notices: [signal('cancel', PIDS.self)],
    });
    expect((await server.ask('select pg_terminate_backend(pg_backend_pid())')).error).toBe(
      '57P01 terminating connection due to administrator command',
    );
  });

  test('need the rights that PostgreSQL asks for', async () => {
    await server.rows('set role signaller');
    expect(await server.ask(`select pg_cancel_backend(${PIDS.waiting})`)).toMatchObject({
      error: '42501 permission denied to cancel query',
      detail:
        'Only roles with the SUPERUSER attribute may cancel queries of roles with the SUPERUSER attribute.',
    });
    await server.rows('reset role');
    const [carol] = await server.values("select oid from pg_roles where rolname = 'carol'");
    server.present({
      ...STATE,
      activity: STATE.activity.map((row) => ({ ...row, usesysid: Number(carol) })),
    });
    await server.rows('set role bob');
    expect(await server.ask(`select pg_terminate_backend(${PIDS.waiting})`)).toMatchObject({
      error: '42501 permission denied to terminate process',
      detail:
        'Only roles with privileges of the role whose process is being terminated or with privileges of the "pg_signal_backend" role may terminate this process.',
    });
    for (const role of ['carol', 'signaller']) {
      await server.rows(`set role ${role}`);
      expect((await server.ask(`select pg_terminate_backend(${PIDS.waiting})`)).notices).toEqual([
        signal('terminate', PIDS.waiting),
      ]);
    }
  });
});

test('what a query costs (printed, not asserted)', async () => {
  const median = async (sql: string): Promise<string> => {
    const times: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      const start = performance.now();
      await server.rows(sql);
      times.push(performance.now() - start);
    }
    return `${times.sort((a, b) => a - b)[20]?.toFixed(2)} ms  ${sql}`;
  };
  const lines: string[] = [];
  for (const sql of [
    'select 1',
    'select pg_is_in_recovery()',
    'select pg_backend_pid()',
    'select pg_last_wal_replay_lsn()',
    'select * from pg_stat_activity',
    'select * from pg_stat_replication',
    'select * from pg_stat_wal_receiver',
    'select * from pg_locks',
    'select * from pg_prepared_xacts',
    `select pg_cancel_backend(${PIDS.waiting})`,
  ]) {
    lines.push(await median(sql));
  }
  console.info(lines.join('\n'));
}, 30_000);

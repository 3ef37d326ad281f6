import { beforeAll, describe, expect, it } from 'vitest';
import { loadParser, planString } from '../../../src/cluster/sql-text.ts';
import { POSSIBLE_COMMANDS } from '../../../src/postgres/archive-command.ts';

beforeAll(loadParser);

const only = (sql: string) => planString(sql)[0]?.statements[0];

describe('a simple-protocol string is cut where a client may have to wait', () => {
  it('leaves one statement alone', () => {
    expect(planString('insert into t values (1)').map(({ sql }) => sql)).toEqual([
      'insert into t values (1)',
    ]);
  });

  it('keeps an implicit transaction together', () => {
    expect(planString('insert into t values (1); insert into t values (2)')).toHaveLength(1);
  });

  it('begins a new piece behind COMMIT, ROLLBACK and PREPARE TRANSACTION', () => {
    const sql = "begin; insert into t values ('a;b'); commit; select 1; begin; rollback; select 2";
    expect(planString(sql).map((piece) => piece.sql.trim())).toEqual([
      "begin; insert into t values ('a;b'); commit;",
      'select 1; begin; rollback;',
      'select 2',
    ]);
  });

  it('counts the characters before a piece, not the bytes', () => {
    const pieces = planString("begin; select 'é'; commit; selec 1");
    expect(pieces).toHaveLength(1);
    expect(planString("begin; select 'é'; commit; select 1")[1]?.offset).toBe(
      "begin; select 'é'; commit;".length,
    );
  });

  it('sends what does not parse as it is: PostgreSQL words the error', () => {
    expect(planString('selec 1; commit')).toEqual([
      { sql: 'selec 1; commit', offset: 0, statements: [], beforeLast: '' },
    ]);
  });
});

describe('what a statement does', () => {
  it.each([
    ['begin isolation level repeatable read', 'begin'],
    ['end', 'commit'],
    ['abort', 'rollback'],
    ["prepare transaction 'x'", 'prepare'],
    ["commit prepared 'x'", 'commit prepared'],
    ['savepoint s', 'savepoint'],
    ['select 1', null],
  ])('%s controls: %s', (sql, control) => {
    expect(only(sql)?.control).toBe(control);
  });

  it.each([
    'vacuum t',
    'lock table t',
    'create index concurrently on t (a)',
    'set local work_mem = 1',
    'do $$ begin commit; end $$',
  ])('%s does not go into a block of ours', (sql) => expect(only(sql)?.inBlock).toBe(false));

  it.each([
    'insert into t values (1)',
    'create table t (a int)',
    'explain analyze delete from t',
    'drop table t',
  ])('%s may go into a block of ours', (sql) => expect(only(sql)?.inBlock).toBe(true));

  it('notes what it leaves in the session', () => {
    expect(only('prepare q as select 1')?.prepares).toBe('q');
    expect(only('deallocate all')?.deallocates).toBe('all');
    expect(only("set my.role = 'cook'")?.customSettings).toEqual(['my.role']);
    expect(only("select set_config('work_mem', '1MB', false)")?.changesSession).toBe(true);
    expect(only('create temp table x (a int)')?.ties).toBe('a temporary table');
    expect(only('select pg_catalog.pg_advisory_lock(1)')?.ties).toBe(
      'a session-level advisory lock',
    );
    expect(only('declare c cursor with hold for select 1')?.ties).toBe('a cursor WITH HOLD');
    expect(only('declare c cursor for select 1')?.ties).toBeNull();
  });

  it('reads ALTER SYSTEM', () => {
    expect(only("alter system set synchronous_standby_names = 'a', 'b'")?.altersSystem).toEqual({
      name: 'synchronous_standby_names',
      value: 'a, b',
    });
    expect(only("alter system set synchronous_standby_names = ''")?.altersSystem?.value).toBe('');
    expect(only('alter system set wal_writer_delay = 10')?.altersSystem?.value).toBe('10');
    expect(only('alter system reset all')?.altersSystem).toEqual({ name: null, value: null });
    expect(only('alter system reset work_mem')?.altersSystem).toEqual({
      name: 'work_mem',
      value: null,
    });
  });

  it('refuses a second database, in words', () => {
    expect(only('create database cafe')?.refusal?.words).toMatch(/has one database/);
  });

  it('refuses COPY into the simulator, in words', () => {
    expect(only("copy t to program 'rm -rf /'")?.refusal?.words).toMatch(/needs a shell/);
    expect(only("copy t to '/sim/state.json'")?.refusal?.words).toMatch(/belongs to the simulator/);
    expect(only("copy t from '//pglite/data/postgresql.conf'")?.refusal?.words).toMatch(
      /belongs to the simulator/,
    );
    expect(only("copy t to '/tmp/t.csv'")?.refusal).toBeNull();
    expect(
      only("alter system set archive_command = 'gzip < %p > /archive/%f.gz'")?.refusal,
    ).toEqual({
      words: 'this archive_command needs a shell, and there is none here',
      hint: POSSIBLE_COMMANDS,
    });
    expect(only("alter system set archive_command = 'cp %p /archive/%f'")?.refusal).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { type Action, ActionRefused } from '../../src/cluster/action.ts';
import { ACCOUNTS, openCluster, type Rig } from './rig.ts';

/** After whatever was done to it the cluster still works as a whole. */
async function expectSound(rig: Rig, session = 'after'): Promise<void> {
  const psql = rig.psql(session);
  await psql.ok('create table if not exists sound (id int)', 'insert into sound values (1)');
  await rig.settle();
  const rows = await psql.value('select count(*) from sound');
  expect(await rig.psql(session, 'standby1').value('select count(*) from sound')).toBe(rows);
  expect(
    await psql.rows('select application_name, state from pg_stat_replication order by 1'),
  ).toEqual(['standby1|streaming', 'standby2|streaming']);
}

describe('SQL that PostgreSQL refuses', () => {
  it.each([
    ['selec 1', '42601 syntax error at or near "selec"'],
    ["select 'open", '42601 unterminated quoted string at or near "\'open"'],
    ['select 1 /* open', '42601 unterminated /* comment at or near "/* open"'],
    ['select nothing', '42703 column "nothing" does not exist'],
    ['table nowhere', '42P01 relation "nowhere" does not exist'],
    ['select nofunction(1)', '42883 function nofunction(integer) does not exist'],
    ['select 1/0', '22012 division by zero'],
    ["select 'x'::int", '22P02 invalid input syntax for type integer: "x"'],
    ['select 2147483647 + 1', '22003 integer out of range'],
    [
      'insert into accounts values (1, 0)',
      '23505 duplicate key value violates unique constraint "accounts_pkey"',
    ],
    [
      'insert into accounts values (9, null)',
      '23502 null value in column "balance" of relation "accounts" violates not-null constraint',
    ],
    ['drop table nowhere', '42P01 table "nowhere" does not exist'],
    ['set nothing = 1', '42704 unrecognized configuration parameter "nothing"'],
    ["set work_mem = 'much'", '22023 invalid value for parameter "work_mem": "much"'],
    [
      "alter system set synchronous_standby_names = 'ANY 1'",
      '42601 invalid value for parameter "synchronous_standby_names": "ANY 1"',
    ],
    ['savepoint a', '25P01 SAVEPOINT can only be used in transaction blocks'],
    ['execute nothing', '26000 prepared statement "nothing" does not exist'],
    ["do $$ begin raise exception using errcode = 'P0001', message = 'mine'; end $$", 'P0001 mine'],
    [
      'with recursive r as (select 1 union all select 1 from r) select * from r where false and 1/0 = 1 limit 0',
      null,
    ],
  ])('%s', async (sql, error) => {
    const rig = await openCluster({ names: 'standby1' });
    const anna = rig.psql('anna');
    expect((await anna.run(sql)).error).toBe(error);
    await anna.ok('begin');
    const again = await anna.run(sql);
    if (error !== null && sql !== 'savepoint a') expect(again.error).not.toBeNull();
    await anna.run('rollback');
    expect(rig.node('primary').sessions.find(({ name }) => name === 'anna')?.transaction).toBe(
      'idle',
    );
    expect(await anna.value('select count(*) from accounts')).toBe('3');
  });

  it('too deep an expression', async () => {
    const rig = await openCluster();
    const anna = rig.psql('anna');
    const deep = await anna.run(`select ${'('.repeat(20_000)}1${')'.repeat(20_000)}`);
    expect(deep.error).toMatch(/^(54001|42601|0A000) /);
    const recursion = await anna.run(
      'create function down(int) returns int language plpgsql as $$ begin return down($1 + 1); end $$; select down(1)',
    );
    expect(recursion.error).toMatch(/^54001 stack depth limit exceeded/);
    await expectSound(rig);
  });
});

describe('files', () => {
  it.each([
    ["copy accounts to program 'cat'", /^0A000 .*shell/],
    ["copy accounts from program 'ls'", /^0A000 .*shell/],
    ["copy (select 1) to '/sim/x'", /^0A000 .*simulator/],
    ["copy (select 1) to '//sim//x'", /^0A000 .*simulator/],
    ["copy (select 1) to '/tmp/../sim/x'", /^0A000 .*simulator/],
    ["copy (select 1) to '/./sim/x'", /^0A000 .*simulator/],
    ["copy accounts from '/pglite/data/PG_VERSION'", /^0A000 .*simulator/],
    ["copy accounts from 'postgresql.conf'", /^0A000 .*simulator/],
    ["copy (select 1) to 'x'", /^42602 relative path not allowed for COPY to file/],
    ["copy accounts from '/nowhere'", /^58P01 could not open file "\/nowhere" for reading/],
    ["select 1; copy accounts to program 'cat'", /^0A000 .*shell/],
  ])('%s', async (sql, error) => {
    // Also where every commit may have to wait, and so gets a block of its own.
    for (const names of ['', 'standby1']) {
      const rig = await openCluster({ names });
      for (const node of ['primary', 'standby1']) {
        const anna = rig.psql('anna', node);
        expect((await anna.run(sql)).error, `${node}, names '${names}'`).toMatch(
          node === 'primary' ? error : /^(0A000|25006|42602|58P01) /,
        );
        expect((await anna.run('select 1; select 2')).error, node).toBeNull();
      }
    }
  });

  it('COPY to and from a file of one’s own, STDIN and STDOUT', async () => {
    const rig = await openCluster();
    const anna = rig.psql('anna');
    await anna.ok(
      "copy accounts to '/tmp/accounts'",
      'create table copied (like accounts)',
      "copy copied from '/tmp/accounts'",
    );
    expect(await anna.value('select count(*) from copied')).toBe('3');
    expect(await anna.rows('copy copied to stdout')).toHaveLength(3);
    const stdin = await anna.run('copy copied from stdin');
    expect(stdin.view.state).not.toBe('running');
    await expectSound(rig);
  });
});

describe('the simulator’s own functions and views', () => {
  it.each([
    'drop function pg_catalog.pg_last_wal_replay_lsn()',
    'create or replace view pg_catalog.pg_stat_activity as select 1 as x',
  ])('%s is refused by PostgreSQL itself', async (sql) => {
    const rig = await openCluster();
    expect((await rig.psql('anna').run(sql)).error).toMatch(/^(2BP01|42501|42P16) /);
    await expectSound(rig);
  });

  it.each([
    'create or replace function pg_catalog.pg_current_wal_lsn() returns pg_lsn language sql as $$ select null::pg_lsn $$',
    'alter function pg_catalog.pg_is_in_recovery() rename to gone',
    "set allow_system_table_mods = on; delete from pg_proc where proname = 'pg_stat_get_wal_senders'",
    'drop view pg_catalog.pg_stat_replication cascade',
    'drop view pg_stat_activity cascade',
    'alter view pg_catalog.pg_locks rename to locks',
    'create or replace function pg_catalog.pg_sleep(double precision) returns void language sql as $$ select $$',
    'create or replace function pg_catalog.json_build_object(variadic "any") returns json language internal as \'json_build_array\'',
  ])('%s changes this node’s catalog and breaks nothing else', async (sql) => {
    const rig = await openCluster({ names: 'standby1' });
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await anna.run(sql);
    // Replication, waits and cancels are no SQL: they go on.
    await ben.ok('insert into accounts values (4, 0)');
    await rig.freeze('standby1', 'walreceiver');
    const commit = await ben.send('insert into accounts values (5, 0)');
    expect(commit.waitsFor).toBe('IPC/SyncRep');
    await ben.cancel();
    await rig.thaw('standby1', 'walreceiver');
    await rig.settle();
    expect(await rig.psql('carl', 'standby2').value('select count(*) from accounts')).toBe('5');
  });
});

describe('a catalog that was changed', () => {
  const notices = async (sql: string) => {
    const rig = await openCluster();
    const { view } = await rig.psql('anna').run(sql);
    return { rig, said: view.notices.map(({ message }) => message) };
  };
  const WARNING = 'pg_catalog of this node is no longer as the course made it';

  it.each([
    'create or replace function pg_catalog.pg_current_wal_lsn() returns pg_lsn language sql as $$ select null::pg_lsn $$',
    "set allow_system_table_mods = on; delete from pg_proc where proname = 'pg_stat_get_wal_senders'",
    'drop view pg_catalog.pg_stat_replication cascade',
    'alter view pg_catalog.pg_locks rename to locks',
    "do $$ begin execute 'drop view pg_stat_activity cascade'; end $$",
  ])('%s is told in words', async (sql) => {
    expect((await notices(sql)).said).toContain(WARNING);
  });

  it.each([
    'create function mine() returns int language sql as $$ select 1 $$',
    'create view theirs as select * from pg_stat_replication',
    'drop table if exists nothing',
    'select count(*) from pg_proc',
  ])('%s changes nothing of it', async (sql) => {
    expect((await notices(sql)).said).not.toContain(WARNING);
  });

  it('is as it was in a new cluster: reset undoes it', async () => {
    await notices('drop view pg_catalog.pg_stat_replication cascade');
    const { rig } = await notices('create view v as select 1');
    expect(await rig.psql('ben').value('select count(*) from pg_stat_replication')).toBe('2');
  });
});

describe('settings that might get into the simulator’s way', () => {
  it.each([
    ['set client_min_messages = error'],
    ["set search_path = ''"],
    ['set session authorization joe'],
    ['set role joe'],
    ['set default_transaction_read_only = on'],
    ["set default_transaction_isolation = 'serializable'"],
    ['set standard_conforming_strings = off'],
    ["set client_encoding = 'LATIN1'"],
    ['set row_security = off'],
    ['set transform_null_equals = on'],
    ["set datestyle = 'German'"],
    ["set intervalstyle = 'iso_8601'"],
    ["set timezone = 'Asia/Kathmandu'"],
    ['set enable_seqscan = off'],
    ['set zero_damaged_pages = on'],
    ["set application_name = E'a''b\\\\c\\nd'"],
    ['set statement_timeout = 1'],
  ])('%s', async (setting) => {
    const rig = await openCluster({
      names: 'standby1',
      setup: [...ACCOUNTS, 'create role joe', 'grant all on accounts to joe'],
    });
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await anna.ok(setting);
    const name = /^set (?:session )?(\w+)/.exec(setting)?.[1] ?? '';
    const shown = await anna.value(
      `show ${name === 'authorization' ? 'session_authorization' : name}`,
    );
    await rig.freeze('standby1', 'walreceiver');
    const commit = await anna.send(
      'begin read write; update public.accounts set balance = 0 where id = 1; commit',
    );
    expect(commit.waitsFor).toBe('IPC/SyncRep');
    const other = await ben.send('insert into accounts values (4, 0)');
    expect(other.waitsFor).toBe('IPC/SyncRep');
    await rig.thaw('standby1', 'walreceiver');
    await commit.answer();
    await other.answer();
    expect([commit.error, other.error]).toEqual([null, null]);
    const carl = rig.psql('carl');
    expect(await carl.rows('select * from accounts order by 1')).toEqual([
      '1|0',
      '2|100',
      '3|100',
      '4|0',
    ]);
    await carl.ok('begin', 'update accounts set balance = 7 where id = 2', 'commit');
    expect(
      await anna.value(`show ${name === 'authorization' ? 'session_authorization' : name}`),
    ).toBe(shown);
    await expectSound(rig, 'dora');
  });

  it('of a quiet session hold back its warnings and no signal', async () => {
    const rig = await openCluster({ names: 'standby1' });
    const anna = rig.psql('anna');
    await anna.ok('set client_min_messages = error');
    await rig.freeze('standby1', 'walreceiver');
    const commit = await anna.send('insert into accounts values (4, 0)');
    await anna.cancel();
    expect(commit.notices).toEqual([]);
    await rig.psql('ben').ok("alter system set synchronous_standby_names = ''");
    await rig.psql('ben').ok('set client_min_messages = error', 'select pg_reload_conf()');
    await rig.wait(10);
    expect(rig.cluster.view().synchronousStandbyNames).toBe('');
  });
});

describe('a great deal of it', () => {
  it.each([100_000, 200_000])('%i rows of output', async (count) => {
    const rig = await openCluster();
    const before = process.memoryUsage().rss;
    const sent = await rig
      .psql('anna')
      .run(`select i, repeat('x', 50) from generate_series(1, ${count}) i`);
    const result = sent.view.results[0];
    expect(result?.command).toBe(`SELECT ${count}`);
    expect(result?.rows).toHaveLength(Math.min(count, 100_000));
    expect(result?.omittedRows ?? 0).toBe(Math.max(0, count - 100_000));
    expect(process.memoryUsage().rss - before).toBeLessThan(600e6);
    await expectSound(rig);
  });

  it('rows of 50 million characters: what is kept has no holes, the rest is counted', async () => {
    const rig = await openCluster();
    const sent = await rig
      .psql('anna')
      .run("select i, repeat('x', 1000000) from generate_series(1, 50) i");
    const result = sent.view.results[0];
    expect(result?.command).toBe('SELECT 50');
    expect([result?.rows.length, result?.omittedRows]).toEqual([31, 19]);
    expect(result?.rows.at(-1)?.[0]).toBe('31');
    await expectSound(rig);
  });

  it('a very long statement runs; one of more than a million characters is refused in words', async () => {
    const rig = await openCluster();
    const anna = rig.psql('anna');
    expect(await anna.value(`select length('${'x'.repeat(900_000)}')`)).toBe('900000');
    const long = await anna.run(`select length('${'x'.repeat(1_000_001)}')`);
    expect(long.error).toMatch(/^0A000 a statement of 10000\d\d characters is too long/);
    await expectSound(rig);
  });

  it('a thousand statements in a string, and a value of ten megabytes', async () => {
    const rig = await openCluster();
    const anna = rig.psql('anna');
    const many = await anna.run(Array.from({ length: 1_000 }, (_, i) => `select ${i}`).join(';'));
    expect(many.tags).toHaveLength(1_000);
    expect(many.rows).toEqual(['999']);
    expect((await anna.value("select repeat('x', 10000000)"))?.length).toBe(10_000_000);
    await expectSound(rig);
  });
});

describe('strings of odd characters', () => {
  it.each([
    ['HTML', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
    ['terminal escapes', '\u001b[2J\u001b]0;owned\u0007\u009b31m'],
    ['right-to-left marks and joiners', '\u202e\u200d\ufeff\u0301'],
    ['beyond the basic plane', '🐘𝒳'],
    ['line ends', 'a\r\nb\u2028c\u0085d'],
    ['quotes and backslashes', 'a\\b"c`d$e$'],
  ])('%s come back as they went', async (_what, text) => {
    const rig = await openCluster({ names: 'standby1' });
    const anna = rig.psql('anna');
    expect((await anna.run(`select '${text}'`)).view.results[0]?.rows).toEqual([[text]]);
    await anna.ok('create table odd (v text)', `insert into odd values ('${text}')`);
    await rig.settle();
    expect((await rig.psql('ben', 'standby1').run('table odd')).view.results[0]?.rows).toEqual([
      [text],
    ]);
    const error = await anna.run(`select "${text.replaceAll('"', '')}"`);
    expect(error.view.error?.sqlstate).toBe('42703');
  });

  it('NUL is refused, alone, in a literal and in a block', async () => {
    const rig = await openCluster();
    const anna = rig.psql('anna');
    for (const sql of ['\0', "select 'a\0b'", 'select 1\0; drop table accounts'])
      expect((await anna.run(sql)).error).toMatch(/^(0A000|22021) .*(NUL|0x00)/);
    await anna.ok('begin');
    expect((await anna.run("select '\0'")).error).not.toBeNull();
    await anna.run('rollback');
    await expectSound(rig);
  });

  it('half a surrogate pair is no character, and harms nothing', async () => {
    const rig = await openCluster();
    const anna = rig.psql('anna');
    const sent = await anna.run("select 'a\ud800b', length('a\ud800b')");
    expect(sent.rows).toEqual(['a\ufffdb|3']);
    expect((await anna.run("select convert_from('\\xff', 'UTF8')")).error).toBe(
      '22021 invalid byte sequence for encoding "UTF8": 0xff',
    );
    await expectSound(rig);
  });

  it.each(['', ' ', '-- a comment', '/* a comment */', ';', ';;;', ' ; -- x\n ; '])(
    '%j is no statement',
    async (sql) => {
      const rig = await openCluster({ names: 'standby1' });
      for (const node of ['primary', 'standby1']) {
        const sent = await rig.psql('anna', node).run(sql);
        expect(sent.error).toBeNull();
        expect(sent.tags).toEqual([]);
        expect(sent.view.state).toBe('done');
      }
    },
  );
});

describe('actions that make no sense', () => {
  const nobody = { node: 'primary', session: 'nobody' };
  it.each<[string, Action, RegExp]>([
    [
      'an unknown node',
      { kind: 'sql', node: 'mars', session: 'a', sql: 'select 1' },
      /there is no node "mars"; the nodes are primary, standby1, standby2/,
    ],
    ['an unknown node of a link', { kind: 'cut', a: 'primary', b: 'mars' }, /no node "mars"/],
    [
      'cancel of an unknown session',
      { kind: 'cancel', ...nobody },
      /session "nobody" of primary is not open/,
    ],
    [
      'terminate of an unknown session',
      { kind: 'terminate', ...nobody },
      /session "nobody" of primary is not open/,
    ],
    ['start of a running node', { kind: 'start', node: 'primary' }, /primary is running/],
    [
      'a link to itself',
      { kind: 'cut', a: 'primary', b: 'primary' },
      /primary has no link to itself/,
    ],
    [
      'freezing a walreceiver that is none',
      { kind: 'freeze', node: 'primary', process: 'walreceiver' },
      /primary has no walreceiver process now/,
    ],
    [
      'a delay that is no number',
      { kind: 'delay', a: 'primary', b: 'standby1', delay: Number.NaN as never },
      /delay/,
    ],
    [
      'a loss of everything',
      { kind: 'loss', a: 'primary', b: 'standby1', ratio: 1 },
      /loss|share|ratio/,
    ],
    [
      'no bandwidth',
      { kind: 'bandwidth', a: 'primary', b: 'standby1', bytesPerSecond: 0 },
      /bytes/,
    ],
    ['a negative fsync', { kind: 'fsync', node: 'primary', time: -1 as never }, /fsync/],
    ['no replay rate', { kind: 'replayRate', node: 'standby1', bytesPerSecond: -5 }, /bytes/],
  ])('%s', async (_what, action, words) => {
    const rig = await openCluster();
    const before = JSON.stringify([
      rig.cluster.hashes(),
      rig.cluster.view(),
      rig.cluster.statements,
    ]);
    const refused = await rig.do(action).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(ActionRefused);
    expect((refused as Error).message).toMatch(words);
    expect(JSON.stringify([rig.cluster.hashes(), rig.cluster.view(), rig.cluster.statements])).toBe(
      before,
    );
    await expectSound(rig);
  });

  it('on a node that is down', async () => {
    const rig = await openCluster();
    await rig.do({ kind: 'kill', node: 'standby1' });
    for (const action of [
      { kind: 'kill', node: 'standby1' },
      { kind: 'powerOff', node: 'standby1' },
      { kind: 'freeze', node: 'standby1', process: 'startup' },
    ] as const)
      await expect(rig.do(action)).rejects.toThrow('standby1 is not running');
    const sent = await rig.psql('anna', 'standby1').run('select 1');
    expect(sent.view.state).toBe('lost');
  });

  it('a second string to a session that still runs its first', async () => {
    const rig = await openCluster();
    const anna = rig.psql('anna');
    const first = await anna.send('select pg_sleep(5)');
    await expect(anna.run('select 1')).rejects.toThrow(
      'session "anna" on primary still runs: select pg_sleep(5)',
    );
    expect((await first.answer()).error).toBeNull();
  });

  it('what has nothing left to do succeeds: thaw, heal, cancel of an idle session', async () => {
    const rig = await openCluster();
    await rig.psql('anna').ok('select 1');
    await rig.thaw('standby1', 'startup');
    await rig.do({ kind: 'heal', a: 'primary', b: 'standby1' });
    await rig.psql('anna').cancel();
    await rig.psql('anna').ok('select 1');
    await expectSound(rig);
  });
});

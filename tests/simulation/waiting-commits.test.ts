import { describe, expect, it } from 'vitest';
import { openCluster } from './rig.ts';

const IN_ACTIVITY =
  "select state, wait_event_type, wait_event, query from pg_stat_activity where wait_event = 'SyncRep'";
const ONE_STANDBY = { names: 'standby1' };
const CANCELED = 'WARNING 01000 canceling wait for synchronous replication due to user request';
const TERMINATED =
  'WARNING 57P01 canceling the wait for synchronous replication and terminating connection due to administrator command';

describe('what each level waits for', () => {
  // One way of a link takes 5 ms, an fsync 0.4 ms.
  it.each([
    { level: 'off', least: 0, most: 1 },
    { level: 'local', least: 0.4, most: 2 },
    { level: 'remote_write', least: 10, most: 12 },
    { level: 'on', least: 10.4, most: 12.5 },
    { level: 'remote_apply', least: 10.4, most: 13 },
  ])('at $level a commit takes $least to $most ms', async ({ level, least, most }) => {
    const rig = await openCluster(ONE_STANDBY);
    const anna = rig.psql('anna');
    await anna.ok(`set synchronous_commit = ${level}`);
    const commit = await anna.run('insert into accounts values (4, 0)');
    expect(commit.took).toBeGreaterThanOrEqual(least);
    expect(commit.took).toBeLessThan(most);
  });

  it.each([
    { level: 'off', walreceiver: true, startup: true },
    { level: 'local', walreceiver: true, startup: true },
    { level: 'remote_write', walreceiver: false, startup: true },
    { level: 'on', walreceiver: false, startup: true },
    { level: 'remote_apply', walreceiver: false, startup: false },
  ])('at $level with a frozen process', async ({ level, walreceiver, startup }) => {
    const rig = await openCluster(ONE_STANDBY);
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    for (const [process, answers] of [
      ['startup', startup],
      ['walreceiver', walreceiver],
    ] as const) {
      await rig.freeze('standby1', process);
      const id = process === 'startup' ? 4 : 5;
      const commit = await anna.send(
        `begin; set local synchronous_commit = ${level}; insert into accounts values (${id}, 0); commit`,
      );
      expect(commit.answered, process).toBe(answers);
      expect(commit.waitsFor, process).toBe(answers ? null : 'IPC/SyncRep');
      expect(await ben.value(`select count(*) from accounts where id = ${id}`)).toBe(
        answers ? '1' : '0',
      );
      await rig.thaw('standby1', process);
      await commit.answer();
      expect(await ben.value(`select count(*) from accounts where id = ${id}`)).toBe('1');
    }
  });
});

it('shows a row on the unnamed standby while nobody on the primary sees it, at the instant it is replayed there', async () => {
  const rig = await openCluster(ONE_STANDBY);
  await rig.freeze('standby1', 'walreceiver');
  const commit = await rig.psql('anna').send('insert into accounts values (4, 0)');
  const count = 'select count(*) from accounts';
  expect(await rig.psql('ben').value(count)).toBe('3');
  await rig.wait(20);
  expect(await rig.psql('carl', 'standby2').value(count)).toBe('4');
  expect(await rig.psql('dora', 'standby1').value(count)).toBe('3');
  expect(await rig.psql('ben').value(count)).toBe('3');
  await rig.thaw('standby1', 'walreceiver');
  await commit.answer();
  expect(await rig.psql('ben').value(count)).toBe('4');
});

it('shows a waiting commit in no view as what the simulator made of it', async () => {
  const rig = await openCluster(ONE_STANDBY);
  const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
  const pid = await anna.value('select pg_backend_pid()');
  await rig.freeze('standby1', 'walreceiver');
  await anna.send('update accounts set balance = 0 where id = 1');
  expect(await ben.rows('select * from pg_prepared_xacts')).toEqual([]);
  expect(await ben.rows(IN_ACTIVITY)).toEqual([
    'active|IPC|SyncRep|update accounts set balance = 0 where id = 1',
  ]);
  // As a backend in COMMIT holds them: its own pid, a virtual transaction, granted.
  expect(
    await ben.rows(
      `select locktype, mode, granted, pid = ${pid} from pg_locks
       where relation = 'accounts'::regclass or locktype = 'transactionid' order by 1, 2`,
    ),
  ).toEqual(['relation|RowExclusiveLock|t|t', 'transactionid|ExclusiveLock|t|t']);
  expect(
    await ben.value("select count(*) from pg_locks where virtualtransaction like '-1/%'"),
  ).toBe('0');
  expect(
    await ben.value(`select backend_xid is not null from pg_stat_activity where pid = ${pid}`),
  ).toBe('t');
});

describe('locks of a waiting commit', () => {
  it('hold another session up until standbys have it', async () => {
    const rig = await openCluster(ONE_STANDBY);
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await rig.freeze('standby1', 'walreceiver');
    const commit = await anna.send('update accounts set balance = 50 where id = 1');
    const other = await ben.send(
      'update accounts set balance = balance - 1 where id = 1 returning balance',
    );
    expect(other.waitsFor).toBe('Lock/transactionid');
    await rig.wait(5_000);
    expect(other.answered).toBe(false);
    await rig.thaw('standby1', 'walreceiver');
    await commit.answer();
    await other.answer();
    expect(other.rows).toEqual(['49']);
  });

  it('hold up a statement in a block, too', async () => {
    const rig = await openCluster(ONE_STANDBY);
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await rig.freeze('standby1', 'walreceiver');
    const commit = await anna.send('update accounts set balance = 50 where id = 1');
    await ben.ok('begin', "set local lock_timeout = '2s'");
    const other = await ben.run('update accounts set balance = 0 where id = 1');
    expect(other.error).toBe('55P03 canceling statement due to lock timeout');
    expect(other.took).toBeGreaterThanOrEqual(2_000);
    expect(other.took).toBeLessThan(2_100);
    expect(commit.answered).toBe(false);
  });

  it('let readers pass', async () => {
    const rig = await openCluster(ONE_STANDBY);
    await rig.freeze('standby1', 'walreceiver');
    await rig.psql('anna').send('update accounts set balance = 50 where id = 1');
    expect(await rig.psql('ben').value('select balance from accounts where id = 1')).toBe('100');
    expect(
      (await rig.psql('ben').run('select * from accounts where id = 1 for update nowait')).error,
    ).toBe('55P03 could not obtain lock on row in relation "accounts"');
    const ben = rig.psql('ben');
    await ben.ok('begin');
    expect(await ben.rows('select id from accounts order by id for update skip locked')).toEqual([
      '2',
      '3',
    ]);
    await ben.ok('rollback');
  });
});

describe('the end of a wait', () => {
  it('by cancel: a warning, and the row is there at once', async () => {
    const rig = await openCluster(ONE_STANDBY);
    await rig.freeze('standby1', 'walreceiver');
    const anna = rig.psql('anna');
    const commit = await anna.send('insert into accounts values (4, 0)');
    await anna.cancel();
    expect(commit.notices).toEqual([CANCELED]);
    expect(commit.tags).toEqual(['INSERT 0 1']);
    expect(commit.view.notices[0]?.detail).toBe(
      'The transaction has already committed locally, but might not have been replicated to the standby.',
    );
    expect(await rig.psql('ben').value('select count(*) from accounts')).toBe('4');
    expect(await anna.value('select count(*) from accounts')).toBe('4');
  });

  it('by terminate: the connection is gone, the row is there', async () => {
    const rig = await openCluster(ONE_STANDBY);
    await rig.freeze('standby1', 'walreceiver');
    const anna = rig.psql('anna');
    const commit = await anna.send('insert into accounts values (4, 0)');
    await anna.terminate();
    expect(commit.view.state).toBe('lost');
    expect(commit.notices).toEqual([TERMINATED]);
    expect(await rig.psql('ben').value('select count(*) from accounts')).toBe('4');
  });

  it.each(['kill', 'powerOff'] as const)(
    'by %s and start of the primary: the row is there, its client knows nothing',
    async (how) => {
      const rig = await openCluster(ONE_STANDBY);
      await rig.freeze('standby1', 'walreceiver');
      const commit = await rig.psql('anna').send('insert into accounts values (4, 0)');
      await rig.restart(how, 'primary');
      expect(commit.view.state).toBe('lost');
      expect(commit.error).toBeNull();
      expect(await rig.psql('ben').value('select count(*) from accounts')).toBe('4');
      expect(await rig.psql('ben').value('select count(*) from pg_prepared_xacts')).toBe('0');
      await rig.thaw('standby1', 'walreceiver');
      await rig.settle();
      for (const standby of ['standby1', 'standby2'])
        expect(await rig.psql('carl', standby).value('select count(*) from accounts')).toBe('4');
    },
  );

  it('by empty names after a reload: all who wait go on without a warning', async () => {
    const rig = await openCluster(ONE_STANDBY);
    await rig.freeze('standby1', 'walreceiver');
    const commits = [
      await rig.psql('anna').send('insert into accounts values (4, 0)'),
      await rig.psql('ben').send('insert into accounts values (5, 0)'),
    ];
    await rig
      .psql('carl')
      .ok("alter system set synchronous_standby_names = ''", 'select pg_reload_conf()');
    await rig.wait(10);
    for (const commit of commits) {
      expect(commit.tags).toEqual(['INSERT 0 1']);
      expect(commit.notices).toEqual([]);
    }
  });

  it('is not brought about by statement_timeout or transaction_timeout', async () => {
    const rig = await openCluster(ONE_STANDBY);
    await rig.freeze('standby1', 'walreceiver');
    const anna = rig.psql('anna');
    await anna.ok("set statement_timeout = '1s'", "set transaction_timeout = '2s'");
    const commit = await anna.send('insert into accounts values (4, 0)');
    await rig.wait(10_000);
    expect(commit.waitsFor).toBe('IPC/SyncRep');
  });
});

describe('several commits that wait', () => {
  it('become visible together when one answer frees them all, and one by one when cancelled', async () => {
    const rig = await openCluster(ONE_STANDBY);
    const names = ['anna', 'ben', 'carl', 'dora'];
    await rig.freeze('standby1', 'walreceiver');
    const commits = [];
    for (const [index, name] of names.entries())
      commits.push(await rig.psql(name).send(`insert into accounts values (${10 + index}, 0)`));
    expect(rig.cluster.view().waitingCommits).toBe(4);
    const reader = rig.psql('reader');
    const seen = 'select id from accounts where id >= 10 order by id';
    expect(await reader.rows(seen)).toEqual([]);
    await rig.psql('carl').cancel();
    expect(await reader.rows(seen)).toEqual(['12']);
    await rig.thaw('standby1', 'walreceiver');
    for (const commit of commits) await commit.answer();
    expect(await reader.rows(seen)).toEqual(['10', '11', '12', '13']);
    expect(
      new Set(commits.filter((_, index) => index !== 2).map(({ view }) => view.answeredAt)).size,
    ).toBe(1);
  });

  it('at different levels are freed by what each asks for', async () => {
    const rig = await openCluster(ONE_STANDBY);
    await rig.freeze('standby1', 'startup');
    const commit = (name: string, level: string, id: number) =>
      rig
        .psql(name)
        .send(
          `begin; set local synchronous_commit = ${level}; insert into accounts values (${id}, 0); commit`,
        );
    const apply = await commit('anna', 'remote_apply', 4);
    const flush = await commit('ben', 'on', 5);
    const write = await commit('carl', 'remote_write', 6);
    expect([apply, flush, write].map(({ answered }) => answered)).toEqual([false, true, true]);
    expect(
      await rig.psql('reader').rows('select id from accounts where id > 3 order by 1'),
    ).toEqual(['5', '6']);
  });
});

describe('what a transaction may be made of', () => {
  it.each([
    ['a DO block', 'do $$ begin insert into accounts values (4, 0); end $$'],
    [
      'an EXPLAIN ANALYZE',
      'explain (analyze, costs off, timing off, summary off) insert into accounts values (4, 0)',
    ],
    [
      'a setting before it in the same string',
      "set application_name = 'x'; insert into accounts values (4, 0)",
    ],
    ['a string of two', 'insert into accounts values (4, 0); select 1'],
    [
      'a block with savepoints',
      'begin; savepoint a; insert into accounts values (9, 0); rollback to a; insert into accounts values (4, 0); release a; commit',
    ],
    [
      'END with a comment behind it that says commit',
      'begin; insert into accounts values (4, 0); end; -- commit; end',
    ],
    ['COMMIT AND CHAIN', 'begin; insert into accounts values (4, 0); commit and chain'],
    ['a prepared statement', 'prepare p as insert into accounts values (4, 0); execute p'],
    ['a procedure', 'call add_account()'],
    ['COPY', "copy (select 4, 0) to '/tmp/four'; copy accounts from '/tmp/four'"],
    [
      'MERGE',
      'merge into accounts using (values (4)) v(id) on accounts.id = v.id when not matched then insert values (v.id, 0)',
    ],
    [
      'a data-modifying WITH',
      'with new as (insert into accounts values (4, 0) returning id) select * from new',
    ],
  ])('%s', async (_what, sql) => {
    const rig = await openCluster({
      ...ONE_STANDBY,
      setup: [
        'create table accounts (id int primary key, balance int not null)',
        "create procedure add_account() language sql as 'insert into accounts values (4, 0)'",
      ],
    });
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await rig.freeze('standby1', 'walreceiver');
    const commit = await anna.send(sql);
    expect(commit.error).toBeNull();
    expect(commit.waitsFor).toBe('IPC/SyncRep');
    expect(await ben.rows('select id from accounts')).toEqual([]);
    await rig.thaw('standby1', 'walreceiver');
    await commit.answer();
    expect(commit.error).toBeNull();
    expect(await ben.rows('select id from accounts')).toEqual(['4']);
  });

  it.each([
    ['create table t (id int)', "select count(*) from pg_class where relname = 't'"],
    ['create role joe', "select count(*) from pg_roles where rolname = 'joe'"],
    [
      'alter role postgres connection limit 7',
      'select count(*) from pg_roles where rolconnlimit = 7',
    ],
    [
      'alter table accounts add note text',
      "select count(*) from pg_attribute where attname = 'note'",
    ],
    [
      'create schema s; create table s.t (id int)',
      "select count(*) from pg_namespace where nspname = 's'",
    ],
    [
      'create type mood as range (subtype = int)',
      "select count(*) from pg_type where typname = 'mood'",
    ],
    ['alter database postgres set work_mem = 1000', 'select count(*) from pg_db_role_setting'],
  ])('DDL: %s', async (ddl, sees) => {
    const rig = await openCluster(ONE_STANDBY);
    await rig.freeze('standby1', 'walreceiver');
    const commit = await rig.psql('anna').send(ddl);
    expect(commit.waitsFor).toBe('IPC/SyncRep');
    expect(await rig.psql('ben').value(sees)).toBe('0');
    await rig.thaw('standby1', 'walreceiver');
    await commit.answer();
    expect(await rig.psql('ben').value(sees)).toBe('1');
  });

  it('nothing written: it does not wait', async () => {
    const rig = await openCluster({
      ...ONE_STANDBY,
      setup: [
        'create sequence s',
        'create table accounts (id int)',
        'create unlogged table u (id int)',
      ],
    });
    await rig.freeze('standby1', 'walreceiver');
    const anna = rig.psql('anna');
    for (const sql of [
      'select 1',
      'begin; commit',
      'insert into accounts select 1 where false',
      'begin; insert into accounts values (1); rollback',
      'begin; select 1; commit',
    ])
      expect((await anna.send(sql)).answered, sql).toBe(true);
    // The first nextval writes WAL and so waits; the next 32 are fetched from what it wrote.
    const first = await anna.send("select nextval('s')");
    expect(first.waitsFor).toBe('IPC/SyncRep');
    await anna.cancel();
    expect((await anna.send("select nextval('s')")).rows).toEqual(['2']);
  });

  it.each([
    ['NOTIFY', 'begin; insert into accounts values (4, 0); notify news; commit'],
    ['pg_notify()', "insert into accounts select 4, 0 from pg_notify('news', 'x')"],
    [
      'a temporary table that its text does not name',
      "do $$ begin execute 'create temp table t (id int)'; insert into accounts values (4, 0); end $$",
    ],
  ])('%s: the limit is told in words, and nothing is committed', async (_what, sql) => {
    const rig = await openCluster(ONE_STANDBY);
    const anna = rig.psql('anna');
    const sent = await anna.run(sql);
    expect(sent.error).toMatch(/^0A000 a transaction like this cannot wait/);
    expect(sent.view.error?.detail).toMatch(/limit of the course/);
    expect(await anna.value('select count(*) from accounts')).toBe('3');
    await anna.ok('insert into accounts values (4, 0)');
  });

  it('temporary tables: who has one keeps the rules', async () => {
    const rig = await openCluster(ONE_STANDBY);
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await anna.ok('create temp table mine (id int)');
    await rig.freeze('standby1', 'walreceiver');
    const commit = await anna.send('insert into accounts values (4, 0)');
    expect(commit.waitsFor).toBe('IPC/SyncRep');
    expect(await ben.value('select count(*) from accounts')).toBe('3');
    await rig.thaw('standby1', 'walreceiver');
    await commit.answer();
    expect(await ben.value('select count(*) from accounts')).toBe('4');
    expect(await anna.value('insert into mine values (1) returning id')).toBe('1');
  });

  it('several statements with COMMIT in the middle: the second part starts when the first is safe', async () => {
    const rig = await openCluster(ONE_STANDBY);
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await rig.freeze('standby1', 'walreceiver');
    const string = await anna.send(
      'begin; insert into accounts values (4, 0); commit; begin; insert into accounts values (5, 0); commit; select count(*) from accounts',
    );
    expect(string.waitsFor).toBe('IPC/SyncRep');
    const first = rig.node('primary').insertLsn;
    await rig.wait(1_000);
    expect(rig.node('primary').insertLsn).toBe(first);
    await anna.cancel();
    await rig.wait(10);
    expect(string.waitsFor).toBe('IPC/SyncRep');
    expect(await ben.rows('select id from accounts where id > 3')).toEqual(['4']);
    await rig.thaw('standby1', 'walreceiver');
    await string.answer();
    expect(string.tags).toEqual([
      'BEGIN',
      'INSERT 0 1',
      'COMMIT',
      'BEGIN',
      'INSERT 0 1',
      'COMMIT',
      'SELECT 1',
    ]);
    expect(string.notices).toEqual([CANCELED]);
    expect(string.rows).toEqual(['5']);
  });
});

describe('two-phase commit of the learner', () => {
  const prepare = "begin; update accounts set balance = 0 where id = 1; prepare transaction 'p'";

  it('PREPARE waits as well, and is listed meanwhile', async () => {
    const rig = await openCluster(ONE_STANDBY);
    await rig.freeze('standby1', 'walreceiver');
    const prepared = await rig.psql('anna').send(prepare);
    expect(prepared.waitsFor).toBe('IPC/SyncRep');
    await rig.psql('anna').cancel();
    await prepared.answer();
    expect(prepared.notices).toEqual([CANCELED]);
    expect(await rig.psql('ben').rows('select gid from pg_prepared_xacts')).toEqual(['p']);
  });

  it('COMMIT PREPARED that waits: still listed, busy for others, its lock held', async () => {
    const rig = await openCluster(ONE_STANDBY);
    const [anna, ben, carl] = [rig.psql('anna'), rig.psql('ben'), rig.psql('carl')];
    await anna.ok(prepare);
    await rig.freeze('standby1', 'walreceiver');
    const commit = await anna.send("commit prepared 'p'");
    expect(commit.waitsFor).toBe('IPC/SyncRep');
    expect(await ben.rows('select gid from pg_prepared_xacts')).toEqual(['p']);
    expect((await ben.run("commit prepared 'p'")).error).toBe(
      '55000 prepared transaction with identifier "p" is busy',
    );
    expect((await ben.run("rollback prepared 'p'")).error).toBe(
      '55000 prepared transaction with identifier "p" is busy',
    );
    expect(await ben.value('select balance from accounts where id = 1')).toBe('100');
    const queued = await carl.send(
      'update accounts set balance = balance + 1 where id = 1 returning balance',
    );
    expect(queued.waitsFor).toBe('Lock/transactionid');
    await rig.thaw('standby1', 'walreceiver');
    await commit.answer();
    expect((await queued.answer()).rows).toEqual(['1']);
    expect(await ben.rows('select gid from pg_prepared_xacts')).toEqual([]);
    expect((await ben.run("commit prepared 'p'")).error).toBe(
      '42704 prepared transaction with identifier "p" does not exist',
    );
  });

  it('COMMIT PREPARED that waits is committed after a crash', async () => {
    const rig = await openCluster(ONE_STANDBY);
    await rig.psql('anna').ok(prepare);
    await rig.freeze('standby1', 'walreceiver');
    const commit = await rig.psql('anna').send("commit prepared 'p'");
    await rig.restart('powerOff', 'primary');
    expect(commit.view.state).toBe('lost');
    expect(await rig.psql('ben').rows('select gid from pg_prepared_xacts')).toEqual([]);
    expect(await rig.psql('ben').value('select balance from accounts where id = 1')).toBe('0');
  });

  it('a prepared transaction outlives a crash with its locks, and its commit waits for standbys', async () => {
    const rig = await openCluster(ONE_STANDBY);
    await rig.psql('anna').ok(prepare);
    await rig.restart('kill', 'primary');
    await rig.settle();
    const [ben, carl] = [rig.psql('ben'), rig.psql('carl')];
    expect(await ben.rows('select gid from pg_prepared_xacts')).toEqual(['p']);
    await ben.ok('begin');
    const queued = await ben.send(
      'update accounts set balance = balance + 1 where id = 1 returning balance',
    );
    expect(queued.waitsFor).toBe('Lock/transactionid');
    await rig.freeze('standby1', 'walreceiver');
    const commit = await carl.send("commit prepared 'p'");
    expect(commit.waitsFor).toBe('IPC/SyncRep');
    expect(await rig.psql('dora').value('select balance from accounts where id = 1')).toBe('100');
    await rig.thaw('standby1', 'walreceiver');
    await commit.answer();
    expect((await queued.answer()).rows).toEqual(['1']);
  });

  it('is refused to a role that did not prepare it', async () => {
    const rig = await openCluster({
      ...ONE_STANDBY,
      setup: [
        'create table accounts (id int primary key, balance int)',
        'insert into accounts values (1, 100)',
        'create role joe',
      ],
    });
    await rig.psql('anna').ok(prepare);
    const joe = rig.psql('joe');
    await joe.ok('set role joe');
    expect((await joe.run("commit prepared 'p'")).error).toBe(
      '42501 permission denied to finish prepared transaction',
    );
    expect(await rig.psql('anna').rows('select gid from pg_prepared_xacts')).toEqual(['p']);
  });
});

it('ends a wait whatever role the session had that used the server last', async () => {
  const rig = await openCluster({
    ...ONE_STANDBY,
    setup: ['create table accounts (id int primary key)', 'create role joe'],
  });
  const [anna, joe] = [rig.psql('anna'), rig.psql('joe')];
  await rig.freeze('standby1', 'walreceiver');
  const commit = await anna.send('insert into accounts values (4)');
  await joe.ok('set role joe', 'select current_user');
  await rig.thaw('standby1', 'walreceiver');
  await commit.answer();
  expect(await anna.rows('select id from accounts')).toEqual(['4']);
  expect(await joe.value('select current_user')).toBe('joe');
});

it('keeps a base of much WAL whoever wrote it, with what is prepared in it', async () => {
  const rig = await openCluster({
    ...ONE_STANDBY,
    setup: ['create table t (v text)', 'create role joe', 'grant all on t to joe'],
  });
  const [anna, joe] = [rig.psql('anna'), rig.psql('joe')];
  await anna.ok("begin; insert into t values ('prepared'); prepare transaction 'p'");
  await joe.ok('set role joe');
  for (let part = 0; part < 4; part++)
    await joe.ok('insert into t select repeat(md5(i::text), 30) from generate_series(1, 1000) i');
  expect(await joe.value('select current_user')).toBe('joe');
  await rig.settle();
  expect(await rig.psql('ben', 'standby1').value('select count(*) from t')).toBe('4000');
  await rig.restart('powerOff', 'primary');
  await rig.settle();
  await rig.psql('carl').ok("commit prepared 'p'");
  await rig.settle();
  for (const node of ['primary', 'standby1', 'standby2'])
    expect(await rig.psql('dora', node).value('select count(*) from t')).toBe('4001');
});

it('takes the time that a statement sleeps without touching others’ transactions', async () => {
  const rig = await openCluster(ONE_STANDBY);
  const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
  const sleeper = await anna.send('insert into accounts select 4, 0 from pg_sleep(2)');
  expect(sleeper.waitsFor).toBe('Timeout/PgSleep');
  await ben.ok('begin', 'insert into accounts values (5, 0)');
  await sleeper.answer();
  expect(sleeper.error).toBeNull();
  expect(sleeper.took).toBeGreaterThanOrEqual(2_000);
  expect(await rig.psql('carl').rows('select id from accounts where id > 3')).toEqual(['4']);
  await ben.ok('rollback');
  expect(await rig.psql('carl').rows('select id from accounts where id > 3')).toEqual(['4']);
});

describe('synchronous_commit = off', () => {
  it('loses at power-off what the walwriter had not flushed, and nothing older than 3 × wal_writer_delay', async () => {
    const rig = await openCluster();
    const anna = rig.psql('anna');
    await anna.ok('set synchronous_commit = off');
    const acknowledged: { id: number; at: number }[] = [];
    for (let id = 10; id < 60; id++) {
      await anna.ok(`insert into accounts values (${id}, 0)`);
      acknowledged.push({ id, at: rig.now });
      await rig.wait(23);
    }
    const crash = rig.now;
    await rig.restart('powerOff', 'primary');
    const kept = new Set(await rig.psql('ben').rows('select id from accounts'));
    const lost = acknowledged.filter(({ id }) => !kept.has(String(id)));
    expect(lost.length).toBeGreaterThan(0);
    // What is lost is the newest, without gaps.
    expect(lost).toEqual(acknowledged.slice(-lost.length));
    expect(crash - (lost[0]?.at ?? 0)).toBeLessThanOrEqual(600);
  });

  it('loses nothing once 3 × wal_writer_delay have passed', async () => {
    const rig = await openCluster({ settings: { primary: { wal_writer_delay: '400ms' } } });
    const anna = rig.psql('anna');
    await anna.ok('set synchronous_commit = off', 'insert into accounts values (4, 0)');
    await rig.wait(1_200);
    await rig.restart('powerOff', 'primary');
    expect(await rig.psql('ben').value('select count(*) from accounts')).toBe('4');
  });

  it('a standby never has what the primary lost', async () => {
    const rig = await openCluster();
    const anna = rig.psql('anna');
    await anna.ok('set synchronous_commit = off', 'insert into accounts values (4, 0)');
    await rig.restart('powerOff', 'primary');
    await rig.settle();
    const ids = 'select id from accounts order by 1';
    const kept = await rig.psql('ben').rows(ids);
    expect(await rig.psql('ben', 'standby1').rows(ids)).toEqual(kept);
    expect(await rig.psql('ben', 'standby2').rows(ids)).toEqual(kept);
  });
});

describe('a slow disk', () => {
  it('hides a commit from others until it is durable', async () => {
    const rig = await openCluster();
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await rig.do({ kind: 'fsync', node: 'primary', time: 300_000 as never });
    const commit = await anna.send('insert into accounts values (4, 0)');
    expect(commit.waitsFor).toBe('IO/WalSync');
    expect(await ben.value('select count(*) from accounts')).toBe('3');
    await commit.answer();
    expect(commit.took).toBeGreaterThanOrEqual(300);
    expect(commit.took).toBeLessThan(700);
    expect(await ben.value('select count(*) from accounts')).toBe('4');
  });

  it('that stalls keeps a commit waiting for ever, and a power-off loses it', async () => {
    const rig = await openCluster();
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await rig.do({ kind: 'fsync', node: 'primary', time: Number.POSITIVE_INFINITY as never });
    const commit = await anna.send('insert into accounts values (4, 0)');
    await rig.wait(60_000);
    expect(commit.answered).toBe(false);
    expect(await ben.value('select count(*) from accounts')).toBe('3');
    await rig.do({ kind: 'powerOff', node: 'primary' });
    await rig.do({ kind: 'fsync', node: 'primary', time: 400 as never });
    await rig.start('primary');
    expect(commit.view.state).toBe('lost');
    expect(await rig.psql('carl').value('select count(*) from accounts')).toBe('3');
  });

  it.each(['cancel', 'terminate'] as const)(
    'is not hurried by %s: an fsync cannot be interrupted',
    async (how) => {
      const rig = await openCluster();
      const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
      await rig.do({ kind: 'fsync', node: 'primary', time: 300_000 as never });
      const commit = await anna.send('insert into accounts values (4, 0)');
      await anna[how]();
      expect(commit.answered).toBe(false);
      expect(await ben.value('select count(*) from accounts')).toBe('3');
      await commit.answer();
      expect(commit.took).toBeGreaterThanOrEqual(300);
      expect(await ben.value('select count(*) from accounts')).toBe('4');
    },
  );

  it('of a synchronous standby costs a commit at on, and not at remote_write', async () => {
    const rig = await openCluster(ONE_STANDBY);
    const anna = rig.psql('anna');
    await rig.do({ kind: 'fsync', node: 'standby1', time: 300_000 as never });
    expect((await anna.run('insert into accounts values (4, 0)')).took).toBeGreaterThanOrEqual(310);
    await rig.wait(2_000);
    await anna.ok('set synchronous_commit = remote_write');
    expect((await anna.run('insert into accounts values (5, 0)')).took).toBeLessThan(20);
  });
});

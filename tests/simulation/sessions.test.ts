import { describe, expect, it } from 'vitest';
import { openCluster } from './rig.ts';

const balance = (id: number): string => `select balance from accounts where id = ${id}`;
const add = (amount: number, id: number): string =>
  `update accounts set balance = balance + ${amount} where id = ${id} returning balance`;

async function threePeople() {
  const rig = await openCluster();
  return { rig, anna: rig.psql('anna'), ben: rig.psql('ben'), carl: rig.psql('carl') };
}

describe('open transactions side by side', () => {
  it('of three sessions on different rows all commit', async () => {
    const { rig, anna, ben, carl } = await threePeople();
    const people = [anna, ben, carl];
    for (const one of people) await one.ok('begin');
    for (const [index, one] of people.entries())
      expect(await one.value(add(10, index + 1))).toBe('110');
    for (const [index, one] of people.entries())
      expect(await one.value(balance(index + 1))).toBe('110');
    expect(await rig.psql('reader').value('select sum(balance) from accounts')).toBe('300');
    await anna.ok('commit');
    expect(await carl.value('select sum(balance) from accounts')).toBe('320');
    await carl.ok('rollback');
    await ben.ok('commit');
    expect(await carl.rows('select balance from accounts order by id')).toEqual([
      '110',
      '110',
      '100',
    ]);
  });

  it('each sees its own writes and only what others committed', async () => {
    const { anna, ben } = await threePeople();
    await anna.ok('begin', 'insert into accounts values (4, 1)');
    await ben.ok('begin', 'insert into accounts values (5, 1)');
    const ids = 'select id from accounts where id > 3 order by id';
    expect(await anna.rows(ids)).toEqual(['4']);
    expect(await ben.rows(ids)).toEqual(['5']);
    await ben.ok('commit');
    expect(await anna.rows(ids)).toEqual(['4', '5']);
    await anna.ok('rollback');
    expect(await anna.rows(ids)).toEqual(['5']);
  });

  it('of repeatable read keep the snapshot of their first query', async () => {
    const { anna, ben, carl } = await threePeople();
    await anna.ok('begin isolation level repeatable read');
    // BEGIN takes no snapshot.
    await ben.ok(add(1, 1));
    expect(await anna.value(balance(1))).toBe('101');
    await ben.ok(add(1, 1));
    await carl.ok('begin', add(5, 2), 'commit');
    expect(await anna.value(balance(1))).toBe('101');
    expect(await anna.value(balance(2))).toBe('100');
    await anna.ok('commit');
    expect(await anna.value(balance(1))).toBe('102');
  });

  it('of repeatable read never overwrite what was changed behind their snapshot', async () => {
    const { anna, ben } = await threePeople();
    await anna.ok('begin isolation level repeatable read', balance(1));
    await ben.ok(add(1, 1));
    const write = await anna.run(add(10, 1));
    // PostgreSQL: 40001. The course may say instead, in words, that it cannot go on.
    expect(write.error).toMatch(/^(40001 could not serialize access|0A000 .*rolled back)/);
    await anna.run('rollback');
    expect(await ben.value(balance(1))).toBe('101');
  });
});

describe('two updates of one row', () => {
  it.each([
    { end: 'commit', result: '111' },
    { end: 'rollback', result: '101' },
  ])('the second waits for $end of the first', async ({ end, result }) => {
    const { rig, anna, ben } = await threePeople();
    await anna.ok('begin', add(10, 1));
    const second = await ben.send(add(1, 1));
    expect(second.waitsFor).toBe('Lock/transactionid');
    await rig.wait(30_000);
    expect(second.answered).toBe(false);
    await anna.ok(end);
    expect((await second.answer()).rows).toEqual([result]);
  });

  it('in two blocks: read committed goes on with the new row', async () => {
    const { anna, ben } = await threePeople();
    await anna.ok('begin', add(10, 1));
    await ben.ok('begin', add(1, 2));
    const second = await ben.send(add(1, 1));
    expect(second.waitsFor).toBe('Lock/transactionid');
    await anna.ok('commit');
    expect((await second.answer()).rows).toEqual(['111']);
    await ben.ok('commit');
    expect(await anna.rows('select balance from accounts order by id')).toEqual([
      '111',
      '101',
      '100',
    ]);
  });

  it('three in a queue are served in the order in which they came', async () => {
    const { rig, anna, ben, carl } = await threePeople();
    await anna.ok('begin', add(10, 1));
    const second = await ben.send(add(1, 1));
    const third = await carl.send(add(1, 1));
    const pid = await rig
      .psql('dora')
      .rows(
        "select cardinality(pg_blocking_pids(pid)) > 0 from pg_stat_activity where wait_event_type = 'Lock' order by pid",
      );
    expect(pid).toEqual(['t', 't']);
    await anna.ok('commit');
    expect((await second.answer()).rows).toEqual(['111']);
    expect((await third.answer()).rows).toEqual(['112']);
  });

  it('that wait for each other are a deadlock after deadlock_timeout, and the other goes on', async () => {
    const { anna, ben } = await threePeople();
    await anna.ok('begin', add(10, 1));
    await ben.ok('begin', add(10, 2));
    const one = await anna.send(add(1, 2));
    const two = await ben.send(add(1, 1));
    await one.answer();
    expect(one.error).toBe('40P01 deadlock detected');
    expect(one.took).toBeGreaterThanOrEqual(1_000);
    expect(one.took).toBeLessThan(1_100);
    expect(one.view.error?.detail).toMatch(
      /^Process \d+ waits for ShareLock on transaction \d+; blocked by process \d+\.\nProcess \d+ waits for ShareLock on transaction \d+; blocked by process \d+\.$/,
    );
    expect((await two.answer()).rows).toEqual(['101']);
    await ben.ok('commit');
    expect((await anna.run('commit')).tags).toEqual(['ROLLBACK']);
    expect(await anna.rows('select balance from accounts order by id')).toEqual([
      '101',
      '110',
      '100',
    ]);
  });

  it('of which the first dies with the server: after the restart nothing holds the row', async () => {
    const { rig, anna, ben } = await threePeople();
    await anna.ok('begin', add(10, 1));
    const second = await ben.send(add(1, 1));
    await rig.restart('kill', 'primary');
    expect(second.view.state).toBe('lost');
    const again = await ben.send(add(1, 1));
    expect(again.waitsFor).toBeNull();
    expect((await again.answer()).rows).toEqual(['101']);
    expect((await anna.run('commit')).view.state).toBe('lost');
    expect(await anna.value(balance(1))).toBe('101');
  });

  it('of which the first is terminated: the second goes on', async () => {
    const { anna, ben } = await threePeople();
    await anna.ok('begin', add(10, 1));
    const second = await ben.send(add(1, 1));
    await anna.terminate();
    expect((await second.answer()).rows).toEqual(['101']);
    const next = await anna.run('select 1');
    expect(next.view.state).toBe('lost');
    expect(next.error).toBe('57P01 terminating connection due to administrator command');
  });

  it('of which the second is cancelled: its block has failed, the first has not', async () => {
    const { anna, ben } = await threePeople();
    await anna.ok('begin', add(10, 1));
    await ben.ok('begin', add(1, 2));
    const second = await ben.send(add(1, 1));
    await ben.cancel();
    expect(second.error).toBe('57014 canceling statement due to user request');
    expect((await ben.run('select 1')).error).toBe(
      '25P02 current transaction is aborted, commands ignored until end of transaction block',
    );
    await ben.ok('rollback');
    await anna.ok('commit');
    expect(await ben.rows('select balance from accounts order by id')).toEqual([
      '110',
      '100',
      '100',
    ]);
  });
});

describe('timeouts count in virtual time', () => {
  const LOCK = '55P03 canceling statement due to lock timeout';
  const STATEMENT = '57014 canceling statement due to statement timeout';

  it.each([
    ['in a session', ["set lock_timeout = '700ms'"], add(1, 1), LOCK],
    ['for a transaction', ['begin', "set local lock_timeout = '700ms'"], add(1, 1), LOCK],
    ['in the same string', [], `begin; set local lock_timeout = '700ms'; ${add(1, 1)}`, LOCK],
    ['in the same string, without a block', [], `set lock_timeout = '700ms'; ${add(1, 1)}`, LOCK],
    ['statement_timeout', ['set statement_timeout = 700'], add(1, 1), STATEMENT],
  ])('lock_timeout %s', async (_where, before, sql, error) => {
    const { anna, ben } = await threePeople();
    await anna.ok('begin', add(10, 1));
    await ben.ok(...before);
    const second = await ben.run(sql);
    expect(second.error).toBe(error);
    expect(second.took).toBeGreaterThanOrEqual(700);
    expect(second.took).toBeLessThan(750);
  });

  it.each([
    ['set before', ["set statement_timeout = '1s'"], 'select pg_sleep(5)'],
    ['in a block', ['begin', "set local statement_timeout = '1s'"], 'select pg_sleep(5)'],
    ['in the same string', [], "set statement_timeout = '1s'; select pg_sleep(5)"],
  ])('statement_timeout ends a sleep: %s', async (_where, before, sql) => {
    const { anna } = await threePeople();
    await anna.ok(...before);
    const sleep = await anna.run(sql);
    expect(sleep.error).toBe(STATEMENT);
    expect(sleep.took).toBeGreaterThanOrEqual(1_000);
    expect(sleep.took).toBeLessThan(1_010);
  });

  it('idle_in_transaction_session_timeout frees what the session held', async () => {
    const { rig, anna, ben } = await threePeople();
    await anna.ok("set idle_in_transaction_session_timeout = '3s'", 'begin', add(10, 1));
    const second = await ben.run(add(1, 1));
    expect(second.rows).toEqual(['101']);
    expect(second.took).toBeGreaterThan(2_800);
    expect(second.took).toBeLessThan(3_100);
    const next = await anna.run('select 1');
    expect(next.error).toBe('25P03 terminating connection due to idle-in-transaction timeout');
    expect(next.view.error?.severity).toBe('FATAL');
    expect(rig.node('primary').sessions.map(({ name }) => name)).not.toContain('anna');
  });

  it('idle_session_timeout', async () => {
    const { rig, anna } = await threePeople();
    await anna.ok("set idle_session_timeout = '3s'");
    await rig.wait(2_000);
    await anna.ok('select 1');
    await rig.wait(2_900);
    await anna.ok('select 1');
    await rig.wait(3_100);
    expect((await anna.run('select 1')).error).toBe(
      '57P05 terminating connection due to idle-session timeout',
    );
  });

  it.each([
    ['an idle block', ['begin'], null],
    ['a statement that sleeps in its block', ['begin'], 'select pg_sleep(5)'],
    ['a statement of its own', [], 'select pg_sleep(5)'],
  ])('transaction_timeout ends %s', async (_what, before, sql) => {
    const { rig, anna } = await threePeople();
    await anna.ok("set transaction_timeout = '2s'", ...before);
    const ended = sql === null ? null : await anna.run(sql);
    if (!ended) await rig.wait(2_100);
    const told = ended ?? (await anna.run('select 1'));
    expect(told.view.state).toBe('lost');
    expect(told.error).toBe('25P04 terminating connection due to transaction timeout');
    if (ended) expect(ended.took).toBeLessThan(2_100);
  });
});

describe('what belongs to one session', () => {
  it('settings, custom settings, roles and prepared statements are not seen by another', async () => {
    const rig = await openCluster({ setup: ['create role joe', 'create table accounts (id int)'] });
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await anna.ok(
      "set work_mem = '8MB'",
      "set app.who = 'anna'",
      'set role joe',
      'prepare whoami as select current_user, current_setting($1)',
    );
    await ben.ok("set app.who = 'ben'", 'prepare whoami as select 42');
    expect(await ben.rows('execute whoami')).toEqual(['42']);
    expect(await anna.rows("execute whoami('app.who')")).toEqual(['joe|anna']);
    expect(
      await ben.rows(
        "select current_user, current_setting('app.who'), current_setting('work_mem')",
      ),
    ).toEqual(['postgres|ben|4MB']);
    expect(await anna.value('show work_mem')).toBe('8MB');
    await anna.ok('reset all', 'deallocate whoami');
    expect(await ben.rows('execute whoami')).toEqual(['42']);
    expect(await anna.value('select current_user')).toBe('joe');
  });

  it.each(['commit', 'rollback'])('SET in a block that ends with %s', async (end) => {
    const rig = await openCluster();
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await anna.ok('begin', "set work_mem = '8MB'", "set app.who = 'anna'", end);
    expect(await ben.value('show work_mem')).toBe('4MB');
    expect(await ben.value("select coalesce(current_setting('app.who', true), '')")).toBe('');
    expect(await anna.value('show work_mem')).toBe(end === 'commit' ? '8MB' : '4MB');
    await ben.ok("set work_mem = '16MB'");
    expect(await anna.value('show work_mem')).toBe(end === 'commit' ? '8MB' : '4MB');
  });

  it('SET in a block with a commit that waits for standbys', async () => {
    const rig = await openCluster({ names: 'standby1' });
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await anna.ok("begin; set work_mem = '8MB'; insert into accounts values (4, 0); commit");
    expect(await ben.value('show work_mem')).toBe('4MB');
    await ben.ok("set work_mem = '16MB'");
    expect(await anna.value('show work_mem')).toBe('8MB');
  });

  it('PREPARE in a block is the session’s own, and outlives a rollback', async () => {
    const rig = await openCluster();
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await anna.ok('begin', 'prepare p as select 1');
    expect((await ben.run('execute p')).error).toBe('26000 prepared statement "p" does not exist');
    await ben.ok('prepare p as select 2', 'insert into accounts values (4, 0)');
    expect(await anna.rows('execute p')).toEqual(['1']);
    await anna.ok('rollback');
    expect(await ben.rows('execute p')).toEqual(['2']);
    expect(await anna.rows('execute p')).toEqual(['1']);
  });

  it('a temporary table: others read on, and are told in words that they cannot write', async () => {
    const rig = await openCluster();
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await anna.ok('create temp table mine (id int)', 'insert into mine values (1)');
    expect((await ben.run('select * from mine')).error).toBe(
      '42P01 relation "mine" does not exist',
    );
    expect(await ben.value('select count(*) from accounts')).toBe('3');
    const write = await ben.run('insert into accounts values (4, 0)');
    expect(write.error).toMatch(/^0A000 session anna keeps a temporary table/);
    expect(write.view.error?.detail).toMatch(/limit of the course/);
    expect(await anna.value('select count(*) from mine')).toBe('1');
    await anna.terminate();
    await ben.ok('insert into accounts values (4, 0)');
    expect((await ben.run('select * from mine')).error).toBe(
      '42P01 relation "mine" does not exist',
    );
  });

  it.each(['primary', 'standby1'])('an advisory lock on %s: nobody else gets it', async (node) => {
    const rig = await openCluster();
    const [anna, ben] = [rig.psql('anna', node), rig.psql('ben', node)];
    await anna.ok('select pg_advisory_lock(7)');
    const other = await ben.run('select pg_try_advisory_lock(7)');
    // PostgreSQL: false. Or the limit in words.
    expect([...other.rows, other.error].join()).toMatch(/^(f,|0A000 )/);
    expect(await anna.value('select pg_advisory_unlock(7)')).toBe('t');
  });

  it('an advisory lock taken while another has an open block is held', async () => {
    const rig = await openCluster();
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await ben.ok('begin', add(1, 1));
    const lock = await anna.run('select pg_advisory_lock(7)');
    if (lock.error === null) expect(await anna.value('select pg_advisory_unlock(7)')).toBe('t');
    else expect(lock.error).toMatch(/^0A000 /);
  });

  it('advisory locks of transactions wait for each other', async () => {
    const rig = await openCluster();
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await anna.ok('begin', 'select pg_advisory_xact_lock(7)');
    expect((await ben.run('select pg_try_advisory_xact_lock(7)')).rows).toEqual(['f']);
    const waits = await ben.send('select pg_advisory_xact_lock(7)');
    expect(waits.waitsFor).toBe('Lock/advisory');
    await anna.ok('commit');
    expect((await waits.answer()).error).toBeNull();
  });
});

describe('a block that had to leave the backend', () => {
  const LIMIT = /^0A000 /;
  it.each([
    ['a serial key', 'create table t (id serial, v text)'],
    ['an identity', 'create table t (id int generated always as identity, v text)'],
    ['a random uuid', 'create table t (id uuid default gen_random_uuid(), v text)'],
    ['random()', 'create table t (id float default random(), v text)'],
  ])('with %s comes back with the same values, or says that it cannot', async (_what, table) => {
    const rig = await openCluster({ setup: [table] });
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await anna.ok('begin', "insert into t (v) values ('anna')");
    const id = await anna.value('select id from t');
    await ben.ok("insert into t (v) values ('ben')");
    const again = await anna.run("select id from t where v = 'anna'");
    if (again.error === null) expect(again.rows).toEqual([id]);
    else expect(again.error).toMatch(LIMIT);
    const commit = await anna.run('commit');
    expect(commit.tags).toEqual([again.error === null ? 'COMMIT' : 'ROLLBACK']);
    const kept = await ben.rows("select id from t where v = 'anna'");
    expect(kept).toEqual(again.error === null ? [id] : []);
  });

  it('whose update would now find other rows is told so', async () => {
    const { anna, ben } = await threePeople();
    await anna.ok('begin', 'update accounts set balance = 0 where balance = 100 and id < 3');
    await ben.ok('insert into accounts values (0, 100)');
    const next = await anna.run('select count(*) from accounts where balance = 0');
    if (next.error === null) expect(next.rows).toEqual(['2']);
    else expect(next.error).toMatch(LIMIT);
    await anna.run('rollback');
    expect(await ben.value('select count(*) from accounts where balance = 0')).toBe('0');
  });

  it('that failed stays failed, and one of repeatable read, too', async () => {
    const { rig, anna, ben } = await threePeople();
    await anna.ok(
      "set statement_timeout = '1s'",
      'begin isolation level repeatable read',
      balance(1),
    );
    await ben.ok(add(1, 1));
    expect(await anna.value(balance(1))).toBe('100');
    expect((await anna.run('select pg_sleep(5)')).error).toBe(
      '57014 canceling statement due to statement timeout',
    );
    expect((await anna.run('select 1')).error).toMatch(/^25P02 /);
    expect((await anna.run('commit')).tags).toEqual(['ROLLBACK']);
    expect(rig.node('primary').sessions.find(({ name }) => name === 'anna')?.transaction).toBe(
      'idle',
    );
  });

  it('keeps its savepoints, cursors and now()', async () => {
    const { rig, anna, ben } = await threePeople();
    await anna.ok('begin', add(1, 1), 'savepoint one', add(1, 1));
    await anna.ok('declare c cursor for select id from accounts order by id');
    expect(await anna.rows('fetch 1 from c')).toEqual(['1']);
    const now = await anna.value('select now()');
    await rig.wait(5_000);
    await ben.ok(add(1, 2));
    expect(await anna.value('select now()')).toBe(now);
    expect(await anna.rows('fetch 1 from c')).toEqual(['2']);
    await anna.ok('rollback to one');
    expect(await anna.value(balance(1))).toBe('101');
    await anna.ok('commit');
    expect(await ben.rows('select balance from accounts order by id')).toEqual([
      '101',
      '101',
      '100',
    ]);
  });
});

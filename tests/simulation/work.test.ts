import { describe, expect, it } from 'vitest';
import { ms, us } from '../../src/sim/instant.ts';
import { openCluster, type Start } from './rig.ts';

/** Two thousand deliveries on a slow machine: to copy them all takes more than a second. */
const DELIVERIES: Start = {
  nodes: ['primary', 'standby1'],
  work: { blockHit: us(200), blockRead: ms(3), walKilobyte: us(300) },
  setup: [
    'create table deliveries (id int primary key, note text)',
    "insert into deliveries select i, 'tea' from generate_series(1, 2000) i",
    'create table copy (like deliveries including all)',
  ],
};
const COPY = 'insert into copy select * from deliveries';
const COUNT = 'select count(*) from copy';

describe('a statement takes time by what it does, and keeps its locks for it', () => {
  it('writers of its table stand behind a long ALTER TABLE, writers of another do not', async () => {
    const rig = await openCluster(DELIVERIES);
    await rig.psql('anna').ok(COPY);
    const alter = await rig.psql('anna').send('alter table copy alter id type bigint');
    expect(alter.answered).toBe(false);
    const writer = await rig.psql('ben').send("insert into copy values (5000, 'late')");
    expect(writer.waitsFor).toBe('Lock/relation');
    const elsewhere = await rig.psql('carl').send("insert into deliveries values (5000, 'now')");
    expect(elsewhere.answered).toBe(true);
    await writer.answer();
    expect(writer.took).toBeGreaterThan(alter.took - 51);
    expect(writer.error).toBeNull();
  });

  it.each([
    ['vacuum deliveries', 'ShareUpdateExclusiveLock'],
    ['create index concurrently on deliveries (note)', 'ShareUpdateExclusiveLock'],
    ['vacuum full deliveries', 'AccessExclusiveLock'],
  ])('%s holds its lock for as long as it works: its like stand behind it', async (sql, mode) => {
    const slowly = { blockHit: ms(5), blockRead: ms(5), walKilobyte: ms(1) };
    const rig = await openCluster({ ...DELIVERIES, work: slowly });
    await rig.psql('anna').ok('update deliveries set note = note || id');
    const work = await rig.psql('anna').send(sql);
    expect(work.answered).toBe(false);
    const held = `select mode from pg_locks where relation = 'deliveries'::regclass and granted and mode ~ 'Exclusive'`;
    expect(await rig.psql('ben').value(held)).toBe(mode);
    const writer = await rig.psql('ben').send("insert into deliveries values (5000, 'now')");
    expect(writer.waitsFor).toBe(mode === 'AccessExclusiveLock' ? 'Lock/relation' : null);
    const ddl = await rig.psql('carl').send('alter table deliveries add column weight int');
    expect(ddl.waitsFor).toBe('Lock/relation');
    await ddl.answer();
    expect(ddl.error).toBeNull();
    expect(work.answered).toBe(true);
    expect(work.error).toBeNull();
    await rig.settle();
    expect(await rig.psql('reader', 'standby1').value('select count(weight) from deliveries')).toBe(
      '0',
    );
  });

  it('sees what was there when it began: rows that others write meanwhile are not in it', async () => {
    const rig = await openCluster(DELIVERIES);
    const copy = await rig.psql('anna').send(COPY);
    const late = await rig.psql('ben').run("insert into deliveries values (9999, 'late')");
    expect(late.took).toBeLessThan(20);
    expect(copy.answered).toBe(false);
    expect(await rig.psql('ben').value(COUNT)).toBe('0');
    await copy.answer();
    expect(copy.took).toBeGreaterThan(1000);
    expect(await rig.psql('ben').value(COUNT)).toBe('2000');
    await rig.settle();
    expect(await rig.psql('reader', 'standby1').value(COUNT)).toBe('2000');
  });

  it('a waiting ALTER TABLE holds up those who come after it, until its lock_timeout', async () => {
    const rig = await openCluster(DELIVERIES);
    const report = await rig
      .psql('report')
      .send(
        'select count(*) from deliveries a, deliveries b where a.id = b.id + 0 and pg_sleep(1) is not null limit 1',
      );
    expect(report.answered).toBe(false);
    const ddl = rig.psql('ddl');
    await ddl.ok('set lock_timeout = 300');
    const alter = await ddl.send('alter table deliveries add weight int');
    expect(alter.waitsFor).toBe('Lock/relation');
    const writer = await rig.psql('ben').send("insert into deliveries values (7000, 'x')");
    const other = await rig.psql('carl').send("insert into deliveries values (7001, 'y')");
    expect([writer.waitsFor, other.waitsFor]).toEqual(['Lock/relation', 'Lock/relation']);
    await writer.answer();
    expect(alter.error).toBe('55P03 canceling statement due to lock timeout');
    expect(alter.took).toBeCloseTo(300, -1);
    expect(report.answered).toBe(false);
  });

  it('lock_timeout counts from when it began to queue, however often others commit', async () => {
    const rig = await openCluster(DELIVERIES);
    await rig.psql('holder').send('begin; select 1 from deliveries limit 1');
    const ddl = rig.psql('ddl');
    await ddl.ok('set lock_timeout = 300');
    const alter = await ddl.send('alter table deliveries add weight int');
    for (let i = 0; i < 6; i++) await rig.psql('ben').ok(`insert into copy values (${i}, 'x')`);
    await rig.wait(200);
    for (let i = 6; i < 9; i++) await rig.psql('ben').ok(`insert into copy values (${i}, 'x')`);
    await alter.answer();
    expect(alter.took).toBeCloseTo(300, -1);
  });

  it('cancelled in the midst of it, it leaves nothing', async () => {
    const rig = await openCluster(DELIVERIES);
    const copy = await rig.psql('anna').send(COPY);
    await rig.do({ kind: 'cancel', node: 'primary', session: 'anna' });
    expect(copy.error).toBe('57014 canceling statement due to user request');
    expect(await rig.psql('ben').value(COUNT)).toBe('0');
  });

  it.each(['kill', 'powerOff'] as const)(
    '%s in the midst of it: nothing is left, no lock either',
    async (how) => {
      const rig = await openCluster(DELIVERIES);
      const copy = await rig
        .psql('anna')
        .send(
          'alter table copy add weight int; insert into copy select id, note, 1 from deliveries',
        );
      expect(copy.answered).toBe(false);
      await rig.restart(how, 'primary');
      const ben = rig.psql('ben');
      expect(await ben.value('select count(*) from pg_prepared_xacts')).toBe('0');
      expect((await ben.run("insert into copy values (1, 'x')")).took).toBeLessThan(100);
      expect(await ben.value(COUNT)).toBe('1');
    },
  );

  it('its commit waits for standbys when its work is done', async () => {
    const rig = await openCluster({ ...DELIVERIES, names: 'standby1' });
    await rig.freeze('standby1', 'walreceiver');
    const copy = await rig.psql('anna').send(COPY);
    await rig.wait(3000);
    expect(copy.waitsFor).toBe('IPC/SyncRep');
    const ben = rig.psql('ben');
    expect((await ben.send(COUNT)).rows).toEqual(['0']);
    await rig.thaw('standby1', 'walreceiver');
    await copy.answer();
    expect(await ben.value(COUNT)).toBe('2000');
    await rig.settle();
    expect(await rig.psql('reader', 'standby1').value(COUNT)).toBe('2000');
  });

  it('in one string the statements of a block take their time one after another, and keep what they lock', async () => {
    const rig = await openCluster(DELIVERIES);
    const swap = await rig
      .psql('anna')
      .send(
        `begin; ${COPY} where id <= 2000; lock table deliveries in access exclusive mode; select pg_sleep(0.5); commit`,
      );
    const early = await rig
      .psql('ben')
      .send("insert into deliveries values (9998, 'before the lock')");
    expect(early.answered).toBe(true);
    await rig.until(() => swap.waitsFor === 'Timeout/PgSleep');
    const late = await rig.psql('ben').send("insert into deliveries values (9999, 'behind it')");
    await late.answer();
    await swap.answer();
    expect(late.took).toBeGreaterThan(100);
    expect(await rig.psql('ben').value(COUNT)).toBe('2000');
  });

  it('what is brief commits at once: nobody can come between and have it run again', async () => {
    const rig = await openCluster({
      ...DELIVERIES,
      setup: ['create table t (id int generated always as identity, v text)'],
    });
    const insert = "insert into t (v) values ('x') returning id";
    const [ben, carl] = [rig.psql('ben'), rig.psql('carl')];
    for (let i = 0; i < 3; i++) await ben.run(insert);
    for (const client of [ben, carl])
      await rig.do({
        kind: 'sql',
        node: 'primary',
        session: client === ben ? 'ben' : 'carl',
        sql: insert,
      });
    await rig.wait(50);
    const last = rig.cluster.statements.slice(-2);
    expect(last.map(({ state, results }) => [state, results[0]?.rows[0]?.[0]])).toEqual([
      ['done', '4'],
      ['done', '5'],
    ]);
  });

  it('a procedure that commits on its way is refused: nobody could come between', async () => {
    const rig = await openCluster(DELIVERIES);
    const batches = await rig
      .psql('anna')
      .run('do $$ begin insert into copy values (1); commit; end $$');
    expect(batches.error).toMatch(/^0A000 .*a procedure that ends transactions itself/);
  });

  it('the same run twice is the same run', async () => {
    const hashes = async () => {
      const rig = await openCluster(DELIVERIES);
      const copy = await rig.psql('anna').send(COPY);
      await rig.psql('ben').ok("insert into deliveries values (9999, 'late')");
      await rig.psql('carl').send('alter table copy add weight int');
      await copy.answer();
      await rig.settle();
      return rig.cluster.hashes();
    };
    expect(await hashes()).toEqual(await hashes());
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatLsn, type Lsn, lsn } from '../../../src/postgres/lsn.ts';
import { commitData } from '../../../src/postgres/wal/commit-data.ts';
import { readRecords, recordAt } from '../../../src/postgres/wal/record-reader.ts';
import {
  commitPreparedLength,
  commitPreparedToNoop,
  messageToCommitPrepared,
  prepareToCommit,
  recordToNoop,
} from '../../../src/postgres/wal/rewrite.ts';
import { type PlacedTransaction, scanRecords } from '../../../src/postgres/wal/scan.ts';
import type {
  PrepareRecord,
  TransactionEffects,
} from '../../../src/postgres/wal/transaction-records.ts';
import type { WalStore } from '../../../src/postgres/wal/wal-store.ts';
import { type Base, TestServer } from './server.ts';

const SCHEMA = `
  create table account (id int primary key, owner text, balance int);
  insert into account select g, 'owner ' || g % 7, 100 from generate_series(1, 1000) g;
  create table doomed (id int primary key, v text);
  insert into doomed select g, 'x' from generate_series(1, 500) g;
  create table ledger (id int primary key, v text);
  insert into ledger select g, g from generate_series(1, 200) g;
  create sequence ticket`;

/** A transaction with all that a commit record can tell: subtransactions, dropped files, invalidations, locks. */
const TRANSACTION = `
  begin;
  insert into account select g, 'new ' || g % 3, nextval('ticket') from generate_series(1001, 1800) g;
  update account set balance = balance - 1 where id % 5 = 0;
  delete from account where id % 11 = 0;
  create table made (id int primary key, v text);
  insert into made select g, repeat('m', 100) from generate_series(1, 300) g;
  savepoint a;
  update made set v = 'kept' where id < 10;
  savepoint b;
  delete from made;
  rollback to b;
  release a;
  drop table doomed;
  create index ledger_v on ledger (v);
  alter table ledger add column note text default 'none'`;

/** What others do meanwhile, on the same pages but not on rows or tables that the transaction has locked. */
const MEANWHILE = `
  insert into account select g, 'meanwhile', 0 from generate_series(5001, 5400) g;
  update account set owner = 'other' where id % 5 = 1 and id % 11 <> 0 and id <= 1000;
  create table later (id int primary key);
  insert into later select generate_series(1, 100)`;

/** What happens after the wait is over, also on what the transaction changed. */
const AFTERWARDS = `
  update account set balance = balance + 1 where id % 10 = 0;
  delete from made where id > 290;
  insert into ledger values (900, 'v', 'n')`;

/** What a client can see; equal for equal servers. */
const CONTENTS = `
  select 'account', md5(string_agg(a::text, ',' order by id)) from account a
  union all select 'ledger', md5(string_agg(l::text, ',' order by id)) from ledger l
  union all select 'made', case when to_regclass('made') is null then '-'
    else md5(query_to_xml('select * from made order by id', true, false, '')::text) end
  union all select 'classes', md5(string_agg(relname || relkind::text || relnatts || relhasindex, ',' order by relname))
    from pg_class where oid >= 16384
  union all select 'prepared', count(*)::text from pg_prepared_xacts`;

let base: Base;
let from: Lsn;

beforeAll(async () => {
  const template = await TestServer.create();
  await template.db.exec(SCHEMA);
  base = await template.checkpointedBase();
  from = await template.insertLsn();
  await template.close();
}, 60_000);

const transactionsOf = (wal: WalStore): readonly PlacedTransaction[] =>
  scanRecords(wal, from).transactions;

function find(wal: WalStore, kind: string): PlacedTransaction {
  const found = transactionsOf(wal).find(({ record }) => record.kind === kind);
  if (!found) throw new Error(`no ${kind} in the WAL`);
  return found;
}

function expectIntact(wal: WalStore, as: WalStore): void {
  for (const record of readRecords(wal, from)) expect(record.isIntact).toBe(true);
  expect(scanRecords(wal, from).ends).toEqual(scanRecords(as, from).ends);
}

/** Structure of tables and indexes, as amcheck judges it. */
async function expectSound(server: TestServer): Promise<void> {
  await server.db.exec(`
    select bt_index_check(c.oid, true) from pg_class c join pg_am a on a.oid = relam where relkind = 'i' and amname = 'btree'`);
  const corrupt = await server.rows(`
    select c.relname, v.msg from pg_class c, verify_heapam(c.oid) v where relkind in ('r', 't') and relpersistence = 'p'`);
  expect(corrupt).toEqual([]);
  expect(server.complaints).toEqual([]);
}

describe('a commit that waits: PREPARE TRANSACTION shipped as COMMIT', () => {
  let live: TestServer;
  let doomedFile: string;
  let real: WalStore;
  let shipped: WalStore;
  let prepare: PlacedTransaction;
  let release: PlacedTransaction;
  let prepared: PrepareRecord;

  beforeAll(async () => {
    live = await TestServer.boot(base);
    doomedFile = await live.value("select pg_relation_filepath('doomed')");
    await live.db.exec(TRANSACTION);
    await live.db.exec("prepare transaction 'sim:1'");
    await live.db.exec(MEANWHILE);
    await live.db.exec("commit prepared 'sim:1'");
    await live.db.exec(AFTERWARDS);
    real = await live.wal();
    prepare = find(real, 'prepare');
    release = find(real, 'commit prepared');
    shipped = real.cut(real.end);
    prepared = prepareToCommit(shipped, prepare.lsn);
    commitPreparedToNoop(shipped, release.lsn);
  }, 60_000);

  afterAll(() => live.close());

  const hasFile = (server: TestServer, path: string): boolean =>
    server.db.Module.FS.analyzePath(`/pglite/data/${path}`, false).exists;

  test('tells what was prepared', () => {
    expect(prepared).toEqual(prepare.record);
    expect(prepared).toMatchObject({ gid: 'sim:1', accessExclusiveLocks: true });
    expect(prepared.subtransactions).toHaveLength(1);
    expect(prepared.droppedRelations.length).toBeGreaterThan(0);
    expect(prepared.droppedStatistics.length).toBeGreaterThan(0);
    expect(prepared.invalidations.length).toBeGreaterThan(0);
  });

  test('moves nothing and keeps every CRC right', () => {
    expectIntact(shipped, real);
    expect(shipped.read(from, prepare.lsn)).toEqual(real.read(from, prepare.lsn));
    expect(shipped.read(prepare.endLsn, release.lsn)).toEqual(
      real.read(prepare.endLsn, release.lsn),
    );
    expect(shipped.read(release.endLsn, real.end)).toEqual(real.read(release.endLsn, real.end));
  });

  test('says what the same transaction says with COMMIT', async () => {
    const twin = await TestServer.boot(base);
    await twin.db.exec(`${TRANSACTION}; commit`);
    const committed = find(await twin.wal(), 'commit').record;
    const { record } = find(shipped, 'commit');
    expect(comparable(record)).toEqual(comparable(committed));
    expect(record).toMatchObject({
      xid: committed.xid,
      database: committed.database,
      applyFeedback: false,
    });
    await twin.close();
  });

  test('replayed to the COMMIT: all of it is there, nothing is prepared, and the log has no complaint', async () => {
    const server = await TestServer.replay(base, shipped.cut(prepare.endLsn));
    expect(await server.value("select count(*) from account where owner like 'new %'")).toBe('727');
    expect(
      await server.value(
        "select count(*) filter (where v = 'kept') || ' of ' || count(*) from made",
      ),
    ).toBe('9 of 300');
    expect(await server.value("select count(note) from ledger where v = '7'")).toBe('1');
    expect(await server.value("select to_regclass('doomed')")).toBe('null');
    expect(await server.value("select to_regclass('later')")).toBe('null');
    expect(await server.rows('select gid from pg_prepared_xacts')).toEqual([]);
    expect(hasFile(server, doomedFile)).toBe(false);
    await expectSound(server);
    await server.close();
  });

  test('replayed to the end: the contents of the live server', async () => {
    const server = await TestServer.replay(base, shipped);
    expect(server.log.join()).toContain(
      `redo done at ${formatLsn([...readRecords(shipped, from)].at(-1)?.lsn as Lsn)} `,
    );
    expect(await server.rows(CONTENTS)).toEqual(await live.rows(CONTENTS));
    await expectSound(server);
    await server.close();
  });

  test.for([
    ['before', 0],
    ['into the middle of', 100],
  ] as const)('replayed to %s the COMMIT: none of it', async ([, offset]) => {
    const server = await TestServer.replay(base, shipped.cut(lsn(prepare.lsn + offset)));
    expect(await server.value("select count(*) from account where owner like 'new %'")).toBe('0');
    expect(await server.rows("select to_regclass('made'), count(*) from doomed")).toEqual([
      ['null', '500'],
    ]);
    expect(hasFile(server, doomedFile)).toBe(true);
    await expectSound(server);
    await server.close();
  });

  test('pg_walinspect sees a COMMIT and a NOOP', async () => {
    const server = await TestServer.replay(base, shipped);
    const record = (at: Lsn): Promise<string[][]> =>
      server.rows(
        `select resource_manager, record_type, xid, end_lsn, description from pg_get_wal_record_info('${formatLsn(at)}')`,
      );
    const [commit] = await record(prepare.lsn);
    expect(commit?.slice(0, 4)).toEqual([
      'Transaction',
      'COMMIT',
      `${prepared.xid}`,
      formatLsn(prepare.endLsn),
    ]);
    const dropped = prepared.droppedRelations
      .map((r) => `base/${r.database}/${r.relNumber}`)
      .join(' ');
    expect(commit?.[4]).toContain(
      `; rels: ${dropped}; subxacts: ${prepared.subtransactions.join(' ')}; dropped stats: 2/`,
    );
    expect((await record(release.lsn))[0]?.slice(0, 4)).toEqual([
      'XLOG',
      'NOOP',
      '0',
      formatLsn(release.endLsn),
    ]);
    await server.close();
  });

  test('restarts, and goes on with fresh transaction ids', async () => {
    const recovered = await TestServer.replay(base, shipped);
    await recovered.db.exec("insert into account values (9001, 'after recovery', 1)");
    const restarted = await TestServer.boot(await recovered.db.dumpDataDir('none'));
    const xid = await restarted.value(
      "insert into account values (9002, 'after restart', 1) returning xmin::text",
    );
    const newest = Math.max(
      ...transactionsOf(shipped).flatMap(({ record }) => [record.xid, ...record.subtransactions]),
    );
    expect(Number(xid)).toBeGreaterThan(newest);
    expect(await restarted.value('select count(*) from account where id > 9000')).toBe('2');
    expect(await restarted.value("select count(*) from made where v = 'kept'")).toBe('9');
    expect(await restarted.rows('select gid from pg_prepared_xacts')).toEqual([]);
    await expectSound(restarted);
    await recovered.close();
    await restarted.close();
  });

  test('any commit can be turned into nothing', async () => {
    const without = real.cut(prepare.lsn);
    const first = transactionsOf(real).find(({ lsn }) => lsn > prepare.lsn) as PlacedTransaction;
    without.append(without.end, real.read(without.end, first.endLsn));
    recordToNoop(without, prepare.lsn);
    const server = await TestServer.replay(base, without);
    expect(await server.rows('select gid from pg_prepared_xacts')).toEqual([]);
    expect(await server.value('select count(*) from account where id > 5000')).toBe('400');
    expect(await server.value("select to_regclass('made')")).toBe('null');
    await expectSound(server);
    await server.close();
  });

  test('refuses other records', () => {
    expect(() => prepareToCommit(shipped, release.lsn)).toThrow('no PREPARE TRANSACTION at');
    expect(() => commitPreparedToNoop(real.cut(real.end), prepare.lsn)).toThrow(
      'no COMMIT PREPARED at',
    );
    expect(() => messageToCommitPrepared(shipped, prepare.lsn, prepared, 0)).toThrow(
      'no logical message at',
    );
  });
});

describe("the learner's own COMMIT PREPARED that waits: a message shipped as COMMIT PREPARED", () => {
  test.for(['replica', 'logical'])('with wal_level %s', { timeout: 30_000 }, async (walLevel) => {
    const options = { logical: walLevel === 'logical', applyFeedback: true };
    const live = await TestServer.boot(base, undefined, [`wal_level=${walLevel}`]);
    await live.db.exec(TRANSACTION);
    await live.db.exec("prepare transaction 'x'");
    const prepared = find(await live.wal(), 'prepare').record as PrepareRecord;
    const before = await live.insertLsn();
    const length = commitPreparedLength(prepared, options);
    await live.db.exec(`select pg_logical_emit_message(false, '', repeat('.', ${length}), true)`);
    await live.db.exec(MEANWHILE);
    await live.db.exec('set synchronous_commit = remote_apply');
    await live.db.exec("commit prepared 'x'");
    await live.db.exec(AFTERWARDS);

    const real = await live.wal();
    const release = find(real, 'commit prepared');
    const shipped = real.cut(real.end);
    messageToCommitPrepared(shipped, before, prepared, release.record.time, options);
    expect(recordAt(shipped, before).mainData()).toEqual(recordAt(real, release.lsn).mainData());
    commitPreparedToNoop(shipped, release.lsn);
    expectIntact(shipped, real);

    const commit = find(shipped, 'commit prepared');
    expect(commit.lsn).toBe(recordAt(real, before).lsn);
    expect(commit.record).toEqual(release.record);
    expect(commit.record).toMatchObject({
      xid: prepared.xid,
      gid: options.logical ? 'x' : null,
      applyFeedback: true,
    });

    const waiting = await TestServer.replay(base, shipped.cut(before));
    expect(await waiting.rows('select gid from pg_prepared_xacts')).toEqual([['x']]);
    const done = await TestServer.replay(base, shipped.cut(commit.endLsn));
    expect(await done.value("select count(*) from made where v = 'kept'")).toBe('9');
    expect(await done.rows('select gid from pg_prepared_xacts')).toEqual([]);
    await expectSound(done);
    const end = await TestServer.replay(base, shipped);
    expect(await end.rows(CONTENTS)).toEqual(await live.rows(CONTENTS));
    await expectSound(end);
    for (const server of [live, waiting, done, end]) await server.close();
  });
});

test.for([
  ['one row', "insert into ledger values (1000, 'v')"],
  ['nothing', 'select 1'],
  [
    'a record longer than a page',
    'do $$ begin for i in 1..40 loop execute format($f$create table t%s ()$f$, i); end loop; end $$',
  ],
])('PREPARE of %s becomes the COMMIT of it', async ([, statement]) => {
  const live = await TestServer.boot(base);
  await live.db.exec(`begin; ${statement}`);
  await live.db.exec("prepare transaction 'sim:2'");
  const real = await live.wal();
  const shipped = real.cut(real.end);
  const place = find(real, 'prepare');
  const prepared = prepareToCommit(shipped, place.lsn, { applyFeedback: true });
  expectIntact(shipped, real);
  const { lsn, endLsn, record } = find(shipped, 'commit');
  expect({ lsn, endLsn }).toEqual({ lsn: place.lsn, endLsn: place.endLsn });
  expect(record).toMatchObject({ xid: prepared.xid, time: prepared.time, applyFeedback: true });

  const twin = await TestServer.boot(base);
  await twin.db.exec(`begin; ${statement}; commit`);
  const committed = transactionsOf(await twin.wal())[0]?.record; // none of a transaction that wrote nothing
  if (committed) expect(comparable(record)).toEqual(comparable(committed));

  const server = await TestServer.replay(base, shipped);
  await live.db.exec("commit prepared 'sim:2'");
  expect(await server.rows(CONTENTS)).toEqual(await live.rows(CONTENTS));
  await expectSound(server);
  for (const each of [live, twin, server]) await each.close();
});

test('a commit record carries its origin', () => {
  const effects = {
    xid: 7,
    time: 1,
    subtransactions: [],
    droppedRelations: [],
    droppedStatistics: [],
    invalidations: new Uint8Array(),
    updatesRelcacheFile: false,
    accessExclusiveLocks: false,
    database: 5,
    gid: null,
    origin: { lsn: from, time: 99 },
  };
  const { xinfo, bytes } = commitData(effects, null, {});
  expect(xinfo).toBe(2 ** 5);
  expect(bytes.length).toBe(8 + 4 + 16);
});

/** A record's facts without its time and without the padding bytes of invalidation messages. */
function comparable(effects: TransactionEffects): object {
  const messages = [];
  for (let at = 0; at < effects.invalidations.length; at += 16) {
    const message = effects.invalidations.subarray(at, at + 16);
    messages.push([message[0], ...message.subarray(4, 12)].join(' '));
  }
  const {
    subtransactions,
    droppedRelations,
    droppedStatistics,
    updatesRelcacheFile,
    accessExclusiveLocks,
  } = effects;
  return {
    messages,
    subtransactions,
    droppedRelations,
    droppedStatistics,
    updatesRelcacheFile,
    accessExclusiveLocks,
  };
}

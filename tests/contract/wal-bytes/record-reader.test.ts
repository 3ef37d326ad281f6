import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatLsn, type Lsn, lsn } from '../../../src/postgres/lsn.ts';
import { readRecords, recordAt } from '../../../src/postgres/wal/record-reader.ts';
import { scanRecords } from '../../../src/postgres/wal/scan.ts';
import { formatTimestamp } from '../../../src/postgres/wal/timestamp.ts';
import type { WalStore } from '../../../src/postgres/wal/wal-store.ts';
import { type Base, TestServer } from './server.ts';

let server: TestServer;
let base: Base;
let from: Lsn;
let wal: WalStore;

beforeAll(async () => {
  server = await TestServer.create();
  base = await server.checkpointedBase();
  from = await server.insertLsn();
  await server.db.exec(`
    create table t (id int primary key, v text);
    insert into t select g, repeat(md5(g::text), 5) from generate_series(1, 3000) g`);
  await server.db.query('checkpoint');
  await server.db.exec(`
    update t set v = v || 'x' where id % 3 = 0;
    create index on t (v);
    select pg_logical_emit_message(false, 'big', repeat('y', 30000));
    begin; insert into t values (-1); savepoint s; insert into t values (-2); rollback to s; commit;
    begin; insert into t values (-3); rollback`);
  await server.db.query('select pg_switch_wal()');
  await server.db.exec('insert into t values (-4); delete from t where id < 50');
  wal = await server.wal();
}, 60_000);

afterAll(() => server.close());

const inspect = (view: string, columns: string, start = from, end = wal.end): Promise<string[][]> =>
  server.rows(
    `select ${columns} from ${view}('${formatLsn(start)}', '${formatLsn(end)}') order by start_lsn`,
  );

describe('record reader', () => {
  test('finds the records that pg_walinspect finds', async () => {
    const expected = await inspect(
      'pg_get_wal_records_info',
      'start_lsn, end_lsn, prev_lsn, xid, record_length, main_data_length, fpi_length',
    );
    const records = [...readRecords(wal, from)].map((record) => {
      const { mainData, blocks } = record.body();
      const images = blocks.reduce((sum, { imageLength }) => sum + imageLength, 0);
      const positions = [record.lsn, record.endLsn, record.prev].map(formatLsn);
      return [
        ...positions,
        ...[record.xid, record.totalLength, mainData.length, images].map(String),
      ];
    });
    expect(records.length).toBeGreaterThan(9_000);
    expect(records).toEqual(expected);
  });

  test('finds the blocks that pg_walinspect finds', async () => {
    const expected = await inspect(
      'pg_get_wal_block_info',
      `start_lsn, block_id, reltablespace, reldatabase, relfilenode, relforknumber, relblocknumber,
      coalesce(encode(block_data, 'hex'), '')`,
    );
    const blocks = [...readRecords(wal, from)].flatMap((record) =>
      record
        .body()
        .blocks.map(({ id, relation, fork, block, data }) => [
          formatLsn(record.lsn),
          ...[id, relation.tablespace, relation.database, relation.relNumber, fork, block].map(
            String,
          ),
          Buffer.from(data).toString('hex'),
        ]),
    );
    const ordered = (rows: string[][]): string[] => rows.map((row) => row.join(' ')).sort();
    expect(ordered(blocks)).toEqual(ordered(expected));
  });

  test('every CRC is right, and one changed byte is noticed', () => {
    for (const record of readRecords(wal, from)) expect(record.isIntact).toBe(true);
    const changed = wal.cut(wal.end);
    const { lsn: at, endLsn } = [...readRecords(wal, from)].at(-1) as { lsn: Lsn; endLsn: Lsn };
    changed.overwrite(
      lsn(endLsn - 8),
      Uint8Array.of(...wal.read(lsn(endLsn - 8), lsn(endLsn - 7))).map((byte) => byte ^ 1),
    );
    expect(recordAt(changed, at).isIntact).toBe(false);
  });

  test('starts at any record, and ends before one that is cut off', () => {
    const records = [...readRecords(wal, from)];
    const big = records.find(({ totalLength }) => totalLength > 30_000) as (typeof records)[number];
    expect(recordAt(wal, big.lsn)).toEqual(big);
    expect(scanRecords(wal, big.lsn).ends[0]).toBe(big.endLsn);
    for (const end of [big.lsn, big.lsn + 4, big.lsn + 24, big.lsn + 9000, big.endLsn - 8]) {
      const cut = wal.cut(lsn(end));
      expect(scanRecords(cut, from).ends.at(-1)).toBe(big.lsn);
      expect(scanRecords(wal, from, lsn(end)).ends.at(-1)).toBe(big.lsn);
      expect(() => recordAt(cut, big.lsn)).toThrow('no WAL record at');
    }
    expect(scanRecords(wal.cut(big.endLsn), from).ends.at(-1)).toBe(big.endLsn);
    expect(scanRecords(wal, wal.end).ends).toEqual([]);
  });

  test('skips what a crash left of a record at the end of a page', async () => {
    const big = [...readRecords(wal, from)].find(({ totalLength }) => totalLength > 30_000);
    const torn = await TestServer.replay(base, wal.cut(lsn((big?.lsn ?? 0) + 12_000)));
    await torn.db.exec('insert into t values (1000001)');
    const after = await torn.wal();
    const expected = await torn.rows(
      `select start_lsn, end_lsn from pg_get_wal_records_info('${formatLsn(from)}', '${formatLsn(after.end)}')`,
    );
    expect(expected.map(([start]) => start)).not.toContain(formatLsn(big?.lsn as Lsn));
    expect(
      [...readRecords(after, from)].map((r) => [formatLsn(r.lsn), formatLsn(r.endLsn)]),
    ).toEqual(expected);
    await torn.close();
  });
});

test('a scan tells commits and aborts, with the times that pg_walinspect shows', async () => {
  const expected = await server.rows(
    `set timezone = 'UTC'; select start_lsn, end_lsn, lower(record_type), xid, substring(description for 19)
    from pg_get_wal_records_info('${formatLsn(from)}', '${formatLsn(wal.end)}')
    where record_type in ('COMMIT', 'ABORT') order by start_lsn`,
  );
  const { transactions, ends } = scanRecords(wal, from);
  expect(ends.at(-1)).toBe(wal.end);
  const found = transactions.map(({ lsn, endLsn, record }) => [
    formatLsn(lsn),
    formatLsn(endLsn),
    record.kind,
    `${record.xid}`,
    formatTimestamp(record.time).slice(0, 19),
  ]);
  expect(found).toEqual(expected);
  expect(expected.map(([, , kind]) => kind)).toContain('abort');
});

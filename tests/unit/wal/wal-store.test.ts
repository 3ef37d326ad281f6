import { describe, expect, test } from 'vitest';
import type { WalSource } from '../../../src/cluster/sql-engine.ts';
import { FIRST_TIMELINE, lsn, parseLsn, type TimelineId } from '../../../src/postgres/lsn.ts';
import { segmentName, WalStore, walFiles } from '../../../src/postgres/wal/wal-store.ts';

const SEGMENT = 2 ** 20;
const START = lsn(3 * SEGMENT);
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
const counting = (length: number, from = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (from + i) % 251);

function storeOf(bytes: Uint8Array, start = START): WalStore {
  const store = new WalStore(FIRST_TIMELINE, start);
  store.append(start, bytes);
  return store;
}

describe('WAL store', () => {
  test('reads back what was appended, across segments', () => {
    const all = counting(2.5 * SEGMENT);
    const store = new WalStore(FIRST_TIMELINE, START);
    for (let at = 0; at < all.length; at += 300_000)
      store.append(lsn(START + at), all.subarray(at, at + 300_000));
    expect(store.end).toBe(START + all.length);
    expect(same(store.read(START, store.end), all)).toBe(true);
    const middle = store.read(lsn(START + SEGMENT - 3), lsn(START + SEGMENT + 3));
    expect(middle).toEqual(all.subarray(SEGMENT - 3, SEGMENT + 3));
  });

  test('is a source for the SQL engine', () => {
    const source: WalSource = storeOf(counting(10));
    expect(source.read(START, source.end)).toEqual(counting(10));
  });

  test('reads zeros beyond its end and refuses to read before its start', () => {
    const store = storeOf(counting(10));
    expect(store.read(lsn(START + 8), lsn(START + 12))).toEqual(Uint8Array.of(8, 9, 0, 0));
    expect(store.read(lsn(START + 2 * SEGMENT), lsn(START + 2 * SEGMENT + 2))).toEqual(
      Uint8Array.of(0, 0),
    );
    expect(() => store.read(lsn(START - 1), START)).toThrow(
      'WAL before 0/300000 is not kept here: 0/2FFFFF',
    );
  });

  test('refuses gaps, overlaps and overwriting what is not there', () => {
    const store = storeOf(counting(10));
    expect(() => store.append(lsn(START + 11), counting(1))).toThrow('does not continue the store');
    expect(() => store.append(lsn(START + 9), counting(1))).toThrow('does not continue the store');
    expect(() => store.overwrite(lsn(START + 9), counting(2))).toThrow(RangeError);
    expect(() => store.cut(lsn(START + 11))).toThrow(RangeError);
  });

  test('a cut ends in zeros and is independent of the store', () => {
    const all = counting(2 * SEGMENT + 100);
    const store = storeOf(all);
    const cut = store.cut(lsn(START + 2 * SEGMENT + 50));
    const copy = cut.read(START, cut.end);
    expect(same(copy, all.subarray(0, 2 * SEGMENT + 50))).toBe(true);
    expect(cut.read(lsn(cut.end - 1), lsn(cut.end + 1))).toEqual(
      Uint8Array.of(all[2 * SEGMENT + 49] as number, 0),
    );

    store.overwrite(lsn(START + 10), Uint8Array.of(255));
    store.overwrite(lsn(START + 2 * SEGMENT + 10), Uint8Array.of(255));
    store.append(store.end, counting(50));
    expect(same(cut.read(START, lsn(START + 2 * SEGMENT + 50)), copy)).toBe(true);

    cut.append(cut.end, Uint8Array.of(7, 7));
    cut.overwrite(lsn(START + SEGMENT), Uint8Array.of(8));
    const kept = store.read(lsn(START + SEGMENT), lsn(START + 2 * SEGMENT + 10));
    expect(same(kept, all.subarray(SEGMENT, 2 * SEGMENT + 10))).toBe(true);
    expect(store.read(lsn(START + 2 * SEGMENT + 50), lsn(START + 2 * SEGMENT + 52))).toEqual(
      all.subarray(2 * SEGMENT + 50, 2 * SEGMENT + 52),
    );
  });

  test('a promotion starts a timeline with the WAL so far', () => {
    const promoted = storeOf(counting(20)).cut(lsn(START + 10), 2 as TimelineId);
    promoted.append(promoted.end, Uint8Array.of(99));
    expect(promoted.timeline).toBe(2);
    expect(promoted.read(lsn(START + 9), promoted.end)).toEqual(Uint8Array.of(9, 99));
  });
});

describe('WAL files', () => {
  test('are named by timeline, log and segment', () => {
    expect(segmentName(FIRST_TIMELINE, START)).toBe('000000010000000000000003');
    expect(segmentName(26 as TimelineId, parseLsn('A/FFF00001'))).toBe('0000001A0000000A00000FFF');
  });

  test('are whole segments, zeros after the end', () => {
    const files = walFiles(storeOf(counting(SEGMENT + 1)));
    expect([...files.keys()]).toEqual(['000000010000000000000003', '000000010000000000000004']);
    expect(same(files.get('000000010000000000000003') as Uint8Array, counting(SEGMENT))).toBe(true);
    const last = files.get('000000010000000000000004') as Uint8Array;
    expect(last.length).toBe(SEGMENT);
    expect(last.findLastIndex((byte) => byte !== 0)).toBe(0);
  });

  test('take what lies before the WAL from the base', () => {
    const start = lsn(START + 100);
    const base = new Map([['000000010000000000000003', new Uint8Array(SEGMENT).fill(1)]]);
    const file = walFiles(storeOf(Uint8Array.of(2, 2), start), base).get(
      '000000010000000000000003',
    ) as Uint8Array;
    expect([...file.subarray(98, 104)]).toEqual([1, 1, 2, 2, 0, 0]);
  });
});

import { describe, expect, it } from 'vitest';
import { readLag, startLagTracker, writeSample } from '../../../src/postgres/lag-tracker.ts';
import { lsn } from '../../../src/postgres/lsn.ts';
import {
  appendRecords,
  commitsBetween,
  cutRecords,
  emptyRecordLog,
  firstEndAfter,
  lastEndUpTo,
} from '../../../src/postgres/record-log.ts';
import { DEFAULT_SETTINGS } from '../../../src/postgres/replication-settings.ts';
import {
  cancelWait,
  releaseWaiters,
  type SyncRepSender,
  standbyPriority,
  startSyncRep,
  syncRecPtr,
  syncStateOf,
  waiters,
  waitForLsn,
} from '../../../src/postgres/sync-rep.ts';
import { parseSynchronousStandbyNames } from '../../../src/postgres/synchronous-standby-names.ts';
import { asyncCommit, runWalwriter, startWalwriter } from '../../../src/postgres/walwriter.ts';
import { instant, ms, START } from '../../../src/sim/instant.ts';

const names = (text: string) => parseSynchronousStandbyNames(text).names;

describe('the record log', () => {
  const record = (end: number, at: number | null = null) => ({
    end: lsn(end),
    commit: at === null ? null : { timestamp: instant(at), applyFeedback: at === 2 },
  });
  const log = appendRecords(emptyRecordLog(lsn(100)), [
    record(150),
    record(180, 1),
    record(300, 2),
  ]);

  it('knows where records end', () => {
    expect([99, 149, 150, 299, 999].map((at) => lastEndUpTo(log, lsn(at)))).toEqual([
      100, 100, 150, 180, 300,
    ]);
    expect([99, 150, 300].map((at) => firstEndAfter(log, lsn(at)))).toEqual([150, 180, null]);
    expect(commitsBetween(log, lsn(180), lsn(300))).toMatchObject([
      { timestamp: 2, applyFeedback: true },
    ]);
    expect(() => appendRecords(log, [record(300)])).toThrow(RangeError);
  });

  it('forgets what a crash lost, and goes on from there', () => {
    const cut = cutRecords(log, lsn(299));
    const grown = appendRecords(cut, [record(250, 7)]);
    expect(lastEndUpTo(grown, lsn(999))).toBe(250);
    expect(commitsBetween(grown, lsn(100), lsn(999)).map((commit) => commit.timestamp)).toEqual([
      1, 7,
    ]);
    expect(lastEndUpTo(log, lsn(999))).toBe(300);
  });
});

describe('who counts', () => {
  const sender = (
    slot: number,
    syncPriority: number,
    at: number,
    rest: Partial<SyncRepSender> = {},
  ): SyncRepSender => ({
    slot,
    state: 'streaming',
    syncPriority,
    writeLsn: lsn(at + 2),
    flushLsn: lsn(at + 1),
    replayLsn: lsn(at),
    ...rest,
  });

  it('by priority the slowest of the first n, by quorum the n-th fastest', () => {
    const senders = [sender(0, 3, 900), sender(1, 1, 500), sender(2, 2, 700)];
    expect(syncRecPtr(names('FIRST 2 (a, b, c)'), senders)).toEqual({
      write: 502,
      flush: 501,
      apply: 500,
    });
    expect(syncRecPtr(names('ANY 2 (a, b, c)'), senders)).toEqual({
      write: 702,
      flush: 701,
      apply: 700,
    });
    expect(syncRecPtr(names('ANY 4 (a, b, c, d)'), senders)).toBeNull();
  });

  it('only while it streams and has reported a flush', () => {
    const names1 = names('FIRST 1 (a, b)');
    const catchingUp = sender(0, 1, 900, { state: 'catchup' });
    const silent = sender(1, 1, 0, { flushLsn: lsn(0) });
    const other = sender(2, 2, 100);
    const all = [catchingUp, silent, other];
    expect(all.map((one) => syncStateOf(names1, all, one))).toEqual(['potential', 'async', 'sync']);
  });

  it('of equal priority the lower slot', () => {
    const pair = [sender(1, 1, 5), sender(0, 1, 5)];
    expect(pair.map((one) => syncStateOf(names('*'), pair, one))).toEqual(['potential', 'sync']);
  });

  it('by the first name that matches, whatever its case', () => {
    expect(standbyPriority(names('a, B, *'), 'b')).toBe(2);
    expect(standbyPriority(names('a, B, *'), 'c')).toBe(3);
    expect(standbyPriority(names('ANY 1 (a, b)'), 'b')).toBe(1);
    expect(standbyPriority(names('a'), 'b')).toBe(0);
    expect(standbyPriority(null, 'b')).toBe(0);
  });

  it('releases those up to what is confirmed, for replies of counting standbys only', () => {
    const one = names('FIRST 1 (a)');
    let syncRep = startSyncRep(one);
    syncRep = waitForLsn(syncRep, 'flush', { id: 2, lsn: lsn(200) });
    syncRep = waitForLsn(syncRep, 'flush', { id: 1, lsn: lsn(100) });
    syncRep = waitForLsn(syncRep, 'apply', { id: 3, lsn: lsn(100) });
    const counting = sender(0, 1, 100);
    const other = sender(1, 0, 999);
    expect(releaseWaiters(syncRep, one, [counting, other], other)[1]).toEqual([]);
    const [after, released] = releaseWaiters(syncRep, one, [counting, other], counting);
    expect(released.map((waiter) => waiter.id)).toEqual([1, 3]);
    expect(waiters(after).map((waiter) => waiter.id)).toEqual([2]);
    expect(waitForLsn(after, 'flush', { id: 4, lsn: lsn(101) })).toBe(after);
    expect(waiters(cancelWait(after, 2))).toEqual([]);
  });
});

describe('the lag tracker', () => {
  it('reads the time of the newest sample that a reply covers, and guesses between two', () => {
    let tracker = startLagTracker();
    tracker = writeSample(tracker, lsn(100), instant(1_000));
    tracker = writeSample(tracker, lsn(200), instant(2_000));
    tracker = writeSample(tracker, lsn(200), instant(9_000));
    tracker = writeSample(tracker, lsn(300), instant(3_000));
    const [first, lag] = readLag(tracker, 'flush', lsn(200), instant(5_000));
    expect(lag).toBe(3_000);
    const [second, guess] = readLag(first, 'flush', lsn(250), instant(5_000));
    expect(guess).toBe(2_500);
    const [third, last] = readLag(second, 'flush', lsn(300), instant(5_000));
    expect(last).toBe(2_000);
    expect(readLag(third, 'flush', lsn(300), instant(6_000))[1]).toBeNull();
    expect(readLag(third, 'write', lsn(50), instant(6_000))[1]).toBe(5_000);
  });

  it('keeps the oldest unread sample where the ring overflows', () => {
    let tracker = startLagTracker();
    for (let index = 1; index <= 30_000; index++)
      tracker = writeSample(tracker, lsn(index * 10), instant(index));
    expect(tracker.samples.length).toBeLessThan(10_000);
    const [same, lag] = readLag(tracker, 'apply', lsn(5), instant(40_000));
    expect(lag).toBe(39_999);
    expect(readLag(same, 'apply', lsn(300_000), instant(40_000))[1]).toBe(10_000);
    const [, oldest] = readLag(same, 'apply', lsn(10), instant(40_000));
    expect(oldest).toBe(39_999);
  });
});

describe('the walwriter', () => {
  const wal = (insert: number, flush: number) => ({
    insertLsn: lsn(insert),
    writeLsn: lsn(flush),
    flushLsn: lsn(flush),
  });
  const cycle = (
    walwriter: ReturnType<typeof startWalwriter>,
    insert: number,
    flush: number,
    whole: number,
    at: number,
  ) => runWalwriter(walwriter, wal(insert, flush), lsn(whole), DEFAULT_SETTINGS, instant(at));

  it('flushes whole pages first, then the last asynchronous commit', () => {
    let walwriter = asyncCommit(
      startWalwriter(START),
      lsn(20_000),
      lsn(0),
      DEFAULT_SETTINGS,
      START,
    );
    const [after, pages] = cycle(walwriter, 20_000, 0, 16_000, 0);
    expect(pages).toEqual({ upTo: 16_000, flush: true });
    walwriter = after;
    expect(walwriter.wakeAt).toBe(200_000);
    expect(cycle(walwriter, 20_000, 16_000, 16_000, 200_000)[1]).toEqual({
      upTo: 20_000,
      flush: true,
    });
  });

  it('only writes where it has flushed a moment ago and little has gathered', () => {
    const [walwriter] = cycle(startWalwriter(START), 9_000, 0, 8_192, 0);
    expect(cycle(walwriter, 20_000, 8_192, 16_384, 100_000)[1]).toEqual({
      upTo: 16_384,
      flush: false,
    });
    expect(cycle(walwriter, 9_999_999, 8_192, 9_000_000, 100_000)[1]).toMatchObject({
      flush: true,
    });
  });

  it('hibernates after fifty idle cycles; an asynchronous commit wakes it', () => {
    let walwriter = startWalwriter(START);
    for (let index = 0; index < 50; index++)
      walwriter = cycle(walwriter, 10, 10, 0, walwriter.wakeAt)[0];
    expect(walwriter.wakeAt).toBe(ms(49 * 200 + 5_000));
    const now = instant(10_000_000);
    expect(asyncCommit(walwriter, lsn(50), lsn(10), DEFAULT_SETTINGS, now).wakeAt).toBe(now);
    expect(asyncCommit(walwriter, lsn(0), lsn(10), DEFAULT_SETTINGS, now)).toBe(walwriter);
  });
});

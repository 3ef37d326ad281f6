import { describe, expect, it } from 'vitest';
import { WAL_SEGMENT_SIZE } from '../../../src/postgres/wal/page.ts';
import { ms, NEVER, seconds, us } from '../../../src/sim/instant.ts';
import { Rig } from './rig.ts';

function settled(options: ConstructorParameters<typeof Rig>[0] = {}): Rig {
  const rig = new Rig(options);
  expect(rig.settle()).toBeNull();
  rig.wait(ms(50));
  return rig;
}

const freeze = (rig: Rig, process: 'walreceiver' | 'startup', node = 'standby1') =>
  rig.input({ kind: 'freeze', node, process });
const thaw = (rig: Rig, process: 'walreceiver' | 'startup', node = 'standby1') =>
  rig.input({ kind: 'thaw', node, process });

describe('a commit on the way to a standby', () => {
  it('takes one round trip and two fsyncs at `on`, less at the lower levels, more at remote_apply', () => {
    const rig = settled({ names: 'standby1' });
    const took = (level: 'off' | 'local' | 'remote_write' | 'on' | 'remote_apply') => {
      const start = rig.now;
      const commit = rig.commit(level);
      rig.wait(seconds(1));
      return (commit.doneAt ?? Number.NaN) - start;
    };
    expect(took('off')).toBe(0);
    expect(took('local')).toBe(400);
    expect(took('remote_write')).toBe(10_400);
    expect(took('on')).toBe(10_800);
    expect(took('remote_apply')).toBe(10_850);
  });

  it('shows as PostgreSQL measures lag, and the columns go NULL once nothing moves', () => {
    const rig = settled();
    rig.input({ kind: 'delay', a: 'primary', b: 'standby1', delay: ms(40) });
    rig.commit('local');
    rig.wait(ms(200));
    expect(rig.row('standby1')).toMatchObject({
      state: 'streaming',
      writeLag: 80_000,
      flushLag: 80_400,
      replayLag: 80_450,
    });
    rig.wait(seconds(11));
    expect(rig.row('standby1')).toMatchObject({ writeLag: null, flushLag: null, replayLag: null });
  });

  it('hangs while the walreceiver is frozen, and comes back after the thaw', () => {
    const rig = settled({ names: 'FIRST 1 (standby1)' });
    freeze(rig, 'walreceiver');
    const commit = rig.commit('on');
    rig.wait(seconds(20));
    expect(commit.state).toBe('waiting');
    const { sentLsn, writeLsn } = rig.row('standby1') ?? {};
    expect(sentLsn).toBe(commit.end);
    expect(writeLsn).toBeLessThan(commit.end);
    expect(rig.recovery('standby2').replayLsn).toBe(commit.end);
    thaw(rig, 'walreceiver');
    rig.wait(ms(20));
    expect(commit.state).toBe('done');
  });

  it('waits for a frozen startup process only at remote_apply', () => {
    const rig = settled({ names: 'standby1' });
    freeze(rig, 'startup');
    const on = rig.commit('on');
    const apply = rig.commit('remote_apply');
    rig.wait(seconds(2));
    expect([on.state, apply.state]).toEqual(['done', 'waiting']);
    thaw(rig, 'startup');
    rig.wait(ms(20));
    expect(apply.state).toBe('done');
    expect(rig.recovery('standby1').lastXactTimestamp).toBeGreaterThan(0);
  });

  it('waits for a frozen disk at `on`, not at remote_write', () => {
    const rig = settled({ names: 'standby1' });
    rig.input({ kind: 'fsync', node: 'standby1', time: NEVER });
    const write = rig.commit('remote_write');
    const on = rig.commit('on');
    rig.wait(seconds(1));
    expect([write.state, on.state]).toEqual(['done', 'waiting']);
    rig.input({ kind: 'fsync', node: 'standby1', time: us(400) });
    rig.wait(ms(20));
    expect(on.state).toBe('done');
  });

  it('is kept by a cut link and goes on after it heals', () => {
    const rig = settled({ names: 'standby1' });
    rig.input({ kind: 'cut', a: 'primary', b: 'standby1' });
    const commit = rig.commit('on');
    rig.wait(seconds(5));
    expect(commit.state).toBe('waiting');
    rig.input({ kind: 'heal', a: 'primary', b: 'standby1' });
    rig.wait(ms(11));
    expect(commit.state).toBe('done');
  });

  it('cancelled, is released by nobody', () => {
    const rig = settled({ names: 'nobody' });
    const commit = rig.commit('on');
    rig.wait(ms(10));
    rig.cancel(commit);
    rig.setNames('');
    rig.wait(seconds(1));
    expect(commit.state).toBe('cancelled');
  });
});

describe('who counts as synchronous', () => {
  const states = (rig: Rig) =>
    rig.rows().map((row) => [row.standby, row.syncPriority, row.syncState]);

  it.each([
    ['', [0, 'async'], [0, 'async']],
    ['standby1', [1, 'sync'], [0, 'async']],
    ['STANDBY1', [1, 'sync'], [0, 'async']],
    ['standby1, standby2', [1, 'sync'], [2, 'potential']],
    ['FIRST 1 (standby2, standby1)', [2, 'potential'], [1, 'sync']],
    ['FIRST 2 (standby1, standby2)', [1, 'sync'], [2, 'sync']],
    ['ANY 1 (standby1, standby2)', [1, 'quorum'], [1, 'quorum']],
    ['ANY 2 (standby1, standby2, standby3)', [1, 'quorum'], [1, 'quorum']],
    ['*', [1, 'sync'], [1, 'potential']],
  ])('%s', (names, first, second) => {
    const rig = settled({ names });
    expect(states(rig)).toEqual([
      ['standby1', ...first],
      ['standby2', ...second],
    ]);
  });

  it('the next in line takes over when the first is killed, at its next reply', () => {
    const rig = settled({ names: 'FIRST 1 (standby1, standby2)' });
    freeze(rig, 'walreceiver');
    const commit = rig.commit('on');
    rig.wait(ms(100));
    rig.input({ kind: 'kill', node: 'standby1' });
    rig.wait(ms(10));
    expect(states(rig)).toEqual([['standby2', 2, 'sync']]);
    expect(commit.state).toBe('waiting');
    rig.wait(seconds(10));
    expect(commit.state).toBe('done');
    expect(rig.words('synchronousStandby').at(-1)).toBe(
      'standby "standby2" is now a synchronous standby with priority 2',
    );
  });

  it('everyone goes on once the names are empty', () => {
    const rig = settled({ names: 'nobody' });
    const commits = (['remote_write', 'on', 'remote_apply'] as const).map((level) =>
      rig.commit(level),
    );
    rig.wait(seconds(1));
    expect(commits.map((commit) => commit.state)).toEqual(['waiting', 'waiting', 'waiting']);
    rig.setNames('');
    expect(commits.map((commit) => commit.state)).toEqual(['done', 'done', 'done']);
  });

  it('ANY 1 goes with the faster one, FIRST 2 with the slower one', () => {
    for (const [names, expected] of [
      ['ANY 1 (standby1, standby2)', 10_800],
      ['FIRST 2 (standby1, standby2)', 80_800],
    ] as const) {
      const rig = settled({ names });
      rig.input({ kind: 'delay', a: 'primary', b: 'standby1', delay: ms(40) });
      const start = rig.now;
      const commit = rig.commit('on');
      rig.wait(seconds(1));
      expect((commit.doneAt ?? 0) - start).toBe(expected);
    }
  });
});

describe('timeouts', () => {
  it('wal_sender_timeout ends a walsender whose standby says nothing; it comes back after the thaw', () => {
    const rig = settled();
    freeze(rig, 'walreceiver');
    rig.wait(seconds(61));
    expect(rig.row('standby1')).toBeNull();
    expect(rig.words('walsenderEnded')[0]).toContain('replication timeout');
    thaw(rig, 'walreceiver');
    expect(rig.settle()).toBeNull();
    expect(rig.row('standby1')?.state).toBe('streaming');
  });

  it('a live but idle connection stays', () => {
    const rig = settled();
    rig.wait(seconds(600));
    expect(rig.words('walsenderEnded')).toEqual([]);
    expect(rig.words('walreceiverEnded')).toEqual([]);
  });

  it('with wal_receiver_status_interval = 0 the primary asks, and the standby answers', () => {
    const rig = settled({ settings: { walReceiverStatusInterval: seconds(0) } });
    rig.wait(seconds(200));
    expect(rig.words('keepaliveSent').length).toBeGreaterThan(3);
    expect(rig.words('walsenderEnded')).toEqual([]);
  });

  it('a cut is noticed from both sides', () => {
    const rig = settled();
    rig.input({ kind: 'cut', a: 'primary', b: 'standby1' });
    rig.wait(seconds(62));
    expect(rig.words('walreceiverFailed')).toEqual(['terminating walreceiver due to timeout']);
    expect(rig.row('standby1')).toBeNull();
    rig.input({ kind: 'heal', a: 'primary', b: 'standby1' });
    expect(rig.settle()).toBeNull();
  });
});

describe('replay', () => {
  it('pauses before the next record, and goes on where it was', () => {
    const rig = settled();
    rig.input({ kind: 'pauseReplay', node: 'standby1' });
    expect(rig.recovery('standby1').pauseState).toBe('paused');
    const commit = rig.commit('local');
    rig.wait(seconds(1));
    expect(rig.recovery('standby1').flushLsn).toBe(commit.end);
    expect(rig.recovery('standby1').replayLsn).toBeLessThan(commit.end);
    rig.input({ kind: 'resumeReplay', node: 'standby1' });
    rig.wait(ms(1));
    expect(rig.recovery('standby1').replayLsn).toBe(commit.end);
  });

  it('of a frozen startup process stays at “pause requested”', () => {
    const rig = settled();
    freeze(rig, 'startup');
    rig.input({ kind: 'pauseReplay', node: 'standby1' });
    expect(rig.recovery('standby1').pauseState).toBe('pause requested');
    thaw(rig, 'startup');
    expect(rig.recovery('standby1').pauseState).toBe('paused');
  });

  it('falls behind at its rate, always at a record’s end', () => {
    const rig = settled();
    rig.input({ kind: 'replayRate', node: 'standby1', bytesPerSecond: 100_000 });
    const ends = Array.from({ length: 100 }, () => rig.commit('local', 1_000).end);
    rig.wait(ms(500));
    const { replayLsn } = rig.recovery('standby1');
    expect(ends).toContain(replayLsn);
    const replayed = ends.indexOf(replayLsn) + 1;
    expect(replayed).toBeGreaterThan(40);
    expect(replayed).toBeLessThan(51);
  });
});

describe('crashes', () => {
  it('an asynchronous commit is durable within three cycles of the walwriter, and lost before', () => {
    const lucky = settled();
    const kept = lucky.commit('off');
    lucky.wait(ms(601));
    lucky.input({ kind: 'powerOff', node: 'primary' });
    expect(lucky.state.nodes.primary?.wal.flushLsn).toBe(kept.end);

    const unlucky = settled();
    const lost = unlucky.commit('off');
    unlucky.wait(ms(1));
    unlucky.input({ kind: 'kill', node: 'primary' });
    unlucky.input({ kind: 'start', node: 'primary' });
    unlucky.wait(seconds(20));
    expect(unlucky.state.nodes.primary?.wal.flushLsn).toBeLessThan(lost.end);
    expect(unlucky.settle()).toBeNull();
  });

  it('a killed standby keeps what it wrote, one without power only what it flushed', () => {
    for (const [how, kept] of [
      ['kill', true],
      ['powerOff', false],
    ] as const) {
      const rig = settled({ names: 'standby1' });
      rig.input({ kind: 'fsync', node: 'standby1', time: NEVER });
      const commit = rig.commit('remote_write');
      rig.wait(ms(100));
      expect(commit.state).toBe('done');
      rig.input({ kind: how, node: 'standby1' });
      expect(rig.recovery('standby1').writeLsn === commit.end).toBe(kept);
      rig.input({ kind: 'fsync', node: 'standby1', time: us(400) });
      rig.input({ kind: 'start', node: 'standby1' });
      expect(rig.settle()).toBeNull();
    }
  });

  it('after a restart the standby asks for its segment from the start', () => {
    const rig = settled();
    rig.commit('local', 1_000_000);
    rig.wait(seconds(1));
    rig.input({ kind: 'kill', node: 'standby1' });
    rig.input({ kind: 'start', node: 'standby1' });
    rig.settle();
    expect(rig.words('streamingStarted').at(-1)).toBe(
      'started streaming WAL from primary at 0/3000000 on timeline 1',
    );
    expect(rig.recovery('standby1').receiveLsn).toBe(3 * 16 * WAL_SEGMENT_SIZE);
  });

  it('commits that wait are forgotten with the primary', () => {
    const rig = settled({ names: 'nobody' });
    const commit = rig.commit('on');
    rig.wait(ms(10));
    rig.input({ kind: 'kill', node: 'primary' });
    expect(commit.state).toBe('lost');
    rig.input({ kind: 'start', node: 'primary' });
    rig.wait(seconds(1));
    expect(rig.state.nodes.primary?.wal.flushLsn).toBe(commit.end);
  });

  it('a power failure is noticed by the timeout, and its old walsender stays until then', () => {
    const rig = settled();
    rig.input({ kind: 'powerOff', node: 'standby1' });
    rig.wait(seconds(1));
    rig.input({ kind: 'start', node: 'standby1' });
    rig.wait(seconds(1));
    expect(rig.rows().filter((row) => row.standby === 'standby1')).toHaveLength(2);
    rig.wait(seconds(62));
    expect(rig.rows().filter((row) => row.standby === 'standby1')).toHaveLength(1);
  });
});

describe('a full socket', () => {
  it('stops the walsender after four megabytes, and it catches up later', () => {
    const rig = settled();
    freeze(rig, 'walreceiver');
    const last = Array.from({ length: 10 }, () => rig.commit('local', 1_000_000)).at(-1);
    rig.wait(seconds(1));
    expect(rig.row('standby1')?.sentLsn).toBeLessThan(last?.end ?? 0);
    thaw(rig, 'walreceiver');
    expect(rig.settle()).toBeNull();
    expect(rig.recovery('standby1').replayLsn).toBe(last?.end);
  });
});

describe('inputs that name nothing', () => {
  it('are refused', () => {
    const rig = settled();
    expect(() => rig.input({ kind: 'kill', node: 'nobody' })).toThrow(RangeError);
    expect(() => rig.input({ kind: 'cut', a: 'primary', b: 'primary' })).toThrow(RangeError);
    const request = { kind: 'flush', node: 'primary', request: 1 } as const;
    expect(() => rig.input({ ...request, upTo: (2 ** 40) as never })).toThrow(RangeError);
  });
});

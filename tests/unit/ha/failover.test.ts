import { describe, expect, it } from 'vitest';
import { Story } from './story.ts';

describe('a governed cluster', () => {
  it('has one leader that renews its key in every loop', () => {
    const cluster = new Story();
    cluster.run(65);
    expect(cluster.leader).toBe('node1');
    expect(cluster.primaries).toEqual(['node1']);
    expect(cluster.said('node1').at(-1)).toBe('no action. I am (node1), the leader with the lock');
    expect(cluster.said('node2').at(-1)).toBe(
      'no action. I am (node2), a secondary, and following a leader (node1)',
    );
  });

  it('promotes a standby when the key of a dead machine expires, not before', () => {
    const cluster = new Story().after(33, { kind: 'powerOff', node: 'node1' });
    cluster.run(26);
    expect(cluster.leader).toBe('node1');
    cluster.run(10);
    expect(cluster.primaries).toEqual(['node2']);
    expect(cluster.said('node2', 33)).toContain(
      'promoted self to leader by acquiring session lock',
    );
    expect(cluster.said('node3', 33)).toContain('Could not take out TTL lock');
  });

  it('starts a primary again whose server has died, on the same node', () => {
    const cluster = new Story().after(33, { kind: 'killPostgres', node: 'node1' });
    cluster.run(30);
    expect(cluster.said('node1', 33)).toContain('starting primary after failure');
    expect(cluster.primaries).toEqual(['node1']);
    expect(cluster.server('node1').timeline).toBe(1);
  });

  it('fails over at once from a crash where primary_start_timeout is 0', () => {
    const cluster = new Story({ dynamic: { primaryStartTimeout: 0 as never } });
    cluster.after(33, { kind: 'killPostgres', node: 'node1' }).run(30);
    expect(cluster.said('node1', 33)).toContain('Primary crashed. Failing over.');
    expect(cluster.primaries).toEqual(['node2']);
  });

  it('has two primaries while a frozen Patroni sends no stop and no watchdog is there', () => {
    const cluster = new Story({ withoutWatchdog: ['node1'], dynamic: { usePgRewind: true } });
    cluster.after(33, { kind: 'freezePatroni', node: 'node1' }).run(60);
    expect(cluster.primaries).toEqual(['node1', 'node2']);
    cluster.play.act({ kind: 'thawPatroni', node: 'node1' });
    cluster.run(30);
    expect(cluster.said('node1', 93)).toEqual(
      expect.arrayContaining([
        'demoting self because I do not have the lock and I was a leader',
        'running pg_rewind from node2',
      ]),
    );
    expect(cluster.twoPrimaries).toBeGreaterThan(10);
    expect(cluster.lost.length).toBeGreaterThan(100);
  });

  it('has one primary at a time with a watchdog, which fires safety_margin before the key expires', () => {
    const cluster = new Story();
    cluster.after(33, { kind: 'freezePatroni', node: 'node1' }).run(90);
    const fired = cluster.play.history.happened.find(({ words }) =>
      words.startsWith('The watchdog of node1'),
    );
    expect((fired?.at ?? 0) / 1e6).toBeCloseTo(55, 0);
    expect(cluster.twoPrimaries).toBe(0);
    expect(cluster.primaries).toEqual(['node2']);
  });

  it('does not make a node leader that must have a watchdog and has none', () => {
    const watchdog = {
      mode: 'required',
      device: '/dev/watchdog',
      safetyMargin: 5e6 as never,
    } as const;
    const cluster = new Story({ local: { watchdog }, withoutWatchdog: ['node2', 'node3'] });
    cluster.after(33, { kind: 'powerOff', node: 'node1' }).run(60);
    expect(cluster.said('node2', 33)).toContain('Watchdog device is not usable');
    expect(cluster.primaries).toEqual([]);
  });

  it('steps down after retry_timeout where the DCS does not answer, before its key expires', () => {
    const cluster = new Story().after(33, { kind: 'cutFromDcs', node: 'node1' });
    cluster.run(19.5);
    expect(cluster.primaries).toEqual([]);
    expect(cluster.leader).toBe('node1');
    expect(cluster.said('node1', 33)).toContain(
      'demoting self because DCS is not accessible and I was a leader',
    );
    cluster.run(30);
    expect(cluster.primaries).toEqual(['node2']);
    expect(cluster.twoPrimaries).toBe(0);
  });

  it('has no leader while the DCS has no majority, and the same one again afterwards', () => {
    const cluster = new Story();
    cluster.after(33, { kind: 'stopDcs', member: 'etcd1' }, { kind: 'stopDcs', member: 'etcd2' });
    cluster.run(60);
    expect(cluster.primaries).toEqual([]);
    cluster.play.act({ kind: 'startDcs', member: 'etcd1' });
    cluster.run(60);
    expect(cluster.primaries).toHaveLength(1);
    expect(cluster.twoPrimaries).toBe(0);
  });

  it('goes on without the DCS in failsafe mode, while every member agrees', () => {
    const cluster = new Story({ dynamic: { failsafeMode: true } });
    cluster.after(33, { kind: 'stopDcs', member: 'etcd1' }, { kind: 'stopDcs', member: 'etcd2' });
    cluster.run(60);
    expect(cluster.primaries).toEqual(['node1']);
    expect(cluster.said('node1').slice(-2)).toContain(
      'continue to run as a leader because failsafe mode is enabled and all members are accessible',
    );
    cluster.play.act({ kind: 'powerOff', node: 'node3' });
    cluster.run(25);
    expect(cluster.primaries).toEqual([]);
  });

  it('survives the loss of one member of the DCS, also of the one that leads', () => {
    const cluster = new Story().after(33, { kind: 'stopDcs', member: 'etcd1' });
    cluster.run(60);
    expect(cluster.primaries).toEqual(['node1']);
    expect(cluster.play.governor.dcs.leader).not.toBe('etcd1');
  });
});

describe('a switchover', () => {
  it('hands over within seconds and loses nothing', () => {
    const cluster = new Story();
    cluster.after(33, { kind: 'switchover', leader: 'node1', candidate: 'node3' }).run(20);
    expect(cluster.primaries).toEqual(['node3']);
    expect(cluster.said('node1', 33)).toEqual(
      expect.arrayContaining(['Demoting self (graceful)', 'Leader key released']),
    );
    expect(cluster.lost).toEqual([]);
    expect(cluster.server('node1').inRecovery).toBe(true);
  });

  it('is refused where the candidate is too far behind', () => {
    const cluster = new Story({ dynamic: { maximumLagOnFailover: 10_000 } });
    cluster.after(20, { kind: 'freezeWalreceiver', node: 'node3' });
    cluster.after(20, { kind: 'switchover', leader: 'node1', candidate: 'node3' }).run(20);
    expect(cluster.said('node1', 40)).toContain('Member node3 exceeds maximum replication lag');
    expect(cluster.primaries).toEqual(['node1']);
  });
});

describe('what a failover may lose', () => {
  it('is not bounded by maximum_lag_on_failover alone: the leader writes its position once a loop', () => {
    const cluster = new Story({ dynamic: { maximumLagOnFailover: 20_000 } });
    // Both stop to receive right after the leader has written its position, and it dies before it writes the next one.
    cluster.after(
      30.5,
      { kind: 'freezeWalreceiver', node: 'node2' },
      { kind: 'freezeWalreceiver', node: 'node3' },
    );
    cluster.after(9, { kind: 'powerOff', node: 'node1' }).run(60);
    expect(cluster.primaries).toEqual(['node2']);
    expect(cluster.lost.length * 1000).toBeGreaterThan(20_000);
  });

  it('keeps a standby out of the race that lacks more', () => {
    const cluster = new Story({ dynamic: { maximumLagOnFailover: 20_000 } });
    cluster.after(
      20,
      { kind: 'freezeWalreceiver', node: 'node2' },
      { kind: 'freezeWalreceiver', node: 'node3' },
    );
    cluster.after(30, { kind: 'powerOff', node: 'node1' }).run(60);
    expect(cluster.said('node2', 50)).toContain('My wal position exceeds maximum replication lag');
    expect(cluster.primaries).toEqual([]);
  });

  it.each(['on', 'quorum'] as const)('is nothing with synchronous_mode %s', (synchronousMode) => {
    const cluster = new Story({ dynamic: { synchronousMode } });
    cluster.after(40, { kind: 'freezeWalreceiver', node: 'node2' });
    cluster.after(15, { kind: 'powerOff', node: 'node1' }).run(60);
    cluster.play.act({ kind: 'thawWalreceiver', node: 'node2' });
    cluster.run(30);
    expect(cluster.primaries).toHaveLength(1);
    expect(cluster.lost).toEqual([]);
  });

  it('is something where synchronous_standby_names are set by hand: the race does not know who acknowledged', () => {
    const parameters = { synchronous_standby_names: 'ANY 1 (node2,node3)' };
    const cluster = new Story({ dynamic: { parameters } });
    cluster.after(32, { kind: 'freezeWalreceiver', node: 'node2' });
    // The one that has everything is away when the other one races.
    cluster.after(5, { kind: 'powerOff', node: 'node1' }, { kind: 'powerOff', node: 'node3' });
    cluster.run(60);
    expect(cluster.primaries).toEqual(['node2']);
    expect(cluster.lost.length).toBeGreaterThan(0);
  });
});

describe('pre_promote', () => {
  const prePromote = { command: '/etc/patroni/fence.sh', exitStatus: 1, takes: 3e6 as never };

  it('gives the key back where it fails', () => {
    const cluster = new Story({ local: { prePromote } });
    cluster.after(33, { kind: 'powerOff', node: 'node1' }).run(60);
    expect(cluster.said(null, 33)).toEqual(
      expect.arrayContaining([
        'pre_promote script `/etc/patroni/fence.sh` exited with 1',
        'Releasing the leader key voluntarily because the pre-promote script failed',
      ]),
    );
    expect(cluster.primaries).toEqual([]);
  });

  it('is no callback: on_role_change comes after the promotion, and its failure changes nothing', () => {
    const callbacks = { on_role_change: prePromote };
    const cluster = new Story({ local: { callbacks } });
    cluster.after(33, { kind: 'powerOff', node: 'node1' }).run(60);
    expect(cluster.primaries).toEqual(['node2']);
  });
});

describe('a pause', () => {
  it('promotes nobody, and ends with resume', () => {
    const cluster = new Story().after(20, { kind: 'pause' });
    cluster.after(15, { kind: 'killPostgres', node: 'node1' }).run(60);
    expect(cluster.primaries).toEqual([]);
    expect(cluster.said('node1', 35)).toContain('PAUSE: postgres is not running');
    cluster.play.act({ kind: 'resume' });
    cluster.run(40);
    expect(cluster.primaries).toHaveLength(1);
  });
});

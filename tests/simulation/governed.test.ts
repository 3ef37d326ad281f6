import { describe, expect, it } from 'vitest';
import {
  governed,
  governorSpec,
  logged,
  primaries,
  SALES,
  tills,
  told,
} from './governed-cluster.ts';

const IN_RECOVERY = 'select pg_is_in_recovery(), timeline_id from pg_control_checkpoint()';

describe('a cluster of real servers under Patroni', () => {
  it('has a leader again after a power cut, and the old one back by pg_rewind', async () => {
    const rig = await governed(governorSpec());
    expect(rig.cluster.view().governor?.dcs.leader?.name).toBe('node1');
    await rig.wait(5000);
    const before = told(rig).length;
    expect(before).toBeGreaterThan(10);
    await rig.do({ kind: 'powerOff', node: 'node1' });
    await rig.wait(45_000);
    const [leader = ''] = primaries(rig);
    expect(['node2', 'node3']).toContain(leader);
    expect(await rig.psql('guest', leader).value(IN_RECOVERY)).toBe('f|2');
    expect(told(rig).length).toBeGreaterThan(before + 10);
    expect(logged(rig, leader)).toContain('promoted self to leader by acquiring session lock');
    await rig.do({ kind: 'powerOn', node: 'node1' });
    await rig.wait(40_000);
    expect(rig.node('node1').role).toBe('standby');
    expect(rig.standby('node1')).toMatchObject({ upstream: leader, state: 'streaming' });
    expect(await rig.psql('guest', 'node1').value('select pg_is_in_recovery()')).toBe('t');
    expect(await rig.psql('guest', 'node1').rows(SALES)).toEqual(
      await rig.psql('guest', leader).rows(SALES),
    );
  }, 60_000);

  it('has two primaries while the leader’s Patroni is frozen and no watchdog is there, and loses what one wrote alone', async () => {
    const rig = await governed(governorSpec(), { populations: [tills('name'), tills('proxy')] });
    await rig.do({ kind: 'freezePatroni', node: 'node1' });
    await rig.wait(50_000);
    expect(primaries(rig)).toHaveLength(2);
    const [, other = ''] = primaries(rig);
    expect(await rig.psql('guest', 'node1').value(IN_RECOVERY)).toBe('f|1');
    expect(await rig.psql('guest', other).value(IN_RECOVERY)).toBe('f|2');
    await rig.do({ kind: 'thawPatroni', node: 'node1' });
    await rig.wait(30_000);
    expect(primaries(rig)).toEqual([other]);
    expect(logged(rig, 'node1')).toContain(`running pg_rewind from ${other}`);
    const rows = await rig.psql('guest', other).rows(SALES);
    const lost = told(rig).filter(({ key }) => !rows.includes(String(key)));
    expect(lost.length).toBeGreaterThan(20);
    expect(lost.every(({ statement }) => rig.cluster.statements[statement]?.node === 'node1')).toBe(
      true,
    );
  }, 60_000);

  it('is reset by its watchdog before another node may lead', async () => {
    const rig = await governed(governorSpec({}, 'required'));
    await rig.do({ kind: 'freezePatroni', node: 'node1' });
    await rig.wait(26_000);
    expect(primaries(rig)).toEqual([]);
    expect(rig.node('node1').status).toBe('down');
    await rig.wait(20_000);
    expect(primaries(rig)).toHaveLength(1);
    await rig.wait(60_000);
    expect(rig.node('node1')).toMatchObject({ role: 'standby', status: 'up' });
  }, 60_000);

  it('keeps all that was acknowledged in synchronous_mode, whoever is cut off', async () => {
    const rig = await governed(governorSpec({ synchronousMode: 'on' }), {
      populations: [tills('read-write')],
    });
    const names = 'show synchronous_standby_names';
    const [named = ''] = await rig.psql('guest', 'node1').rows(names);
    expect(named).toMatch(/node[23]/);
    await rig.do({ kind: 'isolate', node: 'node1' });
    await rig.wait(60_000);
    const [leader = ''] = primaries(rig);
    expect(named).toContain(leader);
    await rig.do({ kind: 'rejoin', node: 'node1' });
    await rig.wait(60_000);
    const rows = await rig.psql('guest', leader).rows(SALES);
    expect(told(rig).filter(({ key }) => !rows.includes(String(key)))).toEqual([]);
    expect(
      told(rig).some(({ statement }) => rig.cluster.statements[statement]?.node === leader),
    ).toBe(true);
    expect(rig.standby('node1')).toMatchObject({ upstream: leader, state: 'streaming' });
  }, 60_000);

  it('refuses what makes no sense, in words', async () => {
    const rig = await governed(governorSpec(), { populations: [] });
    const refused = async (...[action]: Parameters<typeof rig.do>) =>
      rig.do(action).then(
        () => null,
        (error: unknown) => String(error),
      );
    expect(await refused({ kind: 'thawPatroni', node: 'node1' })).toMatch(
      'Patroni on node1 is not frozen',
    );
    expect(await refused({ kind: 'powerOn', node: 'node1' })).toMatch('node1 is switched on');
    expect(await refused({ kind: 'stopDcs', member: 'etcd9' })).toMatch(
      'the DCS has no member "etcd9"',
    );
    expect(await refused({ kind: 'switchover', leader: 'node9', candidate: null })).toMatch(
      'no node "node9"',
    );
    await rig.do({ kind: 'powerOff', node: 'node2' });
    expect(await refused({ kind: 'start', node: 'node2' })).toMatch('switch it on');
  }, 60_000);
});

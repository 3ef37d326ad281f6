import { describe, expect, it } from 'vitest';
import { figures, nightYml } from '../../content/figures.ts';
import type { ClusterSpec } from '../../src/cluster/action.ts';
import { GOVERNED_NODES, governorSpec } from '../../src/ha/patroni-yml/governor-spec.ts';
import { readPatroniYml } from '../../src/ha/patroni-yml/patroni-yml.ts';
import { primaries, told } from './governed-cluster.ts';
import { openCluster, type Rig } from './rig.ts';

const EAST = "select count(*) from ledger where indexer = 'east'";

/** Ten seconds in, Patroni on node1 stands still. */
async function night(
  yml: string,
  withoutWatchdog: readonly string[] = GOVERNED_NODES,
): Promise<Rig> {
  const cluster: ClusterSpec = figures.night.cluster;
  const governor = governorSpec(readPatroniYml(yml), withoutWatchdog);
  const rig = await openCluster({ ...cluster, governor });
  await rig.wait(10_000);
  await rig.do({ kind: 'freezePatroni', node: 'node1' });
  return rig;
}

const east = async (rig: Rig, node: string): Promise<number> =>
  Number(await rig.psql(`reader${rig.cluster.now}`, node).value(EAST));

/** Requests of the indexer that goes to node1 by its name, and was told that they are done. */
const toldEast = (rig: Rig): number =>
  told(rig).filter(({ statement }) => rig.cluster.statements[statement]?.session === 'east').length;

describe('the night of chapter 10, on real servers', () => {
  it('has two primaries until Patroni wakes, which rewinds what one of them wrote alone', async () => {
    const rig = await night(nightYml());
    await rig.wait(102_000);
    const [, king = ''] = primaries(rig);
    expect(primaries(rig)).toEqual(['node1', king]);
    const alone = (await east(rig, 'node1')) - (await east(rig, king));
    // Four a second, from the fork on, some 75 to 90 seconds long.
    expect(alone).toBeGreaterThan(250);
    await rig.do({ kind: 'thawPatroni', node: 'node1' });
    await rig.wait(30_000);
    expect(primaries(rig)).toEqual([king]);
    expect(rig.standby('node1')).toMatchObject({ upstream: king, state: 'streaming' });
    expect(toldEast(rig) - (await east(rig, king))).toBeGreaterThanOrEqual(alone);
  });

  it('is the same with pg_ctl_timeout, which nobody waits for', async () => {
    const rig = await night(nightYml({ postgresql: 'pg_ctl_timeout: 10' }));
    await rig.wait(45_000);
    expect(primaries(rig)).toHaveLength(2);
  });

  it('has two primaries in synchronous_mode, too; one of them acknowledges nothing', async () => {
    const rig = await night(
      nightYml({ dcs: 'ttl: 30\nloop_wait: 10\nretry_timeout: 10\nsynchronous_mode: on' }),
    );
    await rig.wait(45_000);
    expect(primaries(rig)).toHaveLength(2);
    const before = toldEast(rig);
    await rig.wait(10_000);
    expect(toldEast(rig)).toBe(before);
  });

  it('has no leader at all where a watchdog is required and there is none', async () => {
    const rig = await night(nightYml({ watchdog: 'required' }));
    await rig.wait(10_000);
    expect(primaries(rig)).toEqual([]);
  });

  it('has one primary where a watchdog is required and there is one: it resets node1 before the key runs out', async () => {
    const rig = await night(nightYml({ watchdog: 'required' }), []);
    for (let second = 0; second < 60; second += 5) {
      await rig.wait(5_000);
      expect(primaries(rig).length).toBeLessThanOrEqual(1);
    }
    expect(primaries(rig)).not.toContain('node1');
    expect(primaries(rig)).toHaveLength(1);
  });
});

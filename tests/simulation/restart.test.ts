/** How long crash recovery takes: as long as the WAL since the last checkpoint makes it. */
import { expect, it } from 'vitest';
import { openCluster } from './rig.ts';

it('takes longer the more WAL there is since the last checkpoint', async () => {
  const rig = await openCluster({
    nodes: ['primary'],
    setup: ['create table t (v text)'],
    settings: { primary: { max_wal_size: '1GB' } },
  });
  let clients = 0;
  /** Virtual milliseconds from the start of a killed primary to its first connection. */
  const restartAfter = async (rows: number, checkpoint: boolean): Promise<number> => {
    const client = rig.psql(`client ${clients++}`);
    await client.ok(`insert into t select repeat('x', 500) from generate_series(1, ${rows})`);
    if (checkpoint) await client.ok('checkpoint');
    await rig.do({ kind: 'kill', node: 'primary' });
    await rig.start('primary');
    const at = (kind: string) =>
      rig.cluster.trace.findLast((event) => event.kind === kind)?.at ?? 0;
    return (at('started') - at('starting')) / 1_000;
  };
  const little = await restartAfter(10, false);
  const much = await restartAfter(6_000, false);
  const checkpointed = await restartAfter(6_000, true);
  expect(little).toBeGreaterThanOrEqual(300);
  expect(little).toBeLessThan(310);
  expect(much).toBeGreaterThan(400);
  expect(checkpointed).toBeLessThan(310);
});

/** A volume for pg_wal that fills up: the PANIC, the start that fails, and what is there once there is room. And rm. */
import { expect, it } from 'vitest';
import { openCluster } from './rig.ts';

const MB = 2 ** 20;
const KEEPS = { settings: { primary: { wal_keep_size: '1GB' } }, nodes: ['primary', 'standby1'] };

it('stops the primary, which does not start before there is room, and loses nothing that was acknowledged', async () => {
  const rig = await openCluster({ ...KEEPS, setup: ['create table t (n int, v text)'] });
  await rig.settle();
  await rig.do({ kind: 'walVolume', node: 'primary', bytes: 6 * MB });
  const anna = rig.psql('anna');
  const ben = rig.psql('ben');
  await ben.ok('select 1');
  let told = 0;
  let last = await anna.send(
    "insert into t select 0, repeat('x', 500) from generate_series(1, 1000)",
  );
  for (; last.view.state === 'done' && told < 50; told++)
    last = await anna.send(
      `insert into t select ${told + 1}, repeat('x', 500) from generate_series(1, 1000)`,
    );
  expect(told).toBeGreaterThan(3);
  expect(told).toBeLessThan(12);
  expect(rig.node('primary').status).toBe('down');
  expect(rig.node('primary').walUsed).toBe(6 * MB);
  expect(last.view.state).toBe('lost');
  expect(last.view.error).toMatchObject({
    severity: 'PANIC',
    sqlstate: '53100',
    message: expect.stringMatching(
      /^could not write to file "pg_wal\/xlogtemp\.\d+": No space left on device$/,
    ),
  });

  await rig.do({ kind: 'start', node: 'primary' });
  await rig.wait(1_000);
  expect(rig.node('primary').status).toBe('down');
  expect(rig.cluster.trace.filter(({ kind }) => kind === 'startFailed')).toHaveLength(1);

  await rig.do({ kind: 'walVolume', node: 'primary', bytes: 64 * MB });
  await rig.start('primary');
  const clara = rig.psql('clara');
  expect(await clara.value(`select count(*) from t where n < ${told}`)).toBe(String(told * 1000));
  await clara.ok('insert into t values (99, null)');
});

it('is no matter while checkpoints take the old segments away', async () => {
  const rig = await openCluster({ nodes: ['primary'], setup: ['create table t (v text)'] });
  await rig.do({ kind: 'walVolume', node: 'primary', bytes: 8 * MB });
  const anna = rig.psql('anna');
  for (let i = 0; i < 20; i++)
    await anna.ok("insert into t select repeat('x', 500) from generate_series(1, 1000)");
  expect(rig.node('primary').status).toBe('up');
  expect(rig.node('primary').walUsed).toBeLessThanOrEqual(4 * MB);
});

it('cannot be emptied with rm: a crash before the next checkpoint is the end of it', async () => {
  const rig = await openCluster({ ...KEEPS, setup: ['create table t (v text)'] });
  const write = async (client: string) => {
    for (let i = 0; i < 3; i++)
      await rig
        .psql(client)
        .ok("insert into t select repeat('x', 500) from generate_series(1, 1000)");
  };
  await write('anna');
  await rig.do({ kind: 'deleteWal', node: 'primary' });
  expect(rig.node('primary').walUsed).toBe(MB);
  expect(rig.node('primary').status).toBe('up');
  await rig.psql('anna').ok('checkpoint');
  await rig.do({ kind: 'kill', node: 'primary' });
  await rig.start('primary');
  await write('ben');
  await rig.do({ kind: 'deleteWal', node: 'primary' });
  await rig.psql('ben').ok('insert into t values (null)');
  await rig.do({ kind: 'kill', node: 'primary' });
  await rig.do({ kind: 'start', node: 'primary' });
  await rig.wait(5_000);
  expect(rig.node('primary').status).toBe('down');
  expect(rig.cluster.trace.find(({ kind }) => kind === 'startFailed')?.words).toMatch(
    /^primary does not start\. PANIC: could not locate a valid checkpoint record at 0\/[0-9A-F]+$/,
  );
});

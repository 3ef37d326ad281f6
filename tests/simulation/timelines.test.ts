import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/cluster/action.ts';
import { type NodeName, openCluster, type Rig } from './rig.ts';

const IDS = "select string_agg(id::text, ' ' order by id) from accounts";

/** Lines of a node's server log that say something of timelines. */
const log = (rig: Rig, node: string): readonly string[] =>
  rig.cluster.trace
    .filter(({ kind, node: where }) => kind === 'serverLog' && where === node)
    .map(({ facts }) => [facts.level, facts.message, facts.detail].filter(Boolean).join(' | '));

async function promote(rig: Rig, node: NodeName = 'standby1'): Promise<void> {
  await rig.do({ kind: 'promote', node });
  await rig.until(() => rig.node(node).role === 'primary');
}

/** The primary has died with a payment that no standby has; standby1 has been promoted and has taken another. */
async function forked() {
  const rig = await openCluster({ settings: { primary: { wal_keep_size: '16MB' } } });
  await rig.psql('till').ok('insert into accounts values (4, 0)');
  await rig.settle();
  for (const standby of ['standby1', 'standby2'])
    await rig.do({ kind: 'cut', a: 'primary', b: standby });
  await rig.psql('till').ok('insert into accounts values (5, 0)');
  await rig.wait(500);
  await rig.do({ kind: 'powerOff', node: 'primary' });
  for (const standby of ['standby1', 'standby2'])
    await rig.do({ kind: 'heal', a: 'primary', b: standby });
  await promote(rig);
  await rig.psql('guest', 'standby1').ok('insert into accounts values (6, 0)');
  return rig;
}

async function up(rig: Rig, action: Action & { readonly node: string }): Promise<void> {
  await rig.do(action);
  await rig.until(() => rig.node(action.node as NodeName).status === 'up');
}

describe('after a promotion', () => {
  it('another standby goes over to the new timeline, by its log too', async () => {
    const rig = await forked();
    await rig.do({ kind: 'follow', node: 'standby2', upstream: 'standby1' });
    await rig.until(() => rig.standby('standby2').state === 'streaming');
    await rig.wait(1000);
    expect(await rig.psql('guest', 'standby2').value(IDS)).toBe('1 2 3 4 6');
    const lines = log(rig, 'standby2').slice(-5);
    expect(lines[0]).toBe(
      'LOG | fetching timeline history file for timeline 2 from primary server',
    );
    expect(lines).toContain('LOG | new target timeline is 2');
    expect(lines.at(-1)).toMatch(
      /^LOG \| started streaming WAL from primary at 0\/\w+ on timeline 2$/,
    );
    expect(
      await rig.psql('guest', 'standby2').value('select received_tli from pg_stat_wal_receiver'),
    ).toBe('2');
  });

  it('the old primary cannot follow as it is, and goes on showing what the others lack', async () => {
    const rig = await forked();
    await rig.do({ kind: 'follow', node: 'primary', upstream: 'standby1' });
    await rig.start('primary');
    await rig.wait(12_000);
    expect(rig.node('primary').role).toBe('standby');
    expect(await rig.psql('later').value(IDS)).toBe('1 2 3 4 5');
    expect((await rig.psql('later').run('insert into accounts values (7, 0)')).error).toMatch(
      'read-only',
    );
    const words = log(rig, 'primary').filter((line) => line.includes('forked off'));
    expect(words.length).toBeGreaterThan(1);
    expect(words[0]).toMatch(
      /new timeline 2 forked off current database system timeline 1 before current recovery point 0\/\w+$/,
    );
  });

  it('pg_rewind brings it back, without what only it had', async () => {
    const rig = await forked();
    await up(rig, { kind: 'rewind', node: 'primary', upstream: 'standby1' });
    await rig.until(() => rig.standby('primary').state === 'streaming');
    await rig.wait(500);
    await rig.psql('guest', 'standby1').ok('insert into accounts values (7, 0)');
    await rig.wait(500);
    expect(await rig.psql('later').value(IDS)).toBe('1 2 3 4 6 7');
  });

  it('pg_rewind fails where the WAL since the last common checkpoint is gone', async () => {
    const rig = await openCluster();
    await promote(rig);
    for (let round = 0; round < 3; round++)
      await rig
        .psql('till')
        .ok('select pg_switch_wal()', 'checkpoint', `insert into accounts values (1${round}, 0)`);
    await rig.do({ kind: 'kill', node: 'primary' });
    await rig.do({ kind: 'rewind', node: 'primary', upstream: 'standby1' });
    expect(rig.cluster.trace.find(({ kind }) => kind === 'rewindFailed')?.words).toMatch(
      /could not find previous WAL record at/,
    );
    expect(rig.node('primary').status).toBe('down');
    await up(rig, { kind: 'baseBackup', node: 'primary', upstream: 'standby1' });
    await rig.wait(1000);
    expect(await rig.psql('later').value(IDS)).toBe('1 2 3');
  });

  it('a switchover in good order loses nothing, and needs no rewind', async () => {
    const rig = await openCluster();
    const till = rig.psql('till');
    await till.ok('insert into accounts values (4, 0)');
    const open = await till.send('begin; insert into accounts values (5, 0)');
    await open.answer();
    await rig.do({ kind: 'stop', node: 'primary' });
    await rig.until(() => rig.node('primary').status === 'down');
    await promote(rig);
    await rig.psql('guest', 'standby1').ok('insert into accounts values (6, 0)');
    await rig.do({ kind: 'follow', node: 'primary', upstream: 'standby1' });
    await rig.start('primary');
    await rig.do({ kind: 'follow', node: 'standby2', upstream: 'standby1' });
    await rig.until(() => rig.cluster.unsettled() === null);
    for (const node of ['primary', 'standby1', 'standby2'])
      expect(await rig.psql('later', node).value(IDS)).toBe('1 2 3 4 6');
  });

  it('pg_promote() answers when it is done', async () => {
    const rig = await openCluster();
    const guest = rig.psql('guest', 'standby1');
    expect(await guest.value('select pg_promote()')).toBe('t');
    await guest.ok('insert into accounts values (6, 0)');
    await rig.freeze('standby2', 'startup');
    const other = rig.psql('guest', 'standby2');
    const sent = await other.send('select pg_promote(true, 2)');
    expect(sent.waitsFor).toBe('IPC/Promote');
    expect((await sent.answer()).rows).toEqual(['f']);
    expect(sent.notices).toEqual(['WARNING 01000 server did not promote within 2 seconds']);
  });

  it('a standby of the promoted standby goes along', async () => {
    const rig = await openCluster({
      nodes: ['primary', 'standby1', 'standby2'],
      upstreams: { standby2: 'standby1' },
    });
    await promote(rig);
    await rig.psql('guest', 'standby1').ok('insert into accounts values (6, 0)');
    await rig.wait(7000);
    expect(await rig.psql('guest', 'standby2').value(IDS)).toBe('1 2 3 6');
  });
});

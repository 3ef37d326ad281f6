import { describe, expect, it } from 'vitest';
import { openCluster } from './rig.ts';

const COUNT = 'select count(*) from accounts';
const ROWS =
  'select application_name, state, sync_state from pg_stat_replication order by application_name';

/** standby3 streams from standby2, and standby2 from the primary. */
async function cascade(names = '') {
  const rig = await openCluster({
    nodes: ['primary', 'standby1', 'standby2', 'standby3'],
    upstreams: { standby3: 'standby2' },
    names,
  });
  return {
    rig,
    till: rig.psql('till'),
    middle: rig.psql('middle', 'standby2'),
    last: rig.psql('last', 'standby3'),
  };
}

describe('a standby of a standby', () => {
  it('is listed by the node that it streams from, and by no other', async () => {
    const { rig, till, middle, last } = await cascade();
    expect(await till.rows(ROWS)).toEqual(['standby1|streaming|async', 'standby2|streaming|async']);
    expect(await middle.rows(ROWS)).toEqual(['standby3|streaming|async']);
    expect(await last.value('select sender_host from pg_stat_wal_receiver')).toBe('standby2');
    expect(rig.standby('standby3').upstream).toBe('standby2');
    await till.ok('insert into accounts values (4, 0)');
    await rig.settle();
    expect(await last.value(COUNT)).toBe('4');
    expect(rig.cluster.trace[0]?.words).toBe(
      'primary is up, and standby1, standby2 stream from it; standby3 streams from standby2.',
    );
  });

  it('gets what its upstream has flushed, replayed there or not', async () => {
    const { rig, till, middle, last } = await cascade();
    await rig.freeze('standby2', 'startup');
    await till.ok('insert into accounts values (4, 0)');
    await rig.wait(100);
    expect(await middle.value(COUNT)).toBe('3');
    expect(await last.value(COUNT)).toBe('4');
  });

  it('is never synchronous, whatever is named', async () => {
    const { till, middle } = await cascade('standby3');
    expect(await till.rows(ROWS)).toEqual(['standby1|streaming|async', 'standby2|streaming|async']);
    expect(await middle.rows(ROWS)).toEqual(['standby3|streaming|async']);
    const sent = await till.send('insert into accounts values (4, 0)');
    expect(sent.waitsFor).toBe('IPC/SyncRep');
    expect(await middle.value('show synchronous_standby_names')).toBe('');
  });

  it('is cut off with its upstream, and catches up with it', async () => {
    const { rig, till, last } = await cascade();
    await rig.do({ kind: 'kill', node: 'standby2' });
    await till.ok('insert into accounts values (4, 0)');
    await rig.wait(10_000);
    expect(await last.value(COUNT)).toBe('3');
    expect(await last.value('select count(*) from pg_stat_wal_receiver')).toBe('0');
    await rig.start('standby2');
    await rig.settle();
    expect(await last.value(COUNT)).toBe('4');
  });

  it('goes on from wherever primary_conninfo points it', async () => {
    const { rig, till, last } = await cascade();
    await rig.do({ kind: 'kill', node: 'standby2' });
    await till.ok('insert into accounts values (4, 0)');
    await last.ok(
      "alter system set primary_conninfo = 'host=primary application_name=standby3'",
      'select pg_reload_conf()',
    );
    await rig.settle();
    expect(await last.value(COUNT)).toBe('4');
    expect(await till.rows(ROWS)).toEqual(['standby1|streaming|async', 'standby3|streaming|async']);
    // Named now, it has a say.
    await till.ok(
      "alter system set synchronous_standby_names = 'standby3'",
      'select pg_reload_conf()',
    );
    await rig.wait(100);
    expect((await till.run('insert into accounts values (5, 0)')).took).toBeCloseTo(10.9);
    // The middle one comes back, and has nobody below it.
    await rig.start('standby2');
    await rig.settle();
    expect(await rig.psql('later', 'standby2').rows(ROWS)).toEqual([]);
  });

  it('leaves the connection that it had, while all is well', async () => {
    const { rig, till, middle, last } = await cascade();
    await last.ok(
      "alter system set primary_conninfo = 'host=primary application_name=standby3'",
      'select pg_reload_conf()',
    );
    await rig.wait(100);
    expect(await middle.rows(ROWS)).toEqual([]);
    await till.ok('insert into accounts values (4, 0)');
    await rig.settle();
    expect(await last.value(COUNT)).toBe('4');
    expect(rig.standby('standby3').upstream).toBe('primary');
  });

  it.each([
    [{ standby3: 'standby4' }, 'standby3 cannot stream from standby4: there is no node "standby4"'],
    [{ standby2: 'standby3', standby3: 'standby2' }, 'standby2 streams from itself'],
    [{ primary: 'standby1' }, 'primary is the primary: it streams from no one'],
  ])('must lead to the primary: %j', async (upstreams, words) => {
    const nodes = ['primary', 'standby1', 'standby2', 'standby3'];
    await expect(openCluster({ nodes, upstreams })).rejects.toThrow(words);
  });
});

import { describe, expect, it } from 'vitest';
import { openCluster, type Rig } from './rig.ts';

const COUNT = 'select count(*) from accounts';

async function withStandby() {
  const rig = await openCluster();
  return {
    rig,
    anna: rig.psql('anna'),
    reader: rig.psql('reader', 'standby1'),
    other: rig.psql('other', 'standby2'),
  };
}

/** WAL that the standby has, but has not replayed. */
const behind = (rig: Rig): number => {
  const { ownFlushLsn, ownReplayLsn } = rig.standby('standby1');
  return ownFlushLsn - ownReplayLsn;
};

describe('a standby answers as of what it has replayed', () => {
  it('while its startup process is frozen', async () => {
    const { rig, anna, reader, other } = await withStandby();
    await rig.freeze('standby1', 'startup');
    await anna.ok('insert into accounts values (4, 0)', 'create table later (id int)');
    await rig.wait(1_000);
    expect(behind(rig)).toBeGreaterThan(0);
    expect(await reader.value(COUNT)).toBe('3');
    expect((await reader.run('table later')).error).toBe('42P01 relation "later" does not exist');
    expect(await other.value(COUNT)).toBe('4');
    await rig.thaw('standby1', 'startup');
    await rig.settle();
    expect(await reader.value(COUNT)).toBe('4');
    expect(await reader.rows('table later')).toEqual([]);
  });

  it('while replay is paused, and goes on when it is resumed', async () => {
    const { rig, anna, reader } = await withStandby();
    await reader.ok('select pg_wal_replay_pause()');
    await rig.wait(100);
    expect(await reader.value('select pg_get_wal_replay_pause_state()')).toBe('paused');
    await anna.ok('insert into accounts values (4, 0)');
    await rig.wait(1_000);
    expect(await reader.value(COUNT)).toBe('3');
    expect(await reader.value('select pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()')).toBe(
      't',
    );
    await reader.ok('select pg_wal_replay_resume()');
    await rig.settle();
    expect(await reader.value(COUNT)).toBe('4');
  });

  it('while it replays slowly: row by row, never half a transaction', async () => {
    const { rig, anna, reader } = await withStandby();
    await rig.do({ kind: 'replayRate', node: 'standby1', bytesPerSecond: 2_000 });
    for (let id = 10; id < 20; id++)
      await anna.ok(`insert into accounts values (${id}, 0), (${id + 100}, 0)`);
    const seen: number[] = [];
    while (seen.at(-1) !== 23) {
      seen.push(Number(await reader.value(COUNT)));
      await rig.wait(100);
      expect(seen.length).toBeLessThan(200);
    }
    expect(seen.every((count) => count % 2 === 1)).toBe(true);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(new Set(seen).size).toBeGreaterThan(3);
  });

  it('while its link is cut', async () => {
    const { rig, anna, reader } = await withStandby();
    await rig.do({ kind: 'cut', a: 'primary', b: 'standby1' });
    await anna.ok('insert into accounts values (4, 0)');
    await rig.wait(5_000);
    expect(await reader.value(COUNT)).toBe('3');
    await rig.do({ kind: 'heal', a: 'primary', b: 'standby1' });
    await rig.settle();
    expect(await reader.value(COUNT)).toBe('4');
  });

  it('and its primary is killed', async () => {
    const { rig, anna, reader } = await withStandby();
    await anna.ok('insert into accounts values (4, 0)');
    await rig.settle();
    await rig.do({ kind: 'kill', node: 'primary' });
    await rig.wait(10_000);
    expect(await reader.value(COUNT)).toBe('4');
    expect(await reader.value('select count(*) from pg_stat_wal_receiver')).toBe('0');
  });
});

describe('a transaction on a standby', () => {
  it('of read committed moves on with replay', async () => {
    const { rig, anna, reader } = await withStandby();
    await reader.ok('begin');
    expect(await reader.value(COUNT)).toBe('3');
    await anna.ok('insert into accounts values (4, 0)');
    await rig.settle();
    expect(await reader.value(COUNT)).toBe('4');
    await reader.ok('commit');
  });

  it('of repeatable read does not', async () => {
    const { rig, anna, reader } = await withStandby();
    await reader.ok('begin isolation level repeatable read');
    expect(await reader.value(COUNT)).toBe('3');
    await anna.ok('insert into accounts values (4, 0)');
    await rig.settle();
    expect(await reader.value(COUNT)).toBe('3');
    expect(await rig.psql('another', 'standby1').value(COUNT)).toBe('4');
    await reader.ok('commit');
    expect(await reader.value(COUNT)).toBe('4');
  });

  it('of repeatable read takes its snapshot with its first query, not with BEGIN', async () => {
    const { rig, anna, reader } = await withStandby();
    await reader.ok('begin isolation level repeatable read');
    await anna.ok('insert into accounts values (4, 0)');
    await rig.settle();
    expect(await reader.value(COUNT)).toBe('4');
  });

  it('keeps SET LOCAL and a cursor while replay moves on', async () => {
    const { rig, anna, reader } = await withStandby();
    await reader.ok(
      'begin',
      "set local work_mem = '8MB'",
      'declare c cursor for select id from accounts order by id',
    );
    expect(await reader.rows('fetch 1 from c')).toEqual(['1']);
    await anna.ok('insert into accounts values (0, 0)');
    await rig.settle();
    const next = await reader.run('fetch 2 from c');
    // PostgreSQL: 2 and 3. Or the limit in words, never other rows.
    if (next.error === null) expect(next.rows).toEqual(['2', '3']);
    else expect(next.error).toMatch(/^0A000 /);
    await reader.run('commit');
    expect(await reader.value('show work_mem')).toBe('4MB');
  });

  it('that failed stays failed', async () => {
    const { reader } = await withStandby();
    await reader.ok('begin');
    expect((await reader.run('insert into accounts values (4, 0)')).error).toBe(
      '25006 cannot execute INSERT in a read-only transaction',
    );
    expect((await reader.run('select 1')).error).toMatch(/^25P02 /);
    expect((await reader.run('commit')).tags).toEqual(['ROLLBACK']);
    await reader.ok('select 1');
  });

  it('is gone when its session is terminated or the standby is killed', async () => {
    const { rig, reader } = await withStandby();
    await reader.ok('begin', COUNT);
    await reader.terminate();
    expect((await reader.run('select 1')).error).toBe(
      '57P01 terminating connection due to administrator command',
    );
    await reader.ok('begin', COUNT);
    await rig.do({ kind: 'kill', node: 'standby1' });
    expect((await reader.run('select 1')).view.state).toBe('lost');
    await rig.start('standby1');
    await reader.ok('begin', COUNT, 'commit');
  });
});

describe('two sessions on a standby', () => {
  it('keep their settings apart from each other and from the primary', async () => {
    const { rig, reader } = await withStandby();
    const other = rig.psql('other', 'standby1');
    await reader.ok("set work_mem = '8MB'", 'prepare p as select 1');
    expect(await other.value('show work_mem')).toBe('4MB');
    expect((await other.run('execute p')).error).toBe(
      '26000 prepared statement "p" does not exist',
    );
    expect(await reader.value('execute p')).toBe('1');
    expect(await rig.psql('anna').value('show work_mem')).toBe('4MB');
  });

  it('SET in a block that commits lasts', async () => {
    const { rig, reader } = await withStandby();
    await reader.ok('begin', "set work_mem = '8MB'", 'commit');
    expect(await rig.psql('other', 'standby1').value('show work_mem')).toBe('4MB');
    expect(await reader.value('show work_mem')).toBe('8MB');
  });
});

describe('administration of a standby', () => {
  it('ALTER SYSTEM takes effect at the reload, on this node only, and outlives a restart', async () => {
    const { rig, reader, other } = await withStandby();
    await reader.ok("alter system set work_mem = '9MB'");
    expect(await reader.value('show work_mem')).toBe('4MB');
    expect(await reader.value('select pg_reload_conf()')).toBe('t');
    await rig.wait(10);
    expect(await reader.value('show work_mem')).toBe('9MB');
    expect(await other.value('show work_mem')).toBe('4MB');
    await rig.restart('kill', 'standby1');
    const again = rig.psql('again', 'standby1');
    expect(await again.value('show work_mem')).toBe('9MB');
    await again.ok('alter system reset work_mem');
    await rig.restart('kill', 'standby1');
    expect(await rig.psql('once more', 'standby1').value('show work_mem')).toBe('4MB');
  });

  it('ALTER SYSTEM of wal_receiver_status_interval reaches the walreceiver', async () => {
    const { rig, reader } = await withStandby();
    await reader.ok('alter system set wal_receiver_status_interval = 1', 'select pg_reload_conf()');
    await rig.wait(20_000);
    const age = await rig
      .psql('anna')
      .value(
        "select extract(epoch from now() - reply_time) < 1.2 from pg_stat_replication where application_name = 'standby1'",
      );
    expect(age).toBe('t');
  });

  it('CHECKPOINT is allowed; so is nothing that writes', async () => {
    const { reader } = await withStandby();
    expect((await reader.run('checkpoint')).tags).toEqual(['CHECKPOINT']);
    for (const [sql, error] of [
      ['vacuum accounts', '25006 cannot execute VACUUM during recovery'],
      ['create table t (id int)', '25006 cannot execute CREATE TABLE in a read-only transaction'],
      ['select pg_current_wal_lsn()', '55000 recovery is in progress'],
      [
        'select * from accounts for update',
        '25006 cannot execute SELECT FOR UPDATE in a read-only transaction',
      ],
      ["prepare transaction 'p'", '25006 cannot execute PREPARE TRANSACTION during recovery'],
    ] as const)
      expect((await reader.run(sql)).error, sql).toBe(error);
  });

  it('kill and start: it catches up by what was written meanwhile', async () => {
    const { rig, anna, reader } = await withStandby();
    const started = await reader.value('select pg_postmaster_start_time()');
    await rig.do({ kind: 'kill', node: 'standby1' });
    const refused = await reader.run(COUNT);
    expect(refused.view.state).toBe('lost');
    expect(rig.node('standby1').status).toBe('down');
    await anna.ok('insert into accounts values (4, 0)');
    await rig.start('standby1');
    await rig.settle();
    expect(await reader.value(COUNT)).toBe('4');
    expect(await reader.value(`select pg_postmaster_start_time() > '${started}'`)).toBe('t');
  });

  it('a power-off loses what it had not flushed, and it gets that again', async () => {
    const { rig, anna, reader } = await withStandby();
    await rig.do({ kind: 'fsync', node: 'standby1', time: Number.POSITIVE_INFINITY as never });
    await anna.ok('insert into accounts values (4, 0)');
    await rig.wait(100);
    const { ownReceiveLsn, ownFlushLsn } = rig.standby('standby1');
    expect(ownReceiveLsn).toBeGreaterThan(ownFlushLsn);
    await rig.do({ kind: 'powerOff', node: 'standby1' });
    expect(rig.standby('standby1').ownReceiveLsn).toBe(ownFlushLsn);
    await rig.do({ kind: 'fsync', node: 'standby1', time: 400 as never });
    await rig.start('standby1');
    await rig.settle();
    expect(await reader.value(COUNT)).toBe('4');
  });

  it('pg_sleep and statement_timeout on a standby take virtual time', async () => {
    const { reader } = await withStandby();
    expect((await reader.run('select pg_sleep(3)')).took).toBeGreaterThanOrEqual(3_000);
    await reader.ok("set statement_timeout = '1s'");
    const sleep = await reader.run('select pg_sleep(3)');
    expect(sleep.error).toBe('57014 canceling statement due to statement timeout');
    expect(sleep.took).toBeLessThan(1_010);
  });
});

import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/sim/prng.ts';
import { openCluster, type Rig, type Terminal } from './rig.ts';

const SETUP = [
  'create table t (id int primary key, v int not null)',
  'insert into t select g, 0 from generate_series(1, 200) g',
];
const LIMIT_MS = 3_000;
/** What the startup process may oversleep its patience by: its longest nap, and a moment. */
const NAP_MS = 1_100;
const CONFLICTS =
  "select confl_snapshot, confl_lock from pg_stat_database_conflicts where datname = 'postgres'";

/** Readers with snapshots of random lengths on a standby, beside writers, VACUUM and DDL on the primary. */
async function disturb(rig: Rig, seed: number, ddl: boolean): Promise<readonly Reader[]> {
  const random = Prng.seeded(seed);
  const draw = (below: number) => Math.floor(random.fraction() * below);
  const readers: Reader[] = [];
  const writer = rig.psql('writer');
  for (let round = 0; round < 25; round++) {
    const what = draw(10);
    if (what < 4) readers.push(await Reader.begin(rig.psql(`reader ${round}`, 'standby1')));
    else if (what < 7) await writer.run(`update t set v = v + 1 where id % 3 = ${draw(3)}`);
    else if (what < 9 || !ddl) await writer.run('vacuum t');
    else await writer.run(`alter table t alter column v set default ${round}`);
    await rig.wait(100 + draw(1_500));
    for (const reader of readers) if (draw(4) === 0) await reader.look();
  }
  return readers;
}

/** A REPEATABLE READ block: what it has seen first it must see to its end, or be told that it cannot. */
class Reader {
  readonly #psql: Terminal;
  readonly #sum: string | undefined;
  error: string | null = null;

  private constructor(psql: Terminal, sum: string | undefined) {
    this.#psql = psql;
    this.#sum = sum;
  }

  static async begin(psql: Terminal): Promise<Reader> {
    await psql.ok('begin isolation level repeatable read');
    const first = await psql.run('select sum(v) from t');
    const reader = new Reader(psql, first.rows[0]);
    reader.error = first.error;
    return reader;
  }

  async look(): Promise<void> {
    if (this.error !== null) return;
    const seen = await this.#psql.run('select sum(v) from t');
    this.error = seen.error;
    if (this.error === null) expect(seen.rows[0]).toBe(this.#sum);
  }
}

/** The longest time, in milliseconds, that replay has waited for queries. */
function longestWait({ cluster }: Rig): number {
  let since: number | null = null;
  let longest = 0;
  for (const { kind, node, at } of cluster.trace) {
    if (node !== 'standby1') continue;
    if (kind === 'replayWaits') since = at;
    if (kind !== 'replayGoesOn' || since === null) continue;
    longest = Math.max(longest, (at - since) / 1000);
    since = null;
  }
  return longest;
}

describe('recovery conflicts, on any seed', () => {
  it.each([1, 2, 3, 4, 5])(
    'a snapshot stays what it was or its session is told; replay never waits longer than it may (seed %i)',
    async (seed) => {
      const standby1 = { max_standby_streaming_delay: `${LIMIT_MS}ms` };
      const rig = await openCluster({ settings: { standby1 }, setup: SETUP, seed });
      const readers = await disturb(rig, seed, true);
      for (const reader of readers) await reader.look();
      expect(longestWait(rig)).toBeLessThan(LIMIT_MS + NAP_MS);
      const ended = readers.filter(({ error }) => error !== null);
      for (const { error } of ended)
        expect(error).toBe('40001 terminating connection due to conflict with recovery');
      const counted = (await rig.psql('main', 'standby1').value(CONFLICTS)) ?? '';
      const sum = counted.split('|').reduce((all, one) => all + Number(one), 0);
      expect(sum).toBe(ended.length);
      await rig.settle();
      expect(await rig.psql('main', 'standby1').value('select sum(v) from t')).toBe(
        await rig.psql('main').value('select sum(v) from t'),
      );
    },
  );

  it.each([1, 2, 3])(
    'feedback that comes often leaves no snapshot conflict to readers that begin when it has come (seed %i)',
    async (seed) => {
      const standby1 = {
        hot_standby_feedback: 'on',
        wal_receiver_status_interval: '1s',
        max_standby_streaming_delay: '100ms',
      };
      const rig = await openCluster({ settings: { standby1 }, setup: SETUP, seed });
      await rig.wait(1_500);
      const readers = await disturb(rig, seed, false);
      for (const reader of readers) await reader.look();
      expect(readers.map(({ error }) => error)).toEqual(readers.map(() => null));
      expect(await rig.psql('main', 'standby1').value(CONFLICTS)).toBe('0|0');
    },
  );
});

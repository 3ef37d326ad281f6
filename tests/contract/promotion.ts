import { describe, expect, it } from 'vitest';
import type { PromoteOptions } from '../../src/cluster/sql-engine.ts';
import { FIRST_TIMELINE, type TimelineId } from '../../src/postgres/lsn.ts';
import { scanRecords } from '../../src/postgres/wal/scan.ts';
import { WalStore } from '../../src/postgres/wal/wal-store.ts';
import { at, type Rig, run, value } from './rig.ts';

const SECOND_TIMELINE = 2 as TimelineId;
const IDS = "select string_agg(id::text, ' ' order by id) from t";

/** A standby that has replayed two rows and a prepared third, promoted; and the WAL that it has. */
async function promoted(rig: Rig) {
  const { engine } = rig;
  const { server: old } = await rig.primary();
  const store = new WalStore(FIRST_TIMELINE, engine.template.endLsn);
  run(old, 'create table t (id int primary key); insert into t values (1), (2)');
  run(old, "begin; insert into t values (3); prepare transaction 'p'");
  run(old, 'begin; insert into t values (4)');
  store.append(store.end, old.takeWal().bytes);
  const options: PromoteOptions = {
    base: engine.template,
    wal: store,
    settings: {},
    timeline: SECOND_TIMELINE,
    at: at(1),
    seed: 3,
  };
  const server = await engine.promote(options);
  return { server, store, forked: store.cut(store.end, SECOND_TIMELINE) };
}

export function describePromotion(rig: () => Rig): void {
  describe('promotion', () => {
    it('goes on where its WAL ends, on the new timeline, with a checkpoint', async () => {
      const { server, forked } = await promoted(rig());
      const forkLsn = forked.end;
      const { from, bytes } = server.takeWal();
      expect(from).toBe(forkLsn);
      forked.append(from, bytes);
      const { ends, traces, checkpoints } = scanRecords(forked, forkLsn);
      expect(ends.at(-1)).toBe(server.walPosition().insertLsn);
      expect(traces.some(({ endsAll }) => endsAll)).toBe(true);
      expect([...checkpoints.values()].at(-1)).toEqual(server.checkpoint());
      expect(server.checkpoint().control.timeline_id).toBe(2);
      server.close();
    });

    it('keeps prepared transactions, and nothing of those that had not ended', async () => {
      const { server } = await promoted(rig());
      expect(value(server, IDS)).toBe('1 2');
      run(server, 'insert into t values (4)');
      run(server, "commit prepared 'p'");
      expect(value(server, IDS)).toBe('1 2 3 4');
      server.close();
    });

    it('is a base for servers of the new timeline', async () => {
      const { server, forked } = await promoted(rig());
      const { from, bytes } = server.takeWal();
      forked.append(from, bytes);
      const base = rig().engine.keepBase(server);
      expect(base).toMatchObject({ endLsn: forked.end, timeline: 2 });
      run(server, 'insert into t values (5)');
      forked.append(forked.end, server.takeWal().bytes);
      expect(value(await rig().standby(forked, base), IDS)).toBe('1 2 5');
      server.close();
    });
  });
}

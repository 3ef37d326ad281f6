import { describe, expect, it } from 'vitest';
import { at, type Rig, run, value } from './rig.ts';

export function describeReplay(rig: () => Rig): void {
  describe('replay', () => {
    it('shows the server as of an LSN', async () => {
      const { server, wal } = await rig().primary();
      run(server, 'create table t (id int)');
      const ends = [1, 2, 3].map((id) => {
        run(server, `insert into t values (${id})`, id);
        return wal.take(server);
      });
      for (const [index, end] of ends.entries()) {
        const replica = await rig().standby(wal.upTo(end));
        expect(value(replica, 'select max(id) from t')).toBe(String(index + 1));
      }
    });

    it('does not show a transaction in progress, and shows prepared ones', async () => {
      const { server, wal } = await rig().primary();
      run(server, 'create table t (id int)');
      run(server, "begin; insert into t values (1); prepare transaction 'p'");
      run(server, 'begin; insert into t values (2)');
      const past = await rig().engine.materialize({
        base: rig().engine.template,
        wal: wal.upTo(wal.take(server)),
        settings: {},
        at: at(5),
        seed: 1,
        role: 'primary',
      });
      expect(value(past, 'select count(*) from t', 5)).toBe('0');
      run(past, "commit prepared 'p'", 5);
      expect(value(past, 'select count(*) from t', 5)).toBe('1');
      past.close();
      run(server, 'commit');
    });

    it('goes on from a base that was kept later', async () => {
      const { server, wal } = await rig().primary();
      run(server, 'create table t (id int); insert into t values (1); checkpoint', 2);
      const base = rig().engine.keepBase(server);
      wal.take(server);
      expect(base.endLsn).toBe(wal.end);
      const atBase = await rig().standby(wal.upTo(base.endLsn), base);
      expect(value(atBase, 'select count(*) from t')).toBe('1');

      run(server, 'insert into t values (2), (3); create table later ()', 3);
      const later = await rig().standby(wal.upTo(wal.take(server)), base);
      expect(value(later, 'select count(*) from t')).toBe('3');
      expect(value(later, 'select count(*) from later')).toBe('0');
      expect(value(server, 'select count(*) from t')).toBe('3');
    });

    it('refuses to show a base before its end', async () => {
      const { server, wal } = await rig().primary();
      const early = wal.take(server);
      run(server, 'create table t ()');
      const base = rig().engine.keepBase(server);
      await expect(rig().standby(wal.upTo(early), base)).rejects.toThrow(/a base that ends at/);
    });

    it('keeps servers apart that share the files of a base', async () => {
      const { server: one } = await rig().primary();
      const { server: other } = await rig().primary();
      run(one, 'create table t (id int); insert into t values (1); checkpoint');
      expect(other.execute('table t', at(0)).error?.sqlstate).toBe('42P01');
      const { server: third } = await rig().primary();
      expect(third.execute('table t', at(0)).error?.sqlstate).toBe('42P01');
    });
  });
}

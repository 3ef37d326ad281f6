import { describe, expect, it } from 'vitest';
import { formatLsn } from '../../src/postgres/lsn.ts';
import type { Offers } from './parts.ts';
import { at, type Rig, run, value } from './rig.ts';

export function describeWal(rig: () => Rig, offers: Offers): void {
  describe('WAL', () => {
    it('agrees with what PostgreSQL says of its positions', async () => {
      const { server } = await rig().primary();
      run(server, 'create table t (v text); set synchronous_commit = off');
      for (let i = 0; i < 20; i++) {
        run(server, `insert into t select repeat('x', ${i * 37}) from generate_series(1, ${i})`);
        const { insertLsn, flushLsn } = server.walPosition();
        expect(value(server, 'select pg_current_wal_flush_lsn()')).toBe(formatLsn(flushLsn));
        expect(value(server, 'select pg_current_wal_insert_lsn()')).toBe(formatLsn(insertLsn));
      }
      const { insertLsn, flushLsn } = server.walPosition();
      expect(flushLsn).toBeLessThan(insertLsn);
      server.takeWal();
      expect(server.walPosition()).toMatchObject({ insertLsn, flushLsn: insertLsn });
    });

    it('tells the xid of the transaction in progress', async () => {
      const { server } = await rig().primary();
      run(server, 'begin');
      expect(server.walPosition().xid).toBe(0);
      const xid = value(server, 'select pg_current_xact_id()');
      expect(server.walPosition().xid).toBe(Number(xid));
      run(server, 'rollback');
      expect(server.walPosition().xid).toBe(0);
    });

    it('gives every byte once, also of segments that a checkpoint removes', async () => {
      const { server, wal } = await rig().primary();
      wal.take(server);
      run(server, 'create table t (id int primary key, v text)');
      run(server, "insert into t select g, repeat('x', 300) from generate_series(1, 9000) g");
      run(server, 'checkpoint; select pg_switch_wal(); checkpoint', 1);
      const end = wal.take(server);
      expect(wal.bytes.length).toBeGreaterThan(3_000_000);
      expect(server.takeWal()).toEqual({ from: end, bytes: new Uint8Array() });
      const replica = await rig().standby(wal.upTo(end));
      expect(value(replica, 'select count(*), sum(length(v)) from t')).toBe('9000');
    });

    it('loses in a crash what was not in the WAL that is left', async () => {
      const { server, wal } = await rig().primary();
      run(server, 'create table t (id int); insert into t values (1)');
      const durable = wal.take(server);
      run(server, 'set synchronous_commit = off; insert into t values (2)');
      const all = wal.take(server);
      expect(value(await rig().restart(wal.upTo(durable)), 'select count(*) from t')).toBe('1');
      const restarted = await rig().restart(wal.upTo(all));
      expect(value(restarted, 'select count(*) from t')).toBe('2');
      expect(restarted.takeWal().from).toBe(all);
    });

    if (offers.has('chance'))
      it('is the same to the byte for the same statements, instants and seed', async () => {
        const write = async () => {
          const { server, wal } = await rig().primary();
          run(
            server,
            'create table t (id uuid default gen_random_uuid(), r float, at timestamptz)',
          );
          run(
            server,
            'insert into t select gen_random_uuid(), random(), now() from generate_series(1, 500)',
            1,
          );
          run(server, 'checkpoint; update t set r = random(); create index on t (r)', 2);
          const rows = server.execute('select * from t order by id limit 20', at(3)).results[0]
            ?.rows;
          wal.take(server);
          return { rows, bytes: Buffer.from(wal.bytes).toString('base64') };
        };
        expect(await write()).toEqual(await write());
      });
  });
}

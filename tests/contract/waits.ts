import { describe, expect, it } from 'vitest';
import type { BackendWait } from '../../src/cluster/sql-engine.ts';
import { seconds } from '../../src/sim/instant.ts';
import type { Offers } from './parts.ts';
import { at, type Rig, run, value } from './rig.ts';

export function describeWaits(rig: () => Rig, offers: Offers): void {
  describe('time and waits', () => {
    if (offers.has('clock and sleep'))
      it('has the time of the instant, to the microsecond', async () => {
        const { server } = await rig().primary();
        const both = 'select concat_ws($$ $$, now(), clock_timestamp())'.replaceAll('$$', "'");
        for (const micros of ['000000', '000001', '123456', '999999']) {
          const second = 3600 + Number(`0.${micros}`);
          const { results } = server.execute(both, at(second));
          const time = `2026-01-05 13:00:00.${micros}`.replace(/\.?0+$/, '').replace(/:$/, ':00');
          expect(results[0]?.rows[0]?.[0]).toBe(`${time}+00 ${time}+00`);
        }
      });

    if (offers.has('clock and sleep'))
      it('lets a sleep take virtual time, or be cancelled', async () => {
        const { server } = await rig().primary();
        const slept = server.execute('select pg_sleep(2.5), clock_timestamp()::time', at(10));
        expect(slept.results[0]?.rows).toEqual([['', '12:00:12.5']]);
        expect(slept).toMatchObject({
          wait: { kind: 'sleep', length: seconds(2.5) },
          slept: seconds(2.5),
        });

        const waits: BackendWait[] = [];
        const onWait = (wait: BackendWait) => {
          waits.push(wait);
          return 'cancel' as const;
        };
        const cancelled = server.execute('select pg_sleep(60)', at(20), { onWait });
        expect(cancelled.error).toMatchObject({
          sqlstate: '57014',
          message: 'canceling statement due to user request',
        });
        expect(waits).toEqual([{ kind: 'sleep', length: seconds(60) }]);
        expect(cancelled.slept).toBe(0);
        expect(value(server, 'select now()::time', 30)).toBe('12:00:30');
      });

    if (offers.has('clock and sleep'))
      it('ends a sleep without end', async () => {
        const { server } = await rig().primary();
        expect(server.execute("select pg_sleep('infinity')", at(0)).error?.sqlstate).toBe('57014');
      });

    it('reports what lock a statement would wait for, and stays usable', async () => {
      const { server } = await rig().primary();
      run(server, "create table t (id int primary key, v text); insert into t values (1, 'a')");
      run(server, 'begin');
      const xid = Number(value(server, "update t set v = 'b'; select pg_current_xact_id()"));
      run(server, "prepare transaction 'p'");
      const relation = Number(value(server, "select 't'::regclass::oid"));

      const update = server.execute("update t set v = 'c'", at(0));
      expect(update.error?.sqlstate).toBe('57014');
      expect(update.wait).toEqual({
        kind: 'lock',
        event: 'transactionid',
        xid,
        relation: null,
        mode: 'ShareLock',
      });
      expect(server.execute('drop table t', at(0)).wait).toEqual({
        kind: 'lock',
        event: 'relation',
        xid: null,
        relation,
        mode: 'AccessExclusiveLock',
      });

      run(server, 'begin; insert into t values (2)');
      const inTransaction = server.execute("update t set v = 'c' where id = 1", at(0));
      expect(inTransaction).toMatchObject({ status: 'failed', wait: { event: 'transactionid' } });
      run(server, 'rollback');
      run(server, "commit prepared 'p'");
      expect(value(server, "update t set v = v || 'c' returning v")).toBe('bc');
    });

    it('never waits for standbys itself', async () => {
      const { server } = await rig().primary();
      run(server, "alter system set synchronous_standby_names = '*'");
      server.reload(at(1));
      const { notices, wait, error } = server.execute('create table t (); drop table t', at(1));
      expect({ notices, wait, error }).toEqual({ notices: [], wait: null, error: null });
      expect(value(server, 'show synchronous_standby_names')).toBe('*');
    });

    it('puts ALTER SYSTEM in force at a reload, and tells what it wrote', async () => {
      const { server } = await rig().primary();
      run(server, "alter system set work_mem = '7MB'");
      expect(value(server, 'show work_mem')).toBe('4MB');
      server.reload(at(1));
      expect(value(server, 'show work_mem')).toBe('7MB');
      expect(server.alteredSettings()).toContain("work_mem = '7MB'");
    });
  });
}

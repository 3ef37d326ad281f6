import { describe, expect, it } from 'vitest';
import type { Offers } from './parts.ts';
import { at, type Rig, run, value } from './rig.ts';

const READ_ONLY = (what: string) => ['25006', `cannot execute ${what} in a read-only transaction`];
const RECOVERY = (what: string) => ['25006', `cannot execute ${what} during recovery`];
const WAL_FUNCTION = ['55000', 'recovery is in progress'];
const READ_WRITE = ['0A000', 'cannot set transaction read-write mode during recovery'];

/** What a standby of a real PostgreSQL 18.4 cluster said. */
const REFUSALS: readonly (readonly [string, readonly string[]])[] = [
  ["insert into t values (9999, 'x')", READ_ONLY('INSERT')],
  ["select nextval('sq')", READ_ONLY('nextval()')],
  ['vacuum t', RECOVERY('VACUUM')],
  ['create temp table tt (a int)', READ_ONLY('CREATE TABLE')],
  ['begin; set transaction read write; commit', READ_WRITE],
  ['set transaction_read_only = off', READ_WRITE],
  ['select * from t where id = 1 for update', READ_ONLY('SELECT FOR UPDATE')],
  ['listen foo', RECOVERY('LISTEN')],
  ['notify foo', RECOVERY('NOTIFY')],
  ["prepare transaction 'x'", RECOVERY('PREPARE TRANSACTION')],
  ['select pg_current_wal_lsn()', WAL_FUNCTION],
  ["select pg_create_restore_point('x')", WAL_FUNCTION],
  ['select pg_switch_wal()', WAL_FUNCTION],
  ['analyze t', RECOVERY('ANALYZE')],
  ['lock table t in access exclusive mode', RECOVERY('LOCK TABLE')],
  ['select txid_current()', RECOVERY('pg_current_xact_id()')],
];

export function describeStandby(rig: () => Rig, offers: Offers): void {
  describe('a standby', () => {
    const standby = async (more: readonly string[] = []) => {
      const { server, wal } = await rig().primary();
      run(server, "create table t (id int, v text); insert into t values (1, 'a')");
      for (const sql of more) run(server, sql);
      wal.take(server);
      return rig().standby(wal.upTo());
    };

    it('refuses to write, in PostgreSQL’s words', async () => {
      const server = await standby();
      const refusals: typeof REFUSALS = [
        ["insert into t values (2, 'b')", READ_ONLY('INSERT')],
        ["update t set v = 'b' where id = 1", READ_ONLY('UPDATE')],
        ['delete from t', READ_ONLY('DELETE')],
        ['create table u ()', READ_ONLY('CREATE TABLE')],
        ['drop table t', READ_ONLY('DROP TABLE')],
        ["begin; prepare transaction 'x'", RECOVERY('PREPARE TRANSACTION')],
        ["commit prepared 'x'", RECOVERY('COMMIT PREPARED')],
        ['select pg_switch_wal()', WAL_FUNCTION],
      ];
      for (const [sql, [sqlstate, message]] of refusals) {
        expect(server.execute(sql, at(0)).error, sql).toMatchObject({ sqlstate, message });
        server.execute('rollback', at(0));
      }
      expect(value(server, 'select v from t')).toBe('a');
    });

    if (offers.has('everything that a standby refuses'))
      it('refuses what a standby refuses, in PostgreSQL’s words', async () => {
        const server = await standby(['create sequence sq']);
        for (const [sql, [sqlstate, message]] of REFUSALS) {
          const { error } = server.execute(sql, at(0));
          expect(error, sql).toMatchObject({ severity: 'ERROR', sqlstate, message });
          const isWalFunction = sqlstate === '55000';
          expect(error?.hint, sql).toBe(
            isWalFunction ? 'WAL control functions cannot be executed during recovery.' : null,
          );
          server.execute('rollback', at(0));
        }
      });

    if (offers.has('everything that a standby refuses'))
      it('answers queries, takes advisory locks and settings of its own', async () => {
        const server = await standby();
        expect(value(server, 'select v from t')).toBe('a');
        run(server, "select pg_advisory_lock(1); set work_mem = '5MB'");
        run(server, "alter system set work_mem = '6MB'");
        expect(value(server, 'show transaction_read_only')).toBe('on');
      });
  });
}

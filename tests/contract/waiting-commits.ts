import { describe, expect, it } from 'vitest';
import type { Server } from '../../src/cluster/sql-engine.ts';
import { FIRST_TIMELINE, type Lsn } from '../../src/postgres/lsn.ts';
import { readRecords } from '../../src/postgres/wal/record-reader.ts';
import {
  commitPreparedLength,
  commitPreparedToNoop,
  messageToCommitPrepared,
  prepareToCommit,
  recordToNoop,
} from '../../src/postgres/wal/rewrite.ts';
import { type PlacedTransaction, scanRecords } from '../../src/postgres/wal/scan.ts';
import { WalStore } from '../../src/postgres/wal/wal-store.ts';
import { at, type Rig, run, value } from './rig.ts';

/** Everything that is in the WAL of `rig`'s primary so far. */
class Shipped {
  readonly store: WalStore;
  readonly #server: Server;

  constructor(rig: Rig, server: Server) {
    this.store = new WalStore(FIRST_TIMELINE, rig.engine.template.endLsn);
    this.#server = server;
  }

  /** Takes what is new; the records in it that end or prepare transactions. */
  take(): readonly PlacedTransaction[] {
    const before = this.store.end;
    const { from, bytes } = this.#server.takeWal();
    this.store.append(from, bytes);
    return scanRecords(this.store, before).transactions;
  }
}

const COUNT = 'select count(*) from t';

/** A primary with an empty table, and its WAL. */
async function opened(rig: Rig): Promise<{ server: Server; shipped: Shipped }> {
  const { server } = await rig.primary();
  const shipped = new Shipped(rig, server);
  run(server, 'create table t (id int primary key)');
  shipped.take();
  return { server, shipped };
}

export function describeWaitingCommits(rig: () => Rig): void {
  describe('waiting commits', () => {
    it('writes whole records, one after another, with CRCs, across pages and segments', async () => {
      const { server, shipped } = await opened(rig());
      run(server, 'create table wide (id int, v text)');
      run(server, "insert into wide select g, repeat('x', 3000) from generate_series(1, 500) g");
      run(server, 'select pg_switch_wal(); checkpoint; insert into t values (1)', 1);
      shipped.take();
      const { store } = shipped;
      let before: Lsn | null = null;
      let end: Lsn | null = null;
      let broken = 0;
      for (const record of readRecords(store, store.start)) {
        const follows = before === null || record.prev === before;
        if (!record.isIntact || !follows) broken++;
        before = record.lsn;
        end = record.endLsn;
      }
      expect({ broken, end }).toEqual({ broken: 0, end: store.end });
      expect(end).toBe(server.walPosition().insertLsn);
    });

    it('tells a checkpoint in WAL as it tells it itself', async () => {
      const { server, shipped } = await opened(rig());
      const from = shipped.store.end;
      run(server, 'insert into t values (1); checkpoint', 2);
      shipped.take();
      const found = [...scanRecords(shipped.store, from).checkpoints.values()];
      expect(found).toEqual([server.checkpoint()]);
      expect(found[0]?.redoLsn).toBeGreaterThanOrEqual(from);
    });

    it('replays a PREPARE made a COMMIT as one, and the COMMIT PREPARED made nothing', async () => {
      const { server, shipped } = await opened(rig());
      run(server, "begin; insert into t values (1); prepare transaction 'p'");
      const [prepared] = shipped.take();
      expect(prepared?.record).toMatchObject({ kind: 'prepare', gid: 'p' });
      prepareToCommit(shipped.store, prepared?.lsn as Lsn);
      expect(value(await rig().standby(shipped.store), COUNT)).toBe('1');
      expect(value(server, COUNT)).toBe('0');

      run(server, "commit prepared 'p'");
      const [committed] = shipped.take();
      commitPreparedToNoop(shipped.store, committed?.lsn as Lsn);
      expect(value(await rig().standby(shipped.store), COUNT)).toBe('1');
      const restarted = await rig().restart(shipped.store);
      run(restarted, 'insert into t values (2)');
      expect(restarted.execute('insert into t values (1)', at(0)).error?.sqlstate).toBe('23505');
    });

    it('replays a message made the COMMIT PREPARED that waits', async () => {
      const { server, shipped } = await opened(rig());
      run(server, "begin; insert into t values (1); prepare transaction 'p'");
      const [prepared] = shipped.take();
      if (prepared?.record.kind !== 'prepare') throw new Error('nothing was prepared');
      const { record, endLsn: start } = prepared;
      const content = `repeat('x', ${commitPreparedLength(record)})`;
      run(server, `select pg_catalog.pg_logical_emit_message(false, '', ${content}, true)`);
      expect(server.walPosition().flushLsn).toBe(server.walPosition().insertLsn);
      shipped.take();
      messageToCommitPrepared(shipped.store, start, record, record.time);
      expect(value(await rig().standby(shipped.store), COUNT)).toBe('1');
      expect(value(server, COUNT)).toBe('0');
    });

    it('replays a transaction whose PREPARE says nothing as one that has not ended', async () => {
      const { server, shipped } = await opened(rig());
      run(server, "begin; insert into t values (1); prepare transaction 'p'");
      const [prepared] = shipped.take();
      recordToNoop(shipped.store, prepared?.lsn as Lsn);
      const restarted = await rig().restart(shipped.store);
      expect(value(restarted, COUNT)).toBe('0');
      run(restarted, 'insert into t values (1)');
    });

    it('goes no further than the first record that is not whole', async () => {
      const { server, shipped } = await opened(rig());
      run(server, 'insert into t values (1)');
      const [first] = shipped.take();
      run(server, 'insert into t values (2)');
      shipped.take();
      const { store } = shipped;
      const flaw = store.read(first?.endLsn as Lsn, store.end);
      flaw[30] = (flaw[30] ?? 0) ^ 1;
      store.overwrite(first?.endLsn as Lsn, flaw);
      expect(value(await rig().standby(store), 'select max(id) from t')).toBe('1');
    });
  });
}

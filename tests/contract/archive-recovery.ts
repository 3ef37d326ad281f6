import { describe, expect, it } from 'vitest';
import type { ArchiveRecovery } from '../../src/cluster/archive-recovery.ts';
import { FIRST_TIMELINE, type Lsn, lsn } from '../../src/postgres/lsn.ts';
import { startOfSegment, WAL_SEGMENT_SIZE } from '../../src/postgres/wal/page.ts';
import { segmentName } from '../../src/postgres/wal/wal-store.ts';
import type { Offers } from './parts.ts';
import { at, type Rig, run, value } from './rig.ts';

type Recover = (settings: Record<string, string> | null) => Promise<ArchiveRecovery>;

/** A backup of an empty table; then twenty rows, a restore point, and the table is dropped. */
async function archived(rig: Rig): Promise<Recover> {
  const { engine } = rig;
  const { server, wal } = await rig.primary();
  run(server, 'create table t (id int primary key)');
  run(server, "select pg_backup_start('monday', true)");
  const base = engine.keepBase(server);
  const backupLabel = value(server, 'select labelfile from pg_backup_stop(false)') ?? '';
  run(server, 'insert into t select generate_series(1, 20)');
  run(server, "select pg_create_restore_point('before')");
  run(server, 'drop table t; select pg_switch_wal()');
  const end = wal.take(server);
  const { endLsn: start } = engine.template;
  const segment = (position: Lsn): Uint8Array => {
    const bytes = new Uint8Array(WAL_SEGMENT_SIZE);
    const from = Math.max(position, start);
    bytes.set(
      wal.bytes.subarray(from - start, position + WAL_SEGMENT_SIZE - start),
      from - position,
    );
    return bytes;
  };
  const archive = new Map<string, Uint8Array>();
  for (let position = startOfSegment(start); position + WAL_SEGMENT_SIZE <= end; ) {
    archive.set(segmentName(FIRST_TIMELINE, position), segment(position));
    position = lsn(position + WAL_SEGMENT_SIZE);
  }
  return (settings) =>
    engine.recoverFromArchive({
      base,
      backupLabel,
      recoverySignal: settings !== null,
      settings: { restore_command: 'given', ...settings },
      archived: (file) => archive.get(file) ?? null,
      archivedFrom: start,
      at: at(5),
      seed: 3,
    });
}

export function describeArchiveRecovery(rig: () => Rig, offers: Offers): void {
  if (offers.has('archive recovery'))
    describe('recovery from an archive', () => {
      it('ends at its target, on a new timeline that writes', async () => {
        const recover = await archived(rig());
        const { log, recovered } = await recover({ recovery_target_name: 'before' });
        expect(log).toContainEqual(
          expect.stringMatching(/^LOG: {2}starting point-in-time recovery/),
        );
        expect(log).toContain('LOG:  selected new timeline ID: 2');
        expect(recovered?.timeline).toBe(2);
        expect(recovered?.history).toMatch(/^1\t\S+\tat restore point "before"\n$/);
        const server = recovered?.server;
        if (!server) return;
        expect(value(server, 'select count(*) from t')).toBe('20');
        run(server, 'insert into t values (21)');
        const { from, bytes } = server.takeWal();
        expect(from).toBe(recovered.forkLsn);
        expect(bytes.length).toBeGreaterThan(0);
        server.close();
      });

      it('fails in words of PostgreSQL', async () => {
        const recover = await archived(rig());
        const lastWords = async (settings: Record<string, string> | null) => {
          const { log, recovered } = await recover(settings);
          expect(recovered).toBeNull();
          return log.find((line) => line.startsWith('FATAL'));
        };
        expect(await lastWords({ recovery_target_xid: '9000' })).toBe(
          'FATAL:  recovery ended before configured recovery target was reached',
        );
        expect(await lastWords({ recovery_target_xid: '9', recovery_target_name: 'before' })).toBe(
          'FATAL:  multiple recovery targets specified',
        );
        expect(await lastWords(null)).toMatch(/^FATAL: {2}could not locate required checkpoint/);
      });
    });
}

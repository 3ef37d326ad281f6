import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { backedUp } from '../../../src/postgres/backup/backup-files.ts';
import { manifestText, readManifest } from '../../../src/postgres/backup/manifest.ts';
import { sha256 } from '../../../src/postgres/backup/sha256.ts';
import { verifyBackup } from '../../../src/postgres/backup/verify.ts';
import { DAMAGES, filesAfter, MANIFEST, readRecord } from '../../real/verify-backup.ts';

const record = readRecord();

it('sums as SHA-256 does, whatever the length', () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 1000]) {
    const message = Uint8Array.from({ length }, (_, i) => i * 7);
    expect(Buffer.from(sha256(message)).toString('hex')).toBe(
      createHash('sha256').update(message).digest('hex'),
    );
  }
});

describe('backup_manifest', () => {
  it('is written as PostgreSQL 18 writes it, to the byte', () => {
    const manifest = readManifest(record.manifest);
    expect(manifest?.files.length).toBeGreaterThan(300);
    expect(manifest && manifestText(manifest)).toBe(record.manifest);
  });

  it('is not believed once a digit of it has changed', () => {
    expect(readManifest(record.manifest.replace('"Size": 8192', '"Size": 8193'))).toBeNull();
  });

  it('lists what a base backup has', () => {
    const none = new Uint8Array();
    const paths = [
      ...['PG_VERSION', 'base/5/1259', 'base/5/1259_fsm', 'base/5/16390_init', 'pg_xact/0000'],
      ...['base/5/16390', 'base/5/16390_fsm', 'pg_wal/00000001', 'pg_replslot/a/state'],
      ...['global/pg_internal.init', 'postmaster.pid', 'pg_notify/0000'],
    ];
    const kept = backedUp(new Map(paths.map((path) => [path, none])));
    expect([...kept.keys()]).toEqual(paths.slice(0, 5));
  });
});

describe('pg_verifybackup', () => {
  it('finds a real backup sound, and the one bit in it that is not', () => {
    expect(record.ofRealFiles).toEqual([
      ['backup successfully verified'],
      ['pg_verifybackup: error: checksum mismatch for file "base/5/1259"'],
    ]);
  });

  it.each(Object.keys(DAMAGES))('says what the real one says when %s', (damage) => {
    const files = filesAfter(damage);
    const { lines, ok } = verifyBackup({
      ...{ directory: '/backup/monday', files, manifest: MANIFEST, parseWal: null },
    });
    expect(lines).toEqual(record.said[damage]);
    expect(ok).toBe(lines[0] === 'backup successfully verified');
  });

  it('says when the manifest is of another cluster, or is no manifest any more', () => {
    const say = (manifest: string, control: Uint8Array) =>
      verifyBackup({
        directory: '/backup/monday',
        files: new Map([['global/pg_control', control]]),
        manifest,
        parseWal: null,
      }).lines;
    expect(say(`${MANIFEST.slice(0, 90)}x${MANIFEST.slice(91)}`, new Uint8Array(8192))).toEqual([
      'pg_verifybackup: error: manifest checksum mismatch',
    ]);
    expect(say(record.manifest, new Uint8Array(8192))).toEqual([
      'pg_verifybackup: error: /backup/monday/global/pg_control: CRC is incorrect',
    ]);
    expect(say(record.manifest, new Uint8Array(100))).toEqual([
      'pg_verifybackup: error: could not read file "/backup/monday/global/pg_control": read 100 of 296',
    ]);
  });
});

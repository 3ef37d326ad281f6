/**
 * `node tests/real/record-verify-backup.ts`: lets a real PostgreSQL 18 send a base backup with its manifest, and a real
 * pg_verifybackup speak. The npm package has no pg_verifybackup; Debian's `postgresql-15` has one, whose words are 18's.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { verifyBackup } from '../../src/postgres/backup/verify.ts';
import { RealCluster, realServer } from '../../src/real/cluster.ts';
import { receiveBaseBackup } from './base-backup.ts';
import { DAMAGES, filesAfter, MANIFEST, type VerifyRecord, writeRecord } from './verify-backup.ts';

const PROGRAM = '/usr/lib/postgresql/15/bin/pg_verifybackup';

async function ofServer(): Promise<Pick<VerifyRecord, 'manifest' | 'ofRealFiles'>> {
  const cluster = new RealCluster();
  try {
    await cluster.start({ nodes: ['primary'], config: [] });
    const ask = async (sql: string): Promise<string> => {
      const reply = cluster.send('primary', 'a', sql);
      await cluster.until(() => reply.outcome !== undefined, 10_000);
      return reply.outcome?.results[0]?.rows[0]?.[0] ?? '';
    };
    // A third of the files says as much as all of them.
    await ask('update pg_database set datistemplate = false');
    for (const name of ['template0', 'template1']) await ask(`drop database ${name}`);
    const { tar, manifest } = await receiveBaseBackup(Number(await ask('show port')));
    const folder = mkdtempSync(join(tmpdir(), 'verify-'));
    execFileSync('tar', ['-x', '-C', folder], { input: tar });
    const files = new Map(read(folder));
    const say = () =>
      verifyBackup({ directory: '/backup/monday', files, manifest, parseWal: null }).lines;
    const sound = say();
    const rotten = (files.get('base/5/1259') as Uint8Array).slice();
    rotten[8000] = (rotten[8000] as number) ^ 1;
    files.set('base/5/1259', rotten);
    return { manifest, ofRealFiles: [sound, say()] };
  } finally {
    await cluster.stop();
  }
}

function* read(root: string, folder = root): Generator<[string, Uint8Array]> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* entry.name === 'pg_wal' ? [] : read(root, path);
    else yield [relative(root, path), readFileSync(path)];
  }
}

function said(damage: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  for (const [path, content] of [
    ...filesAfter(damage),
    ['backup_manifest', new TextEncoder().encode(MANIFEST)] as const,
  ]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const { stdout, stderr } = spawnSync(PROGRAM, ['-n', folder], { encoding: 'utf8' });
  return `${stdout}${stderr}`.trim().split('\n');
}

if (!existsSync(PROGRAM)) {
  console.error(
    `Nothing recorded: there is no ${PROGRAM}; apt-get install postgresql-15 brings it`,
  );
  process.exit(2);
}
const { version, platform } = await realServer();
const record: VerifyRecord = {
  server: `PostgreSQL ${version}, ${platform}`,
  program: execFileSync(PROGRAM, ['--version'], { encoding: 'utf8' }).trim(),
  ...(await ofServer()),
  said: Object.fromEntries(Object.keys(DAMAGES).map((damage) => [damage, said(damage)])),
};
writeRecord(record);
console.log(record.ofRealFiles, record.said);
process.exit(0);

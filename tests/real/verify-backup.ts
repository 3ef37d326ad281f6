/** What a real server writes into backup_manifest, and what pg_verifybackup says of damage: recorded once, compared ever after. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileChecksum, type Manifest, manifestText } from '../../src/postgres/backup/manifest.ts';
import { FIRST_TIMELINE, parseLsn } from '../../src/postgres/lsn.ts';

const RECORD = new URL('verify-backup.real.json', import.meta.url);

export interface VerifyRecord {
  /** The server that wrote the manifest, and the program that spoke. */
  readonly server: string;
  readonly program: string;
  /** A real backup_manifest of version 2. */
  readonly manifest: string;
  /** What our pg_verifybackup said of that real backup, and of it with one bit flipped: of the files that the server sent. */
  readonly ofRealFiles: readonly (readonly string[])[];
  /** What the real pg_verifybackup said of the files below, by what befell them. */
  readonly said: Readonly<Record<string, readonly string[]>>;
}

const bytes = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * seed) % 251);

/** A backup of three files. The program needs no server's for what is asked of it here. */
export const FILES: ReadonlyMap<string, Uint8Array> = new Map([
  ['PG_VERSION', new TextEncoder().encode('15\n')],
  ['base/5/1259', bytes(16_384, 7)],
  ['base/5/16384', bytes(8192, 3)],
]);

/** Version 1, which the recorded program reads. */
const manifest: Manifest = {
  version: 1,
  systemIdentifier: null,
  files: [...FILES].map(([path, content]) => ({
    path,
    size: content.length,
    lastModified: '2026-01-05 12:00:00 GMT',
    checksum: fileChecksum(content),
  })),
  walRanges: [
    { timeline: FIRST_TIMELINE, startLsn: parseLsn('0/700028'), endLsn: parseLsn('0/700100') },
  ],
};

export const MANIFEST = manifestText(manifest);

type Files = Map<string, Uint8Array>;

/** What befalls them. */
export const DAMAGES: Readonly<Record<string, (files: Files) => void>> = {
  nothing: () => {},
  'a bit flips': (files) => {
    const rotten = (FILES.get('base/5/16384') as Uint8Array).slice();
    rotten[8000] = (rotten[8000] as number) ^ 1;
    files.set('base/5/16384', rotten);
  },
  'a file is cut': (files) => {
    files.set('base/5/1259', (FILES.get('base/5/1259') as Uint8Array).slice(0, 8192));
  },
  'a file is gone': (files) => {
    files.delete('base/5/16384');
  },
  'a file is there that was not': (files) => {
    files.set('nohup.out', new Uint8Array([10]));
  },
  'a signal file is there': (files) => {
    files.set('recovery.signal', new Uint8Array());
  },
};

/** The files after a damage. */
export function filesAfter(damage: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map(FILES);
  DAMAGES[damage]?.(files);
  return files;
}

export const readRecord = (): VerifyRecord =>
  JSON.parse(readFileSync(RECORD, 'utf8')) as VerifyRecord;

export const writeRecord = (record: VerifyRecord): void =>
  writeFileSync(RECORD, `${JSON.stringify(record, null, 2)}\n`);

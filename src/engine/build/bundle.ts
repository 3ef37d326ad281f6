import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DATA_DIRECTORY, type FileSet } from '../data-directory.ts';
import { readTar } from '../tar.ts';
import type { Installation } from './initdb.ts';

/** Extensions to look into pages and WAL with: together 40 KB. Anybody may CREATE them. */
const EXTENSIONS = ['amcheck', 'pageinspect', 'pg_walinspect'];

/** What only initdb, a compiler or another client needs. */
const UNUSED = [
  DATA_DIRECTORY,
  '/pglite/bin/pg_dump',
  '/pglite/lib/postgresql/libpqwalreceiver.so',
  '/pglite/lib/postgresql/pgoutput.so',
  '/pglite/lib/postgresql/pgxs',
  '/pglite/share/postgresql/errcodes.txt',
  '/pglite/share/postgresql/information_schema.sql',
  '/pglite/share/postgresql/postgres.bki',
  '/pglite/share/postgresql/snowball_create.sql',
  '/pglite/share/postgresql/sql_features.txt',
  '/pglite/share/postgresql/system_constraints.sql',
  '/pglite/share/postgresql/system_functions.sql',
  '/pglite/share/postgresql/system_views.sql',
];

/**
 * Conversions to multi-byte encodings: 0.8 MB. A tab speaks UTF-8, and so does every database here. Who asks for
 * another of them is told by PostgreSQL that the library is not there.
 */
const MULTIBYTE_CONVERSION =
  /\/lib\/postgresql\/(utf8_and_|euc|latin_and_mic).*(big5|euc|gb|johab|sjis|uhc)/;

/** The program files that a running server needs. */
export function bundle({ home, programs }: Installation): FileSet {
  const used = (path: string): boolean =>
    !MULTIBYTE_CONVERSION.test(path) &&
    !UNUSED.some((unused) => path === unused || path.startsWith(`${unused}/`));
  return {
    directories: [...home.directories, ...programs.directories].filter(used),
    files: new Map([
      ...home.files,
      ...[...programs.files].filter(([path]) => used(path)),
      ...EXTENSIONS.flatMap(extensionFiles),
    ]),
  };
}

export const pgliteDistribution = dirname(
  createRequire(import.meta.url).resolve('@electric-sql/pglite'),
);

function extensionFiles(name: string): [string, Uint8Array][] {
  const tar = gunzipSync(readFileSync(join(pgliteDistribution, `${name}.tar.gz`)));
  return [...readTar(tar)].flatMap(({ path, bytes }) =>
    bytes ? [[`/pglite/${path}`, bytes]] : [],
  );
}

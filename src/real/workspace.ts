import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, realpathSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killAllIn } from './processes.ts';
import type { ServerUser } from './server-user.ts';

/** Data directories of a cluster and the template take some 120 MB; this leaves room for what scenarios write. */
const ROOM_FOR_DATA = 1024 ** 3;

/**
 * Where data directories go: into memory where there is room, since a cluster begins by writing thousands of small files
 * and a busy disk would make a scenario's pace a matter of luck; else to the folder for temporary files.
 */
export function dataParent(): string {
  const memory = '/dev/shm';
  try {
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize >= ROOM_FOR_DATA) return memory;
  } catch {
    // there is no such file system
  }
  return tmpdir();
}

/**
 * A temporary folder that holds everything real servers need, and that does not outlive this process: it is cleared at
 * exit, and by a guard process where this one ends without a chance to (a signal, a crash).
 */
export function openWorkspace(parent: string, user: ServerUser): string {
  const folder = realpathSync(mkdtempSync(join(parent, 'standby-real-')));
  chmodSync(folder, 0o755);
  if (user.id !== null) chownSync(folder, user.id.uid, user.id.gid);

  const guard = spawn(
    process.execPath,
    [fileURLToPath(new URL('guard.ts', import.meta.url)), folder],
    {
      detached: true, // a Ctrl-C in the terminal must not reach it
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  process.once('exit', () => clearWorkspace(folder));
  return folder;
}

/** Ends every process that works in the folder, and removes it. */
export function clearWorkspace(folder: string): void {
  killAllIn(folder);
  // A killed process may still be on its way out and hold files; rmSync tries again.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

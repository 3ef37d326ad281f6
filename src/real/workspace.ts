import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killAllIn } from './processes.ts';
import type { ServerUser } from './server-user.ts';

/**
 * A temporary folder that holds everything real servers need, and that does not outlive this process: it is cleared at
 * exit, and by a guard process where this one ends without a chance to (a signal, a crash).
 */
export function openWorkspace(user: ServerUser): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'standby-real-')));
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

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';

/**
 * The processes whose working directory is `folder` or lies in it. Every process of a PostgreSQL server works in its
 * data directory, so this finds them all: the postmaster, its children, and children whose postmaster has died.
 */
export function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      const directory = workingDirectory(pid);
      return directory === folder || directory?.startsWith(folder + sep);
    })
    .map(Number);
}

/** Sends a signal; a process that has ended meanwhile is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends all processes in a folder at once: none may see another die and act on it. */
export function killAllIn(folder: string): void {
  const first = processesIn(folder);
  for (const pid of first) signal(pid, 'SIGSTOP');
  for (const pid of processesIn(folder)) signal(pid, 'SIGKILL');
}

/** The process whose title says that it plays this part of the server, such as `walreceiver` or `startup`. */
export function processTitled(folder: string, part: string): number | null {
  // cluster_name stands before the part: "postgres: standby1: walreceiver streaming 0/3000060".
  const title = new RegExp(`^postgres: (?:\\S+: )?${part}\\b`);
  return processesIn(folder).find((pid) => title.test(readProc(pid, 'cmdline') ?? '')) ?? null;
}

/** Whether SIGSTOP holds the process. */
export function isFrozen(pid: number): boolean {
  return /^State:\s+T/m.test(readProc(pid, 'status') ?? '');
}

/** Whether the process is there: a zombie is not. */
export function isAlive(pid: number): boolean {
  const status = readProc(pid, 'status');
  return status !== null && !/^State:\s+[ZX]/m.test(status);
}

function workingDirectory(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null; // ended meanwhile, or another user's
  }
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null;
  }
}

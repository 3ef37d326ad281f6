import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { signal } from './processes.ts';

/** A process of a real standby that was made slow from outside. */
export interface SlowStage {
  /** Lets it be as fast as it was. */
  stop(): Promise<void>;
}

/** Why no disk can be made slow on this machine, with what to do; null where one can. */
export function whyNoSlowDisk(): string | null {
  const { error, status, stderr } = spawnSync('strace', ['-e', 'trace=none', 'true'], {
    encoding: 'utf8',
  });
  if (error) return 'a slow disk needs strace (apt-get install strace)';
  return status === 0 ? null : `strace may not trace here: ${stderr.trim()}`;
}

/** Each fdatasync of a process takes so much longer: what a walreceiver calls that flushes WAL. */
export async function slowDisk(pid: number, delayMs: number): Promise<SlowStage> {
  const inject = `inject=fdatasync:delay_enter=${delayMs * 1_000}`;
  const tracer = spawn('strace', ['-q', '-p', String(pid), '-e', 'trace=fdatasync', '-e', inject], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    tracer.once('spawn', resolve);
    tracer.once('error', reject);
  });
  return { stop: () => ended(tracer) };
}

/** A process is stopped and let go on, over and over: what it has to do is done in the meantime. */
export function slowProcess(pid: number, stoppedMs: number, runsMs: number): SlowStage {
  let timer: NodeJS.Timeout;
  const hold = (): void => {
    signal(pid, 'SIGSTOP');
    timer = setTimeout(release, stoppedMs);
  };
  const release = (): void => {
    signal(pid, 'SIGCONT');
    timer = setTimeout(hold, runsMs);
  };
  hold();
  return {
    stop: async () => {
      clearTimeout(timer);
      signal(pid, 'SIGCONT');
    },
  };
}

/** A tracer that is asked to end lets its process go. */
async function ended(tracer: ChildProcess): Promise<void> {
  const over = new Promise<void>((resolve) => tracer.once('exit', () => resolve()));
  tracer.kill('SIGINT');
  await over;
}

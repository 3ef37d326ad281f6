import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { pollUntil } from '../poll.ts';
import { signal } from '../processes.ts';
import type { ServerUser } from '../server-user.ts';
import type { Command } from './programs.ts';

/** A program that runs until it is ended, with its output in a file. */
export class BackgroundProcess {
  readonly #child: ChildProcess;

  /** @param folder its working directory, by which the workspace finds and ends what is left. */
  constructor([program, ...args]: Command, folder: string, log: string, user: ServerUser) {
    const output = openSync(log, 'a');
    this.#child = spawn(program, args, {
      ...user.id,
      cwd: folder,
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin', PYTHONDONTWRITEBYTECODE: '1' },
      detached: true,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.#child.unref();
  }

  get isUp(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  signal(name: NodeJS.Signals): void {
    if (this.isUp && this.#child.pid !== undefined) signal(this.#child.pid, name);
  }

  /** Ends it without a chance to clean up. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await pollUntil(() => !this.isUp, 5000, 10);
  }
}

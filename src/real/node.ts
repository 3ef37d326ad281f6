import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ActionFailed, type FreezableProcess, type NodeSetting } from '../scenario/target.ts';
import { type Installation, runAs, serverEnvironment } from './installation.ts';
import { pollUntil } from './poll.ts';
import { freePort } from './port.ts';
import { isFrozen, killAllIn, processesIn, processTitled, signal } from './processes.ts';
import { writeSettings } from './settings.ts';

const START_TIMEOUT_MS = 60_000;

/** One PostgreSQL server of the cluster: its data directory and its processes. */
export class RealNode {
  readonly name: string;
  readonly port: number;
  readonly directory: string;
  readonly #installation: Installation;
  readonly #config: readonly NodeSetting[];
  /** Where in the log its last recovery begins. */
  logFrom = 0;
  #postmaster: ChildProcess | null = null;

  private constructor(
    installation: Installation,
    folder: string,
    name: string,
    port: number,
    config: readonly NodeSetting[],
  ) {
    this.#installation = installation;
    this.#config = config;
    this.name = name;
    this.port = port;
    this.directory = join(folder, name);
  }

  /** Makes a node, not yet running, with a data directory fresh from initdb. */
  static async create(
    installation: Installation,
    folder: string,
    name: string,
    config: readonly NodeSetting[],
  ): Promise<RealNode> {
    const node = new RealNode(installation, folder, name, await freePort(), config);
    await runAs(installation.user, 'cp', ['-a', installation.template, node.directory]);
    return node;
  }

  get isUp(): boolean {
    return (
      this.#postmaster !== null &&
      this.#postmaster.exitCode === null &&
      this.#postmaster.signalCode === null
    );
  }

  /** Where the server's log goes. */
  get log(): string {
    return `${this.directory}.log`;
  }

  /** Writes the settings; `upstreamPort` is where a standby streams from, null for a primary. `more` are written last, and so win. */
  configure(upstreamPort: number | null, more: readonly NodeSetting[] = []): void {
    const { port, name, directory } = this;
    const { template, user } = this.#installation;
    writeSettings({
      directory,
      template,
      user,
      port,
      name,
      upstreamPort,
      config: [...this.#config, ...more],
    });
  }

  /** Starts the server, and resolves once it takes connections. */
  async start(): Promise<void> {
    const log = openSync(this.log, 'a');
    const postmaster = spawn(join(this.#installation.bin, 'postgres'), ['-D', this.directory], {
      ...this.#installation.user.id,
      cwd: '/',
      env: serverEnvironment(),
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    postmaster.unref();
    this.#postmaster = postmaster;
    await pollUntil(() => !this.isUp || this.#takesConnections(), START_TIMEOUT_MS, 10);
    if (!this.isUp || !this.#takesConnections()) {
      throw new ActionFailed(`${this.name} did not start; its log ends with:\n${this.logTail()}`);
    }
  }

  /** Re-reads the settings. */
  reload(): void {
    if (this.#postmaster?.pid !== undefined) signal(this.#postmaster.pid, 'SIGHUP');
  }

  /** Every process dies at once. */
  async kill(): Promise<void> {
    killAllIn(this.directory);
    await pollUntil(() => !this.isUp && processesIn(this.directory).length === 0, 5000, 2);
  }

  /** A fast shutdown: sessions end, standbys get all WAL. Throws ActionFailed where it takes more than half a minute. */
  async shutDown(): Promise<void> {
    if (this.#postmaster?.pid !== undefined) signal(this.#postmaster.pid, 'SIGINT');
    await pollUntil(() => !this.isUp && processesIn(this.directory).length === 0, 30_000, 5);
    if (this.isUp) throw new ActionFailed(`${this.name} does not shut down`);
  }

  /** Ends the server without a checkpoint, as fast as it can clean up after itself. */
  async stop(): Promise<void> {
    for (const pid of processesIn(this.directory)) signal(pid, 'SIGCONT');
    if (this.isUp && this.#postmaster?.pid !== undefined) signal(this.#postmaster.pid, 'SIGQUIT');
    await pollUntil(() => !this.isUp && processesIn(this.directory).length === 0, 3000, 5);
    await this.kill();
  }

  freeze(part: FreezableProcess): void {
    const pid = this.pid(part);
    if (pid === null) throw new ActionFailed(`${this.name} has no ${part} process now`);
    signal(pid, 'SIGSTOP');
  }

  thaw(part: FreezableProcess): void {
    const pid = this.pid(part);
    if (pid !== null) signal(pid, 'SIGCONT');
  }

  /** Whether a process that a standby needs to keep up is frozen. */
  get isFrozen(): boolean {
    return (['walreceiver', 'startup'] as const).some((part) => {
      const pid = this.pid(part);
      return pid !== null && isFrozen(pid);
    });
  }

  /** The last lines of the server's log. */
  logTail(): string {
    return readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  }

  /** Removes the data directory. */
  wipe(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The process that plays this part now. */
  pid(part: FreezableProcess): number | null {
    return processTitled(this.directory, part);
  }

  /** The postmaster writes its state into its lock file, where pg_ctl looks for it too. */
  #takesConnections(): boolean {
    try {
      const lines = readFileSync(join(this.directory, 'postmaster.pid'), 'utf8').split('\n');
      return Number(lines[0]) === this.#postmaster?.pid && lines[7]?.trim() === 'ready';
    } catch {
      return false; // not written yet
    }
  }
}

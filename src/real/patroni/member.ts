import { chownSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Link } from '../link.ts';
import { freePort } from '../port.ts';
import { killAllIn, processTitled, signal } from '../processes.ts';
import { writeOwned } from '../server-user.ts';
import { BackgroundProcess } from './process.ts';
import type { PatroniPrograms } from './programs.ts';

/** What differs between schedules in `bootstrap.dcs`. */
export type DynamicSettings = Readonly<Record<string, unknown>>;

export const SCOPE = 'cafe';

/** One Patroni with its PostgreSQL, and its own way to each member of etcd. */
export class PatroniMember {
  readonly name: string;
  readonly port: number;
  readonly restPort: number;
  /** The file that Patroni was started with. */
  readonly configuration: string;
  readonly #programs: PatroniPrograms;
  readonly #folder: string;
  readonly #links: readonly Link[];
  #process: BackgroundProcess | null = null;

  private constructor(
    programs: PatroniPrograms,
    folder: string,
    name: string,
    ports: { readonly postgresql: number; readonly rest: number },
    links: readonly Link[],
  ) {
    this.#programs = programs;
    this.#folder = folder;
    this.#links = links;
    this.name = name;
    this.port = ports.postgresql;
    this.restPort = ports.rest;
    this.configuration = join(folder, 'patroni.yml');
  }

  /** Makes a member, not yet running; the first that starts bootstraps the cluster with `dynamic`. */
  static async create(
    programs: PatroniPrograms,
    workspace: string,
    name: string,
    etcdPorts: readonly number[],
    dynamic: DynamicSettings,
  ): Promise<PatroniMember> {
    const folder = join(workspace, name);
    mkdirSync(folder);
    if (programs.user.id !== null) chownSync(folder, programs.user.id.uid, programs.user.id.gid);
    const ports = { postgresql: await freePort(), rest: await freePort() };
    const links: Link[] = [];
    for (const port of etcdPorts) links.push(await Link.open(port));
    const member = new PatroniMember(programs, folder, name, ports, links);
    // JSON is YAML.
    writeOwned(
      programs.user,
      member.configuration,
      JSON.stringify(member.#configurationFor(dynamic), null, 2),
    );
    return member;
  }

  get isUp(): boolean {
    return this.#process?.isUp ?? false;
  }

  start(): void {
    this.#process = new BackgroundProcess(
      [...this.#programs.patroni, this.configuration],
      this.#folder,
      this.#log,
      this.#programs.user,
    );
  }

  /** The machine is gone: Patroni and every process of PostgreSQL. */
  async kill(): Promise<void> {
    killAllIn(this.#folder);
    await this.#process?.kill();
  }

  /** Freezes Patroni and nothing else: PostgreSQL knows nothing of it. */
  freezePatroni(): void {
    this.#process?.signal('SIGSTOP');
  }

  thawPatroni(): void {
    this.#process?.signal('SIGCONT');
  }

  freezeWalreceiver(): void {
    this.#signalWalreceiver('SIGSTOP');
  }

  thawWalreceiver(): void {
    this.#signalWalreceiver('SIGCONT');
  }

  cutFromEtcd(): void {
    for (const link of this.#links) link.cut();
  }

  healToEtcd(): void {
    for (const link of this.#links) link.heal();
  }

  close(): void {
    for (const link of this.#links) link.close();
  }

  /** Patroni's log: when each line was written (ms since 1970), its level, its words. A traceback's lines are left out. */
  log(): { readonly at: number; readonly level: string; readonly text: string }[] {
    return readFileSync(this.#log, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, day, time, ms, level, text] =
          /^(\S+) (\d\d:\d\d:\d\d),(\d{3}) ([A-Z]+): (.*)$/.exec(line) ?? [];
        if (level === undefined || text === undefined) return [];
        // Addresses of Python's objects say nothing.
        const words = text.replaceAll(/ object at 0x[0-9a-f]+/g, '');
        return [{ at: Date.parse(`${day}T${time}.${ms}Z`), level, text: words }];
      });
  }

  get #log(): string {
    return join(this.#folder, 'patroni.log');
  }

  #signalWalreceiver(name: NodeJS.Signals): void {
    const pid = processTitled(join(this.#folder, 'data'), 'walreceiver');
    if (pid === null && name === 'SIGSTOP') throw new Error(`${this.name} has no walreceiver`);
    if (pid !== null) signal(pid, name);
  }

  #configurationFor(dynamic: DynamicSettings): object {
    const address = (port: number): { listen: string; connect_address: string } => ({
      listen: `127.0.0.1:${port}`,
      connect_address: `127.0.0.1:${port}`,
    });
    return {
      scope: SCOPE,
      name: this.name,
      restapi: address(this.restPort),
      etcd3: { hosts: this.#links.map(({ port }) => `127.0.0.1:${port}`), use_proxies: true },
      bootstrap: {
        dcs: dynamic,
        initdb: [{ encoding: 'UTF8' }, { auth: 'trust' }, 'data-checksums'],
      },
      postgresql: {
        ...address(this.port),
        data_dir: join(this.#folder, 'data'),
        bin_dir: this.#programs.bin,
        pgpass: join(this.#folder, 'pgpass'),
        authentication: {
          superuser: { username: 'postgres' },
          replication: { username: 'postgres' },
        },
        pg_hba: [
          'local all all trust',
          'host all all 127.0.0.1/32 trust',
          'host replication all 127.0.0.1/32 trust',
        ],
        parameters: { unix_socket_directories: this.#folder },
      },
      watchdog: { mode: 'off' },
    };
  }
}

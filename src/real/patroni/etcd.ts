import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pollUntil } from '../poll.ts';
import { freePort } from '../port.ts';
import { BackgroundProcess } from './process.ts';
import type { PatroniPrograms } from './programs.ts';

const MEMBERS = ['etcd1', 'etcd2', 'etcd3'] as const;
const START_TIMEOUT_MS = 30_000;
const ANSWER_TIMEOUT_MS = 1500;

interface Member {
  readonly name: string;
  readonly clientPort: number;
  readonly peerPort: number;
  process: BackgroundProcess | null;
}

/** Three members of etcd on loopback, which answer only with a majority. */
export class Etcd {
  readonly #programs: PatroniPrograms;
  readonly #folder: string;
  readonly #members: readonly Member[];

  private constructor(programs: PatroniPrograms, folder: string, members: readonly Member[]) {
    this.#programs = programs;
    this.#folder = folder;
    this.#members = members;
  }

  /** Starts the three members and resolves once a majority answers. */
  static async start(programs: PatroniPrograms, workspace: string): Promise<Etcd> {
    const folder = join(workspace, 'etcd');
    mkdirSync(folder);
    if (programs.user.id !== null) chownSync(folder, programs.user.id.uid, programs.user.id.gid);
    const members: Member[] = [];
    for (const name of MEMBERS) {
      members.push({
        name,
        clientPort: await freePort(),
        peerPort: await freePort(),
        process: null,
      });
    }
    const etcd = new Etcd(programs, folder, members);
    for (const name of MEMBERS) etcd.startMember(name);
    const ready = await pollUntil(
      async () => (await etcd.keys('/')) !== null,
      START_TIMEOUT_MS,
      200,
    );
    if (!ready) throw new Error('etcd did not start');
    return etcd;
  }

  /** The ports that clients connect to, by member. */
  get clientPorts(): readonly number[] {
    return this.#members.map(({ clientPort }) => clientPort);
  }

  startMember(name: string): void {
    const member = this.#member(name);
    const url = (port: number): string => `http://127.0.0.1:${port}`;
    const options: Readonly<Record<string, string>> = {
      name,
      'data-dir': join(this.#folder, name),
      'listen-client-urls': url(member.clientPort),
      'advertise-client-urls': url(member.clientPort),
      'listen-peer-urls': url(member.peerPort),
      'initial-advertise-peer-urls': url(member.peerPort),
      'initial-cluster': this.#members
        .map((each) => `${each.name}=${url(each.peerPort)}`)
        .join(','),
    };
    const args = Object.entries(options).flatMap(([key, value]) => [`--${key}`, value]);
    member.process = new BackgroundProcess(
      [...this.#programs.etcd, ...args],
      this.#folder,
      join(this.#folder, `${name}.log`),
      this.#programs.user,
    );
  }

  async killMember(name: string): Promise<void> {
    await this.#member(name).process?.kill();
  }

  /** All keys below a prefix with their values, as a majority knows them; null where no majority answers. */
  async keys(prefix: string): Promise<ReadonlyMap<string, string> | null> {
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const text = (value: string): string => Buffer.from(value, 'base64').toString();
    // The key after all that begin with the prefix.
    const end = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
    for (const { process, clientPort } of this.#members) {
      if (!process?.isUp) continue;
      try {
        const reply = await fetch(`http://127.0.0.1:${clientPort}/v3/kv/range`, {
          method: 'POST',
          body: JSON.stringify({ key: base64(prefix), range_end: base64(end) }),
          signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
        });
        if (!reply.ok) continue;
        const { kvs = [] } = (await reply.json()) as { kvs?: { key: string; value?: string }[] };
        return new Map(kvs.map(({ key, value = '' }) => [text(key), text(value)]));
      } catch {
        // another member may know
      }
    }
    return null;
  }

  #member(name: string): Member {
    const member = this.#members.find((each) => each.name === name);
    if (member === undefined) throw new Error(`there is no member ${name}`);
    return member;
  }
}

import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { RecordLine, ScheduleStep, SeenRole } from '../../ha/patroni-record.ts';
import { withControl } from '../control.ts';
import { pollUntil } from '../poll.ts';
import { dataParent, openWorkspace } from '../workspace.ts';
import { Beats } from './beats.ts';
import { Etcd } from './etcd.ts';
import { type DynamicSettings, PatroniMember, SCOPE } from './member.ts';
import type { PatroniPrograms } from './programs.ts';

export const NODES = ['node1', 'node2', 'node3'] as const;
const START_TIMEOUT_MS = 120_000;
const WAIT_TIMEOUT_MS = 180_000;
const LOOK_EVERY_MS = 250;

type DcsLine = Extract<RecordLine, { kind: 'dcs' }>;

/** A real cluster under Patroni, a client at each node, and the record of what happens. */
export class Stage {
  readonly #programs: PatroniPrograms;
  readonly #etcd: Etcd;
  readonly #members: ReadonlyMap<string, PatroniMember>;
  readonly #beats = new Map<string, Beats>();
  readonly #seen = new Map<string, SeenRole>();
  readonly #lines: RecordLine[] = [];
  #dcs: Omit<DcsLine, 'at' | 'kind'> = { answers: true, leader: null, sync: null };
  /** The wall clock at the first step; Patroni's log has it too. */
  #epoch = 0;
  #watching: Promise<void> | null = null;
  #over = false;

  private constructor(
    programs: PatroniPrograms,
    etcd: Etcd,
    members: ReadonlyMap<string, PatroniMember>,
  ) {
    this.#programs = programs;
    this.#etcd = etcd;
    this.#members = members;
  }

  /** Starts a cluster whose leader is `node1`; resolves once the two others stream from it. */
  static async open(programs: PatroniPrograms, dynamic: DynamicSettings): Promise<Stage> {
    const workspace = openWorkspace(dataParent(), programs.user);
    const etcd = await Etcd.start(programs, workspace);
    const members = new Map<string, PatroniMember>();
    for (const name of NODES) {
      const member = await PatroniMember.create(
        programs,
        workspace,
        name,
        etcd.clientPorts,
        dynamic,
      );
      members.set(name, member);
    }
    const stage = new Stage(programs, etcd, members);
    const [first, ...others] = [...members.values()];
    first?.start();
    await stage.#untilLeader((leader) => leader === first?.name, START_TIMEOUT_MS);
    for (const member of others) member.start();
    await stage.untilAllStream();
    await withControl(stage.#member(NODES[0]).port, (ask) =>
      ask(
        'create table beats (at timestamptz default clock_timestamp()); create table ballast (bytes text)',
      ),
    );
    return stage;
  }

  /** Does what the step says, and records it. */
  async step(step: ScheduleStep): Promise<void> {
    await this.#watch();
    this.#lines.push({ at: this.#now(), kind: 'step', step });
    switch (step.do) {
      case 'kill':
        return await this.#member(step.node).kill();
      case 'start':
        return this.#member(step.node).start();
      case 'freeze-patroni':
        return this.#member(step.node).freezePatroni();
      case 'thaw-patroni':
        return this.#member(step.node).thawPatroni();
      case 'freeze-walreceiver':
        return this.#member(step.node).freezeWalreceiver();
      case 'thaw-walreceiver':
        return this.#member(step.node).thawWalreceiver();
      case 'cut-dcs':
        return this.#member(step.node).cutFromEtcd();
      case 'heal-dcs':
        return this.#member(step.node).healToEtcd();
      case 'kill-dcs':
        return await this.#etcd.killMember(step.member);
      case 'start-dcs':
        return this.#etcd.startMember(step.member);
      case 'write':
        return await this.#write(step.bytes);
      case 'switchover': {
        const { leader, candidate } = step;
        // The option of Patroni 3 and 4 alike; 4 knows it as --primary, too.
        await this.#patronictl(
          ...['switchover', SCOPE, '--leader', leader, '--candidate', candidate, '--force'],
        );
        return;
      }
      case 'pause':
      case 'resume':
        await this.#patronictl(step.do, SCOPE);
    }
  }

  async seconds(count: number): Promise<void> {
    await sleep(count * 1000);
  }

  /** Waits until the DCS names another leader than these. */
  async untilOtherLeader(...than: readonly string[]): Promise<void> {
    await this.#untilLeader((leader) => leader !== null && !than.includes(leader), WAIT_TIMEOUT_MS);
  }

  /** Waits until the DCS names a leader. */
  async untilAnyLeader(): Promise<void> {
    await this.untilOtherLeader();
  }

  /** Waits until clients find the node like this. */
  async untilSeen(node: string, role: SeenRole): Promise<void> {
    const seen = await pollUntil(() => this.#seen.get(node) === role, WAIT_TIMEOUT_MS, 100);
    if (!seen) throw new Error(`${node} was not seen as ${role}`);
  }

  /** Waits until every member but the leader streams. */
  async untilAllStream(): Promise<void> {
    const all = await pollUntil(
      async () => {
        const keys = await this.#keys();
        const states = [...(keys ?? [])]
          .filter(([key]) => key.startsWith('members/'))
          .map(([, value]) => JSON.parse(value) as { state?: string; replication_state?: string });
        return (
          states.length === NODES.length &&
          states.filter(({ replication_state }) => replication_state === 'streaming').length ===
            NODES.length - 1
        );
      },
      WAIT_TIMEOUT_MS,
      250,
    );
    if (!all) throw new Error('not all members stream');
  }

  /** Keeps what `patronictl list` prints now. */
  async list(): Promise<void> {
    const at = this.#now();
    const lines = (await this.#patronictl('list', SCOPE)).trimEnd().split('\n');
    this.#lines.push({ at, kind: 'list', lines });
  }

  /** Ends the cluster and returns what was recorded, Patroni's log lines among it. */
  async close(): Promise<RecordLine[]> {
    this.#over = true;
    await this.#watching;
    for (const beats of this.#beats.values()) beats.close();
    const logs = [...this.#members.values()].flatMap((member) =>
      member.log().map(({ at, level, text }) => ({
        ...{ at: at - this.#epoch, kind: 'log' as const, node: member.name },
        ...{ level, text },
      })),
    );
    for (const member of this.#members.values()) {
      member.thawPatroni();
      await member.kill();
      member.close();
    }
    return [...this.#lines, ...logs.filter(({ at }) => at >= -15_000)].toSorted(
      (one, other) => one.at - other.at,
    );
  }

  /** Starts to look, and the clock of the record, with the first step. */
  async #watch(): Promise<void> {
    if (this.#watching !== null) return;
    for (const member of this.#members.values()) {
      this.#beats.set(member.name, new Beats(member.port));
    }
    this.#epoch = Date.now();
    this.#watching = (async () => {
      while (!this.#over) {
        this.#look();
        await this.#lookAtDcs();
        await sleep(LOOK_EVERY_MS);
      }
    })();
    // The first look at each node, before anything is done to it.
    await sleep(4 * LOOK_EVERY_MS);
    this.#epoch = Date.now();
    this.#lines.length = 0;
    for (const [node, role] of this.#seen) this.#lines.push({ at: 0, kind: 'seen', node, role });
    this.#lines.push({ at: 0, kind: 'dcs', ...this.#dcs });
  }

  #look(): void {
    for (const [node, beats] of this.#beats) {
      const role = beats.look();
      if (this.#seen.get(node) === role) continue;
      this.#seen.set(node, role);
      this.#lines.push({ at: this.#now(), kind: 'seen', node, role });
    }
  }

  async #lookAtDcs(): Promise<void> {
    const keys = await this.#keys();
    const sync = JSON.parse(keys?.get('sync') ?? '{}') as {
      leader?: string | null;
      sync_standby?: string | null;
    };
    const now = {
      answers: keys !== null,
      leader: keys?.get('leader') ?? null,
      sync: sync.leader == null ? null : `${sync.leader}/${sync.sync_standby ?? ''}`,
    };
    if (JSON.stringify(now) === JSON.stringify(this.#dcs)) return;
    this.#dcs = now;
    this.#lines.push({ at: this.#now(), kind: 'dcs', ...now });
  }

  async #keys(): Promise<ReadonlyMap<string, string> | null> {
    const prefix = `/service/${SCOPE}/`;
    const keys = await this.#etcd.keys(prefix);
    return keys && new Map([...keys].map(([key, value]) => [key.slice(prefix.length), value]));
  }

  async #untilLeader(right: (leader: string | null) => boolean, timeoutMs: number): Promise<void> {
    const found = await pollUntil(
      async () => right((await this.#keys())?.get('leader') ?? null),
      timeoutMs,
      250,
    );
    if (!found) throw new Error('the DCS does not name the leader that was waited for');
  }

  async #write(bytes: number): Promise<void> {
    const leader = (await this.#keys())?.get('leader') ?? '';
    const rows = Math.ceil(bytes / 1000);
    await withControl(this.#member(leader).port, (ask) =>
      ask(`insert into ballast select repeat('x', 1000) from generate_series(1, ${rows})`),
    );
  }

  async #patronictl(...args: readonly string[]): Promise<string> {
    const member = this.#member(NODES[2]);
    const [program, ...before] = this.#programs.patronictl;
    const { stdout } = await promisify(execFile)(
      program,
      [...before, '-c', member.configuration, ...args],
      { env: { LC_ALL: 'C.UTF-8', LANG: 'C.UTF-8', PATH: '/usr/bin:/bin', COLUMNS: '160' } },
    );
    return stdout;
  }

  #member(name: string): PatroniMember {
    const member = this.#members.get(name);
    if (member === undefined) throw new Error(`there is no node ${name}`);
    return member;
  }

  #now(): number {
    return this.#epoch === 0 ? 0 : Date.now() - this.#epoch;
  }
}

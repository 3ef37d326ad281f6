import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readConf } from '../cluster/conf-text.ts';
import {
  type Action,
  ActionFailed,
  type ClusterSpec,
  type FreezableProcess,
  type Reply,
  type ScenarioTarget,
  type ServerMessage,
  SettingRefused,
} from '../scenario/target.ts';
import { takeBaseBackup } from './base-backup.ts';
import { Connection } from './connection.ts';
import { withControl } from './control.ts';
import { type Installation, installation } from './installation.ts';
import { Link } from './link.ts';
import { RealNode } from './node.ts';
import { damageFile, recoveryLog, restoreBackup, takeBackup } from './restore.ts';
import { type Stream, settle } from './settle.ts';

const SETTLE_TIMEOUT_MS = 15_000;
const START_TIMEOUT_MS = 60_000;
/** The directory into which archive_command copies. */
const ARCHIVE = 'archive';
/** The directory of backups. */
const BACKUPS = 'backups';

/** A fresh streaming cluster of real PostgreSQL 18 servers on loopback. */
export class RealCluster implements ScenarioTarget {
  readonly unsupported = {
    'power-off':
      'a real machine is not switched off for a scenario; use @kill, or --target simulated',
    rewind:
      'there is no pg_rewind of PostgreSQL 18 in its package; use @basebackup, or --target simulated',
  };

  readonly #epoch = performance.now();
  readonly #nodes = new Map<string, RealNode>();
  /** By standby. */
  readonly #upstreams = new Map<string, string>();
  /** By standby and upstream; one for every pair that could stream, so that a link keeps its faults over a re-pointing. */
  readonly #links = new Map<string, Link>();
  readonly #sessions = new Map<string, Connection>();
  readonly #waiters = new Set<() => void>();
  #folder: string | null = null;

  async start({ nodes, config }: ClusterSpec): Promise<void> {
    const prepared = await installation();
    const folder = mkdtempSync(join(prepared.workspace, 'cluster-'));
    this.#folder = folder;
    const archive = join(folder, ARCHIVE);
    for (const made of [archive, join(folder, BACKUPS)]) mkdirSync(made);
    for (const made of [folder, archive, join(folder, BACKUPS)])
      if (prepared.user.id !== null) chownSync(made, prepared.user.id.uid, prepared.user.id.gid);
    for (const name of nodes) {
      const own = config
        .filter((setting) => setting.node === name)
        .map((setting) => ({ ...setting, value: this.#inFolder(setting.value) }));
      this.#nodes.set(name, await RealNode.create(prepared, folder, name, own));
    }
    for (const standby of nodes) {
      for (const upstream of nodes) {
        if (standby === upstream) continue;
        this.#links.set(pair(standby, upstream), await Link.open(this.#node(upstream).port));
      }
    }
    const [primary = '', ...standbys] = nodes;
    for (const name of standbys) this.#upstreams.set(name, primary);
    for (const node of this.#nodes.values()) this.#configure(node);

    try {
      await this.#node(primary).start();
      await Promise.all(standbys.map((name) => this.#node(name).start()));
    } catch (error) {
      throw this.#refusedSetting({ nodes, config }) ?? error;
    }
    const behind = await settle(() => this.#streams(), START_TIMEOUT_MS);
    if (behind.length > 0) throw new Error(`not streaming after the start: ${behind.join(', ')}`);
  }

  elapsedMs(): number {
    return performance.now() - this.#epoch;
  }

  send(nodeName: string, sessionName: string, sql: string): Reply {
    const key = pair(nodeName, sessionName);
    const known = this.#sessions.get(key);
    if (known?.endedUnseen) {
      this.#sessions.delete(key);
      const error = known.lastWords;
      return {
        outcome: { state: 'lost', results: [], notices: [], error, atMs: this.elapsedMs() },
      };
    }
    if (known !== undefined && !known.ended) return known.send(this.#inFolder(sql));
    const connection = new Connection({
      port: this.#node(nodeName).port,
      now: () => this.elapsedMs(),
      changed: () => this.#changed(),
    });
    this.#sessions.set(key, connection);
    return connection.send(this.#inFolder(sql));
  }

  async until(done: () => boolean, timeoutMs: number): Promise<void> {
    if (done()) return;
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(ask);
        resolve();
      };
      const ask = (): void => {
        if (done()) finish();
      };
      const timer = setTimeout(finish, timeoutMs);
      this.#waiters.add(ask);
    });
  }

  async act(action: Action): Promise<void> {
    switch (action.kind) {
      case 'settle':
        return await this.#settle();
      case 'freeze':
        return this.#runningNode(action.node).freeze(action.process);
      case 'thaw':
        return this.#node(action.node).thaw(action.process);
      case 'delay':
      case 'cut':
      case 'heal':
        for (const link of this.#linksBetween(action.node, action.peer)) {
          if (action.kind === 'delay') link.delay(action.ms);
          else link[action.kind]();
        }
        return;
      case 'kill':
        return await this.#kill(this.#runningNode(action.node));
      case 'start':
        if (this.#node(action.node).isUp) throw new ActionFailed(`${action.node} is running`);
        return await this.#node(action.node).start();
      case 'stop':
        return await this.#shutDown(this.#runningNode(action.node));
      case 'promote':
        return await this.#promote(this.#runningNode(action.node));
      case 'follow':
        return await this.#follow(this.#node(action.node), action.upstream);
      case 'basebackup':
        return await this.#baseBackup(this.#node(action.node), action.upstream);
      case 'backup':
        return await this.#backUp(this.#runningNode(action.node), action.name);
      case 'damage':
        return damageFile(join(this.#backup(action.backup), action.file), action.damage);
      case 'restore':
        return await this.#restore(action);
      case 'cancel':
        return await this.#signalSession(action.node, action.session, 'pg_cancel_backend');
      case 'terminate':
        return await this.#signalSession(action.node, action.session, 'pg_terminate_backend');
      case 'power-off':
      case 'rewind':
        throw new ActionFailed(this.unsupported[action.kind]);
    }
  }

  /** A process of a standby, for what no action can do to it. */
  pid(nodeName: string, part: FreezableProcess): number {
    const pid = this.#runningNode(nodeName).pid(part);
    if (pid === null) throw new ActionFailed(`${nodeName} has no ${part} process now`);
    return pid;
  }

  async stop(): Promise<void> {
    for (const session of this.#sessions.values()) session.close();
    for (const link of this.#links.values()) link.close();
    await Promise.all([...this.#nodes.values()].map((node) => node.stop()));
    this.#nodes.clear();
    if (this.#folder !== null)
      rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #settle(): Promise<void> {
    const behind = await settle(() => this.#streams(), SETTLE_TIMEOUT_MS);
    if (behind.length === 0) return;
    throw new ActionFailed(
      `not settled after 15 s: ${behind.join(', ')} has not replayed everything`,
    );
  }

  async #kill(node: RealNode): Promise<void> {
    await node.kill();
    const sessions = this.#sessionsOf(node.name);
    await this.until(() => sessions.every((session) => session.ended), 5000);
  }

  async #shutDown(node: RealNode): Promise<void> {
    await node.shutDown();
    const sessions = this.#sessionsOf(node.name);
    await this.until(() => sessions.every((session) => session.ended), 5000);
  }

  async #promote(node: RealNode): Promise<void> {
    const [row] = await withControl(node.port, (ask) => ask('select pg_promote()'));
    if (row?.[0] !== 't') throw new ActionFailed(`${node.name} was not promoted within 60 s`);
    this.#upstreams.delete(node.name);
  }

  async #follow(node: RealNode, upstream: string): Promise<void> {
    if (node.isUp && !this.#upstreams.has(node.name)) {
      throw new ActionFailed(`${node.name} is a primary: @kill it first, or use @basebackup`);
    }
    this.#upstreams.set(node.name, upstream);
    this.#configure(node);
    if (node.isUp) node.reload();
    else await node.start();
  }

  async #baseBackup(node: RealNode, upstream: string): Promise<void> {
    const from = this.#runningNode(upstream);
    const { user } = await installation();
    if (node.isUp) await this.#kill(node);
    await takeBaseBackup(from, node, user);
    await this.#follow(node, upstream);
  }

  async #backUp(node: RealNode, name: string): Promise<void> {
    const { user } = await installation();
    await takeBackup(node, this.#backup(name), user);
  }

  async #restore(action: Extract<Action, { kind: 'restore' }>): Promise<void> {
    const { user } = await installation();
    const node = this.#node(action.node);
    if (node.isUp) await this.#kill(node);
    this.#upstreams.delete(node.name);
    const settings = Object.entries(readConf(action.conf)).map(([name, value]) => ({
      ...{ node: node.name, name, line: 0 },
      value: this.#reachable(node.name, this.#inFolder(value)),
    }));
    const backup = this.#backup(action.backup);
    await restoreBackup({ node, backup, signal: action.signal, settings, user });
  }

  serverLog(node: string): readonly ServerMessage[] {
    return recoveryLog(this.#node(node));
  }

  #backup(name: string): string {
    return join(this.#folder ?? '', BACKUPS, name);
  }

  /** A primary_conninfo names a host of the scenario: here it is a link to that server. */
  #reachable(node: string, value: string): string {
    return value.replace(/\bhost=(\w+)/, (whole, host: string) =>
      this.#nodes.has(host)
        ? `host=127.0.0.1 port=${this.#link(node, host).port} user=postgres`
        : whole,
    );
  }

  async #signalSession(
    nodeName: string,
    sessionName: string,
    call: 'pg_cancel_backend' | 'pg_terminate_backend',
  ): Promise<void> {
    const session = this.#sessions.get(pair(nodeName, sessionName));
    if (session === undefined || session.ended || session.pid === null) {
      throw new ActionFailed(`session "${sessionName}" of ${nodeName} is not open`);
    }
    const { pid } = session;
    await withControl(this.#node(nodeName).port, (ask) => ask(`select ${call}(${pid})`));
    if (call === 'pg_terminate_backend') await this.until(() => session.ended, 5000);
  }

  #configure(node: RealNode): void {
    const upstream = this.#upstreams.get(node.name);
    node.configure(upstream === undefined ? null : this.#link(node.name, upstream).port);
  }

  #streams(): Stream[] {
    return [...this.#upstreams].map(([standby, upstream]) => ({
      standby: this.#node(standby),
      upstream: this.#node(upstream),
      isCut: this.#link(standby, upstream).isCut,
    }));
  }

  /** The setting that kept a node from starting, by what the server wrote into its log. */
  #refusedSetting({ config }: ClusterSpec): SettingRefused | null {
    for (const setting of config) {
      const log = readFileSync(this.#node(setting.node).log, 'utf8').split('\n');
      const words = log.find((line) => line.includes(`"${setting.name}"`));
      if (words === undefined) continue;
      const reason = words.replace(/^.*?(?:LOG|FATAL|WARNING|ERROR):\s*/, '');
      return new SettingRefused(setting, `PostgreSQL does not take this setting: ${reason}`);
    }
    return null;
  }

  /** The archive that scenarios name lies in this cluster's own folder. */
  #inFolder(text: string): string {
    return text.replaceAll(`/${ARCHIVE}/`, `${this.#folder}/${ARCHIVE}/`);
  }

  #node(name: string): RealNode {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`the cluster has no node "${name}"`);
    return node;
  }

  #runningNode(name: string): RealNode {
    const node = this.#node(name);
    if (!node.isUp) throw new ActionFailed(`${name} is not running`);
    return node;
  }

  #link(standby: string, upstream: string): Link {
    const link = this.#links.get(pair(standby, upstream));
    if (link === undefined) throw new Error(`no link from "${standby}" to "${upstream}"`);
    return link;
  }

  #linksBetween(node: string, peer: string): Link[] {
    return [this.#link(node, peer), this.#link(peer, node)];
  }

  #sessionsOf(nodeName: string): Connection[] {
    return [...this.#sessions]
      .filter(([key]) => key.startsWith(pair(nodeName, '')))
      .map(([, session]) => session);
  }

  #changed(): void {
    for (const ask of [...this.#waiters]) ask();
  }
}

/** The version and the platform of the servers, for the head of a record. */
export async function realServer(): Promise<{ version: string; platform: string }> {
  const { version }: Installation = await installation();
  return { version, platform: `${process.platform}-${process.arch}` };
}

function pair(one: string, other: string): string {
  return `${one} ${other}`;
}

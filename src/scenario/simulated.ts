import { type Action, ActionRefused } from '../cluster/action.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { ClusterView } from '../cluster/cluster-view.ts';
import { replicationSettings } from '../cluster/node-settings.ts';
import type { SqlEngine } from '../cluster/sql-engine.ts';
import { after, type Instant, ms, seconds, toMs, us } from '../sim/instant.ts';
import { simulatedLog, whyEnded } from './simulated-recovery.ts';
import {
  ActionFailed,
  type ClusterSpec,
  type NodeSetting,
  type Outcome,
  type Reply,
  type Action as ScenarioAction,
  type ScenarioTarget,
  type ServerMessage,
  SettingRefused,
} from './target.ts';

/** How long `settle` waits. */
const SETTLE_LIMIT = seconds(15);
/** How long `start` waits for the node to take connections. */
const START_LIMIT = seconds(60);

/** The real target's nodes talk over loopback. */
const LOOPBACK_DELAY = us(50);

/** The session that changes settings for an action; scenarios give names of their own. */
const OPERATOR = '@operator';

/** The simulated cluster as a target of scenario files. */
export class SimulatedTarget implements ScenarioTarget {
  readonly unsupported = {};
  readonly #engine: SqlEngine;
  readonly #seed: number;
  #cluster: Cluster | null = null;
  /** Strings to be sent when time next passes: sending is immediate for the runner, running them is not. */
  #unsent: Promise<void> = Promise.resolve();

  constructor(engine: SqlEngine, seed: number) {
    this.#engine = engine;
    this.#seed = seed;
  }

  async start({ nodes, config }: ClusterSpec): Promise<void> {
    const settings: Record<string, Record<string, string>> = {};
    for (const setting of config) {
      settings[setting.node] = { ...settings[setting.node], [setting.name]: setting.value };
      this.#checkSetting(setting, settings[setting.node] ?? {});
    }
    this.#cluster = await Cluster.open(
      { nodes, settings, seed: this.#seed, linkDelay: LOOPBACK_DELAY },
      this.#engine,
    );
  }

  #checkSetting(setting: NodeSetting, soFar: Readonly<Record<string, string>>): void {
    try {
      replicationSettings(soFar);
    } catch (error) {
      if (error instanceof ActionRefused) throw new SettingRefused(setting, error.message);
      throw error;
    }
  }

  elapsedMs(): number {
    return toMs(this.#open.now);
  }

  send(node: string, session: string, sql: string): Reply {
    const cluster = this.#open;
    const id = cluster.statements.length;
    this.#unsent = cluster.act({ kind: 'sql', node, session, sql });
    return {
      get outcome(): Outcome | undefined {
        const statement = cluster.statements[id];
        if (!statement || statement.state === 'running' || statement.answeredAt === null)
          return undefined;
        const { state, results, notices, error, answeredAt } = statement;
        return {
          state,
          results: results.map(({ command, columns, rows }) => ({ command, columns, rows })),
          notices: notices.map(withoutPosition),
          error: error && withoutPosition(error),
          atMs: toMs(answeredAt),
        };
      },
    };
  }

  async until(done: () => boolean, timeoutMs: number): Promise<void> {
    const cluster = this.#open;
    const end = after(cluster.now, ms(timeoutMs));
    await this.#unsent;
    while (!done()) {
      const next = cluster.nextEventAt();
      if (next === null || next > end) {
        await cluster.advance(end);
        return;
      }
      await cluster.advance(next);
    }
  }

  async act(action: ScenarioAction): Promise<void> {
    await this.#unsent;
    if (action.kind === 'settle') return this.#settle();
    if (action.kind === 'follow') return this.#follow(action.node, action.upstream);
    try {
      await this.#open.act(toClusterAction(action));
    } catch (error) {
      if (error instanceof ActionRefused) throw new ActionFailed(error.message);
      throw error;
    }
    if (action.kind === 'restore') return this.#untilAtRest(action.node);
    if (action.kind === 'start' || action.kind === 'basebackup' || action.kind === 'rewind')
      await this.#untilUp(action.node);
    if (action.kind === 'promote') await this.#untilPrimary(action.node);
    if (action.kind === 'stop') await this.#untilDown(action.node);
  }

  /** As an operator does it: in the configuration, then a reload. */
  async #follow(node: string, upstream: string): Promise<void> {
    const up = this.#open.view().nodes.find(({ name }) => name === node);
    if (up?.status === 'down') {
      await this.#open.act({ kind: 'follow', node, upstream });
      await this.#open.act({ kind: 'start', node });
      await this.#untilUp(node);
      return;
    }
    if (up?.role === 'primary')
      throw new ActionFailed(`${node} is a primary: @kill it first, or use @basebackup`);
    const conninfo = `host=${upstream} application_name=${node}`;
    for (const sql of [
      `alter system set primary_conninfo = '${conninfo}'`,
      'select pg_reload_conf()',
    ]) {
      const { outcome } = await this.#answer(this.send(node, OPERATOR, sql));
      if (outcome?.error) throw new ActionFailed(outcome.error.message);
    }
  }

  async #answer(reply: Reply): Promise<Reply> {
    await this.until(() => reply.outcome !== undefined, toMs(START_LIMIT));
    return reply;
  }

  async #settle(): Promise<void> {
    const cluster = this.#open;
    const end = after(cluster.now, SETTLE_LIMIT);
    const why = () => cluster.unsettled() ?? unreported(cluster.view());
    while (why() !== null) await this.#stepUntil(end, () => why() ?? 'it has not settled');
  }

  async #untilPrimary(name: string): Promise<void> {
    const cluster = this.#open;
    const end = after(cluster.now, START_LIMIT);
    const role = () => cluster.view().nodes.find((node) => node.name === name)?.role;
    while (role() !== 'primary')
      await this.#stepUntil(end, () => `${name} was not promoted within 60 s`);
  }

  async #untilDown(name: string): Promise<void> {
    const cluster = this.#open;
    const end = after(cluster.now, START_LIMIT);
    const status = () => cluster.view().nodes.find((node) => node.name === name)?.status;
    while (status() !== 'down') await this.#stepUntil(end, () => `${name} does not stop`);
  }

  async #untilUp(name: string): Promise<void> {
    const cluster = this.#open;
    const end = after(cluster.now, START_LIMIT);
    const status = () => cluster.view().nodes.find((node) => node.name === name)?.status;
    while (status() !== 'up') await this.#stepUntil(end, () => `${name} does not come up`);
  }

  serverLog(node: string): readonly ServerMessage[] {
    return simulatedLog(this.#open.trace, node);
  }

  /** Recovery ends itself, waits at its target, or ends on a new timeline. */
  async #untilAtRest(name: string): Promise<void> {
    await this.#untilRecovered(name);
    const why = whyEnded(this.#open.trace, name);
    if (why !== null) throw new ActionFailed(why);
  }

  async #untilRecovered(name: string): Promise<void> {
    const cluster = this.#open;
    const end = after(cluster.now, START_LIMIT);
    const status = () => cluster.view().nodes.find((node) => node.name === name)?.status;
    while (status() === 'starting') await this.#stepUntil(end, () => `${name} does not come up`);
    await cluster.advance(after(cluster.now, ms(200)));
  }

  async #stepUntil(end: Instant, why: () => string): Promise<void> {
    const next = this.#open.nextEventAt();
    if (next === null || next > end)
      throw new ActionFailed(`${why()} after ${toMs(SETTLE_LIMIT) / 1000} s`);
    await this.#open.advance(next);
  }

  stop(): Promise<void> {
    this.#cluster?.close();
    this.#cluster = null;
    return Promise.resolve();
  }

  get #open(): Cluster {
    if (this.#cluster === null) throw new Error('the cluster has not started');
    return this.#cluster;
  }
}

/** A transcript does not keep the position in the statement. */
const withoutPosition = ({
  severity,
  sqlstate,
  message,
  detail,
  hint,
}: ServerMessage): ServerMessage => ({
  severity,
  sqlstate,
  message,
  detail,
  hint,
});

/** A standby that has replayed all and whose primary does not know yet. */
function unreported({ nodes, links }: ClusterView): string | null {
  for (const { name, status, frozen, replayPaused, standby } of nodes) {
    if (standby?.state == null || status !== 'up' || frozen.length > 0 || replayPaused) continue;
    if (links.some(({ a, b, cut }) => cut && (a === name || b === name))) continue;
    if (standby.replayLsn !== standby.ownReplayLsn)
      return `${name} has not told how far it has replayed`;
  }
  return null;
}

function toClusterAction(action: Exclude<ScenarioAction, { kind: 'settle' | 'follow' }>): Action {
  switch (action.kind) {
    case 'delay':
      return { kind: 'delay', a: action.node, b: action.peer, delay: ms(action.ms) };
    case 'cut':
    case 'heal':
      return { kind: action.kind, a: action.node, b: action.peer };
    case 'power-off':
      return { kind: 'powerOff', node: action.node };
    case 'kill':
    case 'start':
    case 'stop':
    case 'promote':
      return { kind: action.kind, node: action.node };
    case 'follow':
    case 'rewind':
      return { kind: action.kind, node: action.node, upstream: action.upstream };
    case 'basebackup':
      return { kind: 'baseBackup', node: action.node, upstream: action.upstream };
    case 'damage':
      return { ...action, kind: 'damageBackup' };
    case 'backup':
    case 'restore':
    case 'freeze':
    case 'thaw':
    case 'cancel':
    case 'terminate':
      return action;
  }
}

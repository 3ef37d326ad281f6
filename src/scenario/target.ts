/**
 * The port between the scenario runner and a cluster. The simulated cluster and the real PostgreSQL cluster both
 * implement `ScenarioTarget`; the runner owns the rules of the format (when a step counts as blocked, which line is
 * printed when) and knows nothing of either.
 *
 * A target has a clock of its own, virtual or real, and that clock moves only inside `start`, `until` and `act`.
 */

import type { BackupDamage } from '../cluster/action.ts';

/** A setting of a node, in force when the cluster starts. `line` is where the scenario file names it. */
export interface NodeSetting {
  readonly node: string;
  readonly name: string;
  /** The bare value, without the quotes of the file. */
  readonly value: string;
  readonly line: number;
}

/** The cluster a scenario asks for: the first node is the primary, the others stream from it. */
export interface ClusterSpec {
  readonly nodes: readonly string[];
  /** In the order of the file: a later line for the same setting wins. */
  readonly config: readonly NodeSetting[];
}

/** The part of a NOTICE, WARNING, ERROR or FATAL message that a transcript keeps. */
export interface ServerMessage {
  readonly severity: string;
  readonly sqlstate: string;
  readonly message: string;
  readonly detail: string | null;
  readonly hint: string | null;
}

/** What one statement of a step returned: its command tag, and rows in PostgreSQL's text output (null for NULL). */
export interface StatementResult {
  readonly command: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/**
 * How a step of SQL ended.
 *
 * - `done`: every statement of the string finished.
 * - `error`: the server answered with an ERROR; the session lives on.
 * - `lost`: the connection ended, or could not be made. `error` holds the FATAL (or ERROR) if the server sent one.
 */
export interface Outcome {
  readonly state: 'done' | 'error' | 'lost';
  /** The statements that had finished, also on `error` and `lost`. */
  readonly results: readonly StatementResult[];
  readonly notices: readonly ServerMessage[];
  readonly error: ServerMessage | null;
  /** The target's clock when the client knew. */
  readonly atMs: number;
}

/** The answer to a step, which may be a long time coming: `outcome` stays undefined until it is known. */
export interface Reply {
  readonly outcome: Outcome | undefined;
}

/** The two processes of a standby that a scenario can freeze. */
export type FreezableProcess = 'walreceiver' | 'startup';

/**
 * What an `@` step asks of the cluster. An action that has nothing left to do (thaw what is not frozen, heal what is
 * not cut, cancel an idle session) succeeds.
 *
 * - `settle` resolves once every standby streams, has replayed all that its upstream flushed, and its upstream knows so
 *   (`replay_lsn` in `pg_stat_replication`). It leaves out standbys that are down, frozen, paused or cut off, or whose
 *   upstream is down. It fails after 15 s.
 * - `freeze` fails where the node has no such process now.
 * - `kill` and `power-off` fail where the node is down, `start` where it is up. All the node's connections have ended
 *   when `kill` resolves; the node takes connections when `start` resolves (standbys may need longer to stream again).
 * - `stop` is a fast shutdown (`pg_ctl stop`): it resolves when the server has ended.
 * - `cancel` and `terminate` fail where the session is not open. A terminated session has ended when `terminate`
 *   resolves.
 * - `follow` re-points a standby; a node that is down is made a standby and started.
 */
export type Action =
  | { readonly kind: 'settle' }
  | { readonly kind: 'freeze' | 'thaw'; readonly node: string; readonly process: FreezableProcess }
  | { readonly kind: 'delay'; readonly node: string; readonly peer: string; readonly ms: number }
  | { readonly kind: 'cut' | 'heal'; readonly node: string; readonly peer: string }
  | { readonly kind: 'kill' | 'power-off' | 'start' | 'stop' | 'promote'; readonly node: string }
  | {
      readonly kind: 'follow' | 'rewind' | 'basebackup';
      readonly node: string;
      readonly upstream: string;
    }
  /** Puts a base backup of a primary into /backup, without its pg_wal. */
  | { readonly kind: 'backup'; readonly node: string; readonly name: string }
  /**
   * Starts a node on a backup's files; one that runs is killed before. It has come as far as it comes by itself when this
   * resolves: to its target, out of recovery, or to waiting for WAL. Fails where it ended itself, or shut down at its target.
   */
  | {
      readonly kind: 'restore';
      readonly node: string;
      readonly backup: string;
      readonly signal: 'recovery' | 'standby' | 'none';
      readonly conf: string;
    }
  /** Something befalls one file of a backup, by its path from there. */
  | {
      readonly kind: 'damage';
      readonly backup: string;
      readonly file: string;
      readonly damage: BackupDamage;
    }
  | { readonly kind: 'cancel' | 'terminate'; readonly node: string; readonly session: string };

/** The names of the actions. */
export type ActionKind = Action['kind'];

/** A cluster that a scenario can run on. */
export interface ScenarioTarget {
  /**
   * What this target cannot do, with the reason in words. The runner refuses a scenario that needs it (a usage error)
   * before anything starts.
   */
  readonly unsupported: Readonly<Partial<Record<ActionKind, string>>>;

  /**
   * Starts the cluster, and resolves once every standby streams and has replayed all.
   * @throws {SettingRefused} where the server does not accept a setting.
   */
  start(spec: ClusterSpec): Promise<void>;

  /** The target's clock, in milliseconds. Only differences mean something. */
  elapsedMs(): number;

  /**
   * Sends one simple-protocol string to a session, which is opened on first use. The runner never sends to a session
   * whose last reply has no outcome yet. Where the server ended the session between two steps, the string is not run:
   * the reply is `lost` with what the server said, and the next `send` opens a new session. Where the node takes no
   * connections, the reply is `lost`, with `error` null if nothing answered.
   */
  send(node: string, session: string, sql: string): Reply;

  /** Lets time pass until `done()` holds (asked again whenever a reply may have become known) or `timeoutMs` went by. */
  until(done: () => boolean, timeoutMs: number): Promise<void>;

  /**
   * Carries out an action.
   * @throws {ActionFailed} where it failed: the runner prints an error line and goes on.
   */
  act(action: Action): Promise<void>;

  /** What a node's startup process has logged of its recovery since it was restored or started last. */
  serverLog(node: string): readonly ServerMessage[];

  /** Ends everything the target started. Always safe, also twice, and after a failed start. */
  stop(): Promise<void>;
}

/** An action that could not be carried out. The message is for the person who wrote the scenario. */
export class ActionFailed extends Error {
  override readonly name = 'ActionFailed';
}

/** A setting of the scenario that the server does not accept. */
export class SettingRefused extends Error {
  override readonly name = 'SettingRefused';
  readonly setting: NodeSetting;

  constructor(setting: NodeSetting, reason: string) {
    super(reason);
    this.setting = setting;
  }
}

import { historyText } from '../postgres/archive.ts';
import { ARCHIVE, POSSIBLE_COMMANDS, parseCommand } from '../postgres/archive-command.ts';
import { lsn, parseLsn } from '../postgres/lsn.ts';
import { firstEndAfter, lastEndUpTo } from '../postgres/record-log.ts';
import type { ReplicationState } from '../postgres/replication-state.ts';
import type { LogLine, RestorePlan } from '../postgres/restore.ts';
import type { LogLevel } from '../postgres/transition.ts';
import { WAL_SEGMENT_SIZE } from '../postgres/wal/page.ts';
import type { Instant } from '../sim/instant.ts';
import { type Action, ActionRefused } from './action.ts';
import type { ArchiveRecovery } from './archive-recovery.ts';
import type { KeptBackup } from './backups.ts';
import { readConf } from './conf-text.ts';
import { replicationSettings, upstreamHost } from './node-settings.ts';
import type { Settings, SqlEngine } from './sql-engine.ts';
import type { WalBranches } from './wal-branches.ts';

export type RestoreAction = Extract<Action, { kind: 'restore' }>;

/** What a restore is made from. */
export interface RestoreGrounds {
  readonly engine: SqlEngine;
  readonly branches: WalBranches;
  readonly state: ReplicationState;
  readonly backup: KeptBackup;
  /** Lines of postgresql.conf that the node has beside those of the action. */
  readonly own: Settings;
  /** The node that a standby streams from where its primary_conninfo names it. */
  readonly nodes: readonly string[];
  readonly at: Instant;
  readonly seed: number;
}

/** The settings with which the restored server starts. Throws ActionRefused for those that cannot be. */
export function restoredSettings(own: Settings, conf: string): Settings {
  const { primary_conninfo: _, ...kept } = own;
  const settings = { ...kept, ...readConf(conf) };
  const command = settings.restore_command ?? '';
  if (command !== '' && parseCommand(command) === null)
    throw new ActionRefused(
      `this restore_command needs a shell, and there is none here. ${POSSIBLE_COMMANDS}`,
    );
  replicationSettings(settings);
  return settings;
}

/** Lets PostgreSQL recover the backup, and tells how that ends. The server is thrown away: the node is a model of it. */
export async function planRestore(
  { node, signal, conf }: RestoreAction,
  grounds: RestoreGrounds,
): Promise<{ readonly plan: RestorePlan; readonly settings: Settings }> {
  const { engine, backup, state, at, seed } = grounds;
  const settings = restoredSettings(grounds.own, conf);
  const fetched = new Fetched(grounds, settings.restore_command ?? '');
  const { restore_command, ...others } = settings;
  const standby = signal === 'standby';
  const { log, recovered } = await engine.recoverFromArchive({
    base: backup.base,
    backupLabel: backup.label,
    recoverySignal: signal !== 'none',
    // A standby may have no restore_command; this one process, which is none, must have one.
    settings: standby || restore_command ? { ...others, restore_command: 'given' } : others,
    archived: (file) => fetched.answer(file),
    archivedFrom: grounds.branches.at(0).wal.store.start,
    at,
    seed,
  });
  recovered?.server.close();
  const { branch } = fetched;
  const { records } = state.branches[branch] as (typeof state.branches)[number];
  const outcome = outcomeOf(log, recovered, standby, settings.recovery_target_action);
  const end = recovered?.forkLsn ?? lastReplayed(log);
  const replayLsn =
    outcome === 'failed' || end === null
      ? backup.wal.endLsn
      : recovered
        ? lastEndUpTo(records, end)
        : (firstEndAfter(records, end) ?? end);
  const host = upstreamHost(settings);
  const streams = standby && host !== null && grounds.nodes.includes(host) && host !== node;
  return {
    settings,
    plan: {
      log: shown(log, outcome, standby),
      outcome,
      branch,
      replayLsn,
      timeline: recovered?.timeline ?? null,
      fetched: fetched.segments,
      upstream: streams ? host : backup.node,
      streams,
      settings: replicationSettings(settings),
    },
  };
}

/** restore_command at work: what it was asked for, and had. */
class Fetched {
  segments = 0;
  /** Whose WAL the last segment was. */
  branch: number;
  readonly #grounds: RestoreGrounds;
  readonly #reaches: boolean;

  constructor(grounds: RestoreGrounds, command: string) {
    this.#grounds = grounds;
    this.branch = grounds.backup.branch;
    const parsed = parseCommand(command);
    this.#reaches = parsed?.kind === 'restore' && parsed.directory === ARCHIVE;
  }

  answer(name: string): Uint8Array | null {
    const { state, branches } = this.#grounds;
    const file = this.#reaches ? state.archive.find((one) => one.name === name) : undefined;
    if (!file) return null;
    if (file.segment === null)
      return new TextEncoder().encode(historyText(state.branches, file.branch));
    this.segments++;
    this.branch = file.branch;
    const { store } = branches.at(file.branch).wal;
    const bytes = new Uint8Array(WAL_SEGMENT_SIZE);
    const from = lsn(Math.max(file.segment, store.start));
    bytes.set(store.read(from, lsn(file.segment + WAL_SEGMENT_SIZE)), from - file.segment);
    return bytes;
  }
}

const STOPPED = /^LOG: {2}recovery stopping /;
const UNREACHED = 'recovery ended before configured recovery target was reached';

function outcomeOf(
  log: readonly string[],
  recovered: ArchiveRecovery['recovered'],
  standby: boolean,
  action = 'pause',
): RestorePlan['outcome'] {
  // In standby mode there is always more WAL to wait for.
  if (!recovered)
    return standby && log.some((line) => line.includes(UNREACHED)) ? 'following' : 'failed';
  if (!log.some((line) => STOPPED.test(line))) return standby ? 'following' : 'promoted';
  return action === 'promote' ? 'promoted' : action === 'shutdown' ? 'shutdown' : 'paused';
}

/** Where the last record that was replayed begins. */
function lastReplayed(log: readonly string[]) {
  const position = log.map((line) => /redo done at (\S+)/.exec(line)?.[1]).find(Boolean);
  return position === undefined ? null : parseLsn(position);
}

/** The lines up to where the node now stands, and what a postmaster adds. The end of recovery is logged when it comes. */
function shown(
  log: readonly string[],
  outcome: RestorePlan['outcome'],
  standby: boolean,
): readonly LogLine[] {
  const entering = (one: LogLine): LogLine =>
    standby && /^starting (?:point|archive)/.test(one.message)
      ? line('LOG', 'entering standby mode')
      : one;
  const lines = logLines(log).map(entering);
  if (outcome === 'failed') return lines;
  const end = lines.findIndex(({ message }) => message.startsWith('redo done at'));
  const until = end === -1 ? lines : lines.slice(0, end);
  const consistent = until.findIndex(({ message }) => message.startsWith('consistent recovery'));
  const ready = line('LOG', 'database system is ready to accept read-only connections');
  const told = consistent === -1 ? until : until.toSpliced(consistent + 1, 0, ready);
  if (outcome === 'paused')
    return [
      ...told,
      {
        ...line('LOG', 'pausing at the end of recovery'),
        hint: 'Execute pg_wal_replay_resume() to promote.',
      },
    ];
  return outcome === 'shutdown' ? [...told, line('LOG', 'shutdown at recovery target')] : told;
}

const line = (level: LogLevel, message: string): LogLine => ({
  level,
  message,
  detail: null,
  hint: null,
});

/** What PostgreSQL printed: a message a line, its DETAIL and HINT in lines below it, which may have lines of their own. */
export function logLines(printed: readonly string[]): readonly LogLine[] {
  const lines: LogLine[] = [];
  let field: 'message' | 'detail' | 'hint' = 'message';
  for (const text of printed) {
    const [, label = '', words = ''] = /^([A-Z]+): {2}(.*)$/.exec(text) ?? [];
    const last = lines.at(-1);
    if (label === '' && last) {
      lines[lines.length - 1] = { ...last, [field]: `${last[field]}\n${text.trim()}` };
    } else if ((label === 'DETAIL' || label === 'HINT') && last) {
      field = label === 'DETAIL' ? 'detail' : 'hint';
      lines[lines.length - 1] = { ...last, [field]: words };
    } else if (label !== '') {
      field = 'message';
      lines.push(line(label as LogLevel, words));
    }
  }
  return lines;
}

import { verifyBackup } from '../postgres/backup/verify.ts';
import { parseLsn } from '../postgres/lsn.ts';
import type { ReplicationInput } from '../postgres/replication-port.ts';
import type { ReplicationState } from '../postgres/replication-state.ts';
import type { Instant } from '../sim/instant.ts';
import { type Action, ActionRefused } from './action.ts';
import type { Asked } from './asked.ts';
import { checkDamage, damaged } from './backup-damage.ts';
import { Backups, filesOf, type KeptBackup, manifestOf } from './backups.ts';
import type { ClusterNode } from './cluster-node.ts';
import type { TraceEvent } from './cluster-view.ts';
import { NO_WAL, whyUnreadable } from './required-wal.ts';
import { planRestore, restoredSettings } from './restore.ts';
import type { SqlEngine } from './sql-engine.ts';
import { dumpTable } from './table-copy.ts';
import { backupDirectory } from './verify-command.ts';
import type { WalBranches } from './wal-branches.ts';

const KINDS = ['backup', 'restore', 'verifyBackup', 'damageBackup', 'copyTable'] as const;

export type BackupAction = Extract<Action, { kind: (typeof KINDS)[number] }>;

export const isBackupAction = (action: Action): action is BackupAction =>
  KINDS.some((kind) => kind === action.kind);

/** What it asks of the cluster around it. */
export interface BackupDeskHost {
  readonly engine: SqlEngine;
  readonly branches: WalBranches;
  readonly nodes: readonly string[];
  readonly seed: number;
  now(): Instant;
  state(): ReplicationState;
  node(name: string): ClusterNode;
  feed(input: ReplicationInput): void;
  note(kind: string, node: string, words: string, facts: TraceEvent['facts']): void;
  /** New WAL of a primary is told to the processes and flushed soon. */
  flushNewWal(node: string): void;
  ask(node: string, sql: string): Promise<Asked>;
  send(node: string, session: string, sql: string): void;
}

/** The session in which a table that was carried over arrives. */
const ARRIVAL = 'pg_restore';

/** Takes backups, restores them, and carries tables from one server to another. */
export class BackupDesk {
  readonly #host: BackupDeskHost;
  readonly #backups = new Backups();

  constructor(host: BackupDeskHost) {
    this.#host = host;
  }

  /** Throws ActionRefused where it cannot be done now. */
  check(action: BackupAction): void {
    const { engine, node, state } = this.#host;
    const status = (name: string) => state().nodes[node(name).name]?.status;
    if (action.kind === 'backup') {
      const { role, hidden } = node(action.node);
      if (role !== 'primary' || status(action.node) !== 'up')
        throw new ActionRefused(`${action.node} is no primary that runs: take the backup there`);
      if (hidden.length > 0)
        throw new ActionRefused('a commit waits for a standby just now: try again in a moment');
    } else if (action.kind === 'restore') {
      this.#backup(action.backup);
      const own = node(action.node).startSettings;
      restoredSettings(own, action.conf);
      if (node(action.node).role === 'primary' && this.#leads(action.node))
        throw new ActionRefused(
          `${action.node} is the primary, and the cafe lives on it: restore on another machine`,
        );
    } else if (action.kind === 'verifyBackup') {
      this.#backup(action.backup);
    } else if (action.kind === 'damageBackup') {
      checkDamage(engine, this.#backup(action.backup), action);
    } else {
      for (const name of [action.node, action.from])
        if (status(name) !== 'up') throw new ActionRefused(`${name} is not running`);
    }
  }

  async do(action: BackupAction): Promise<void> {
    if (action.kind === 'backup') this.#backUp(action.node, action.name);
    else if (action.kind === 'restore') await this.#restore(action);
    else if (action.kind === 'verifyBackup') this.#verify(action);
    else if (action.kind === 'damageBackup')
      this.#backups.keep(damaged(this.#host.engine, this.#backup(action.backup), action));
    else await this.#copyTable(action.node, action.from, action.table);
  }

  /** Whether nodes stream from it. */
  #leads(name: string): boolean {
    return this.#host.nodes[0] === name;
  }

  #backup(name: string): KeptBackup {
    const backup = this.#backups.get(name);
    if (backup) return backup;
    const { names } = this.#backups;
    throw new ActionRefused(
      `there is no backup "${name}"; ${names.length === 0 ? 'none was taken' : `there are ${names.join(', ')}`}`,
    );
  }

  /** Simplified: the files are copied in one instant. */
  #backUp(name: string, label: string): void {
    const { engine, node, now, state, note, flushNewWal } = this.#host;
    const { live } = node(name);
    const ask = (sql: string) => live.runApart(sql).results[0]?.rows[0] ?? [];
    const [start] = ask(`select pg_backup_start('${label.replaceAll("'", "''")}', true)`);
    const base = engine.keepBase(live.server);
    const [stop, labelfile] = ask('select lsn, labelfile from pg_backup_stop(false)');
    if (!start || !stop || !labelfile) throw new Error(`the backup ${label} of ${name} failed`);
    flushNewWal(name);
    const branch = state().nodes[name]?.branch ?? 0;
    const { timeline } = base;
    this.#backups.keep({
      ...{ name: label, node: name, takenAt: now(), branch, taken: base, base },
      ...{ label: labelfile, hasManifest: true },
      wal: { timeline, startLsn: parseLsn(start), endLsn: parseLsn(stop) },
    });
    const words = `The backup "${label}" of ${name} is in /backup. It needs the WAL from ${start} to ${stop}.`;
    note('backupTaken', name, words, { name: label, startLsn: start, stopLsn: stop });
  }

  /** Simplified: it takes no time. */
  #verify({ backup: name, wal }: Extract<Action, { kind: 'verifyBackup' }>): void {
    const { engine, state, note } = this.#host;
    const backup = this.#backup(name);
    const { ok, lines } = verifyBackup({
      directory: backupDirectory(name),
      files: filesOf(engine, backup, backup.base),
      manifest: backup.hasManifest ? manifestOf(engine, backup) : null,
      parseWal:
        wal === 'skip'
          ? null
          : (range) => (wal === 'archive' ? whyUnreadable(state().archive, range) : NO_WAL),
    });
    const output = lines.join('\n');
    note('backupVerified', backup.node, `pg_verifybackup says: ${output}`, {
      ...{ backup: name, wal, ok, output },
    });
  }

  async #restore(action: Extract<Action, { kind: 'restore' }>): Promise<void> {
    const { engine, branches, nodes, seed, now, state, feed, node } = this.#host;
    const { plan, settings } = await planRestore(action, {
      ...{ engine, branches, nodes, seed, at: now(), state: state() },
      backup: this.#backup(action.backup),
      own: node(action.node).startSettings,
    });
    if (state().nodes[action.node]?.status === 'up') feed({ kind: 'kill', node: action.node });
    feed({ kind: 'restore', node: action.node, plan });
    const { base, taken } = this.#backup(action.backup);
    node(action.node).restored(settings, base === taken ? null : base);
  }

  async #copyTable(to: string, from: string, table: string): Promise<void> {
    const { ask, send, note } = this.#host;
    const dumped = await dumpTable(table, (sql) => ask(from, sql));
    if ('error' in dumped) {
      note('copyFailed', from, `pg_dump of ${table} on ${from} fails: ${dumped.error}`, { table });
      return;
    }
    const { rows } = dumped;
    note('tableDumped', from, `pg_dump reads ${rows} rows of ${table} on ${from}.`, {
      table,
      rows,
    });
    send(to, ARRIVAL, dumped.sql);
  }
}

import { type Lsn, lsn } from '../../../src/postgres/lsn.ts';
import { replicate, startReplication } from '../../../src/postgres/replication.ts';
import type {
  ReplicationEffect,
  ReplicationEvent,
  ReplicationInput,
} from '../../../src/postgres/replication-port.ts';
import {
  DEFAULT_SETTINGS,
  type ReplicationSettings,
} from '../../../src/postgres/replication-settings.ts';
import type { ReplicationState } from '../../../src/postgres/replication-state.ts';
import {
  recoveryView,
  unsettled,
  walsenderOf,
  walsenderViews,
} from '../../../src/postgres/replication-view.ts';
import type { SynchronousCommit } from '../../../src/postgres/sync-rep.ts';
import { parseSynchronousStandbyNames } from '../../../src/postgres/synchronous-standby-names.ts';
import { after, type Duration, instant } from '../../../src/sim/instant.ts';
import { Simulator } from '../../../src/sim/simulator.ts';
import { Trace } from '../../../src/sim/trace.ts';

/** WAL for which no test of something else meets a checkpoint. */
const ROOMY: ReplicationSettings = { ...DEFAULT_SETTINGS, maxWalSize: 64 * 2 ** 20 };

export const START_LSN = lsn(0x3000148);

/** How a commit stands: made, durable on the primary, answered. */
export interface Commit {
  readonly id: number;
  readonly end: Lsn;
  readonly level: SynchronousCommit;
  state: 'flushing' | 'waiting' | 'done' | 'lost' | 'cancelled';
  doneAt: number | null;
}

/** The replication machine with a clock: a primary and two standbys, no SQL. Tests read as stories about it. */
export class Rig {
  state: ReplicationState;
  readonly trace = new Trace<{ readonly at: number; readonly effect: ReplicationEffect }>();
  readonly commits = new Map<number, Commit>();
  /** Commits whose clients were told so, in order. */
  readonly answered: Commit[] = [];
  /** Called after every step. */
  watch: (() => void) | null = null;
  readonly #simulator: Simulator<ReplicationEvent>;
  #nextId = 1;
  #settings: ReplicationSettings;

  constructor(
    options: { names?: string; seed?: number; settings?: Partial<ReplicationSettings> } = {},
  ) {
    this.#simulator = new Simulator((event) => this.input(event));
    this.#settings = {
      ...ROOMY,
      ...options.settings,
      ...readNames(options.names ?? ''),
    };
    const settings = { ...ROOMY, ...options.settings };
    const [state, effects] = startReplication({
      nodes: [
        { name: 'primary', upstream: null, settings: this.#settings },
        { name: 'standby1', upstream: 'primary', settings },
        { name: 'standby2', upstream: 'primary', settings },
      ],
      start: START_LSN,
      checkpoint: { lsn: START_LSN, redoLsn: START_LSN, time: 0, control: {} },
      seed: options.seed ?? 1,
    });
    this.state = state;
    this.#apply(effects);
  }

  get now(): number {
    return this.#simulator.now;
  }

  input(input: ReplicationInput): void {
    const [state, effects] = replicate(this.state, input, this.#simulator.now);
    this.state = state;
    this.#apply(effects);
    this.watch?.();
  }

  wait(length: Duration): void {
    this.#simulator.runUntil(after(this.#simulator.now, length));
  }

  /** Steps until nothing is behind; the reason why not, after a minute. */
  settle(limit = 60_000_000): string | null {
    const end = this.now + limit;
    for (;;) {
      const reason = unsettled(this.state);
      const next = this.#simulator.nextAt;
      if (reason === null || next === null || next > end) return reason;
      this.#simulator.step();
    }
  }

  /** A transaction of `bytes` of WAL commits on the primary; what becomes of it is in the returned record. */
  commit(level: SynchronousCommit, bytes = 120): Commit {
    const id = this.#nextId++;
    const end = lsn((this.state.nodes.primary?.wal.insertLsn ?? 0) + bytes);
    const commit: Commit = { id, end, level, state: 'flushing', doneAt: null };
    this.commits.set(id, commit);
    const facts = { timestamp: instant(this.now), applyFeedback: level === 'remote_apply' };
    this.input({ kind: 'walInserted', node: 'primary', records: [{ end, commit: facts }] });
    if (level === 'off') {
      this.input({ kind: 'asyncCommit', node: 'primary', lsn: end });
      this.#answer(commit);
    } else {
      this.input({ kind: 'flush', node: 'primary', request: id, upTo: end });
    }
    return commit;
  }

  /** The primary's server writes a checkpoint, whose redo point is where its record starts. */
  checkpoint(): void {
    const start = this.state.nodes.primary?.wal.insertLsn ?? START_LSN;
    const checkpoint = { lsn: start, redoLsn: start, time: 0, control: {} };
    const record = { end: lsn(start + 112), commit: null, checkpoint };
    this.input({ kind: 'walInserted', node: 'primary', records: [record] });
  }

  cancel(commit: Commit): void {
    commit.state = 'cancelled';
    this.input({ kind: 'cancelWait', waiter: commit.id });
  }

  setNames(text: string): void {
    this.#settings = { ...this.#settings, ...readNames(text) };
    this.input({ kind: 'settings', node: 'primary', settings: this.#settings });
  }

  get names() {
    return this.#settings.synchronousStandbyNames;
  }

  row(standby: string) {
    return walsenderOf(this.state, standby);
  }

  rows() {
    return walsenderViews(this.state, 'primary');
  }

  recovery(standby: string) {
    return recoveryView(this.state, standby);
  }

  words(event: string): string[] {
    return this.trace.entries.flatMap(({ effect }) =>
      effect.kind === 'happened' && effect.event === event ? [effect.words] : [],
    );
  }

  #apply(effects: readonly ReplicationEffect[]): void {
    for (const effect of effects) {
      this.trace.append({ at: this.now, effect });
      if (effect.kind === 'schedule') this.#simulator.scheduleAt(effect.at, effect.event);
      else if (effect.kind === 'flushed') this.#flushed(effect.request);
      else if (effect.kind === 'released') this.#released(effect.waiter);
      else if (effect.kind === 'checkpointDue') this.checkpoint();
      else if (effect.kind === 'stopped' && effect.node === 'primary') this.#lost();
    }
  }

  #flushed(id: number): void {
    const commit = this.commits.get(id);
    if (commit?.state !== 'flushing') return;
    commit.state = 'waiting';
    this.input({
      kind: 'commitWait',
      node: 'primary',
      waiter: id,
      lsn: commit.end,
      level: commit.level,
    });
  }

  #released(id: number): void {
    const commit = this.commits.get(id);
    if (commit?.state === 'waiting') this.#answer(commit);
  }

  #answer(commit: Commit): void {
    commit.state = 'done';
    commit.doneAt = this.now;
    this.answered.push(commit);
  }

  #lost(): void {
    for (const commit of this.commits.values()) {
      if (commit.state === 'flushing' || commit.state === 'waiting') commit.state = 'lost';
    }
  }
}

function readNames(text: string): Pick<ReplicationSettings, 'synchronousStandbyNames'> {
  const { names, error } = parseSynchronousStandbyNames(text);
  if (error) throw new Error(error.message);
  return { synchronousStandbyNames: names };
}

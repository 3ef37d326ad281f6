import { type Asked, noAnswer } from '../cluster/asked.ts';
import { messages } from '../cluster/messages.ts';
import type { EngineParts } from '../engine/postgres-module.ts';
import type { Instant } from '../sim/instant.ts';
import { Conversation } from './conversation.ts';
import { withFrames } from './frames.ts';
import { failureInWords } from './preflight.ts';
import type { FromWorker, RunRecord, ToWorker } from './protocol.ts';
import { planRestoration, restoredInWords } from './restoration.ts';
import { runUntil, withAction } from './run-record.ts';
import type { RunWorker, RunWorkerListener } from './run-worker.ts';
import {
  NORMAL_SPEED,
  NOTHING_SEEN,
  type Seen,
  type Snapshot,
  THE_PRESENT,
  withStatements,
} from './snapshot.ts';
import type { Store } from './store.ts';

/** What a live run needs of the page. */
export interface LiveHost {
  loadEngine(progress: (loaded: number, total: number) => void): Promise<EngineParts>;
  startWorker(lock: string, listener: RunWorkerListener): RunWorker;
  newLockName(): string;
  nowMs(): number;
}

/** Who wants to know that the run has gone on, and that something was done to it. */
export interface LiveWatcher {
  moved(): void;
  acted(): void;
}

/** A worker that dies again so soon is not started a third time by itself. */
const DIES_AGAIN_WITHIN_MS = 10_000;

/** A run in its worker: opens it, tells the snapshot what it hears, and brings it back when the worker dies. */
export class LiveRun {
  readonly #snapshot: Store<Snapshot>;
  readonly #host: LiveHost;
  readonly #watcher: LiveWatcher;
  #engine: Promise<EngineParts> | null = null;
  #worker: Conversation | null = null;
  #applying: Extract<FromWorker, { kind: 'applying' }> | null = null;
  /** Put to a copy of a node, and not answered yet. */
  #questions = 0;
  #speedWanted = NORMAL_SPEED;
  #diedAtMs = Number.NEGATIVE_INFINITY;
  /** A run that is being rebuilt; shown in one piece when it stands. */
  #rebuilding: Seen | null = null;
  /** How far it is to be rebuilt. */
  #rebuiltUntil: Instant | null = null;

  constructor(snapshot: Store<Snapshot>, host: LiveHost, watcher: LiveWatcher) {
    this.#snapshot = snapshot;
    this.#host = host;
    this.#watcher = watcher;
  }

  /** Replays a record up to an instant; then time runs at the speed that is wanted (as before, where nothing is said). */
  async open(record: RunRecord, until: Instant, speed = this.#speedWanted): Promise<void> {
    this.end();
    this.#speedWanted = speed;
    const phase = this.#engine ? 'opening' : 'loading';
    this.#snapshot.change({ record, phase, failure: null, fork: null, busy: false });
    this.#engine ??= this.#host.loadEngine((loaded, total) =>
      this.#snapshot.change({ progress: { loaded, total } }),
    );
    let engine: EngineParts;
    try {
      engine = await this.#engine;
    } catch (error) {
      this.#engine = null;
      this.#fail(failureInWords(error));
      return;
    }
    this.#snapshot.change({ phase: 'opening', progress: null });
    this.#rebuilding = NOTHING_SEEN;
    this.#rebuiltUntil = until;
    const lock = this.#host.newLockName();
    const worker = new Conversation(
      this.#host.startWorker(lock, {
        message: (message) => {
          if (worker === this.#worker) this.#hear(message);
        },
        silent: (busy) => this.#snapshot.change({ busy }),
        died: (reason) => void this.#died(reason),
      }),
    );
    this.#worker = worker;
    worker.tell({ kind: 'open', record, until, engine, lock });
    await this.#snapshot.until((s) => s.phase !== 'opening');
  }

  play(speed: number): void {
    this.#speedWanted = speed;
    this.#worker?.tell({ kind: 'play', speed });
  }

  /** Holds time where it is; the speed that is wanted stays. */
  hold(): void {
    this.#worker?.tell({ kind: 'play', speed: 0 });
  }

  advance(until: Instant | 'next event'): void {
    this.#worker?.tell({ kind: 'advance', until });
  }

  /** Resolves with the worker's answer, or with null where there is none any more. */
  async request(message: (ticket: number) => ToWorker): Promise<FromWorker | null> {
    return (await this.#worker?.ask(message)) ?? null;
  }

  /** Asks a copy of a node as it stood at an instant; null is the present. It is no part of the run. */
  async ask(at: Instant | null, node: string, sql: string): Promise<Asked> {
    this.#questions++;
    try {
      const answer = await this.request((ticket) => ({ kind: 'ask', ticket, at, node, sql }));
      return answer?.kind === 'asked' ? answer.asked : noAnswer(messages.canceled);
    } finally {
      this.#questions--;
    }
  }

  /** Ends the worker that a statement keeps busy, and restores the run to just before that statement. */
  stop(): Promise<void> {
    return this.#restore(null);
  }

  end(): void {
    this.#worker?.end();
    this.#worker = null;
    this.#applying = null;
    this.#rebuilding = null;
    this.#snapshot.change({ replayed: null });
  }

  #hear(message: FromWorker): void {
    switch (message.kind) {
      case 'state':
        this.#takeState(message);
        break;
      case 'ready':
        this.#snapshot.change({
          phase: 'running',
          saved: null,
          replayed: null,
          ...this.#rebuilding,
          ...THE_PRESENT,
        });
        this.#rebuilding = null;
        this.#rebuiltUntil = null;
        this.play(this.#speedWanted);
        break;
      case 'applying':
        this.#applying = message;
        break;
      case 'applied':
        this.#applying = null;
        if (message.ticket !== null) this.#recordAction(message);
        break;
      case 'refused':
        this.#applying = null;
        this.#snapshot.change({ notice: message.reason });
        break;
      case 'failed':
        this.#fail(`The run cannot go on: ${failureInWords(message.reason)}`);
        break;
    }
    this.#worker?.answered(message);
  }

  #takeState(told: Extract<FromWorker, { kind: 'state' }>): void {
    const next = seenSince(this.#rebuilding ?? this.#snapshot.get(), told);
    if (this.#rebuilding) {
      this.#rebuilding = next;
      this.#snapshot.change({
        replayed: { to: told.view.now, of: this.#rebuiltUntil ?? told.view.now },
      });
      return;
    }
    const { record, lookingAt, speed: shown } = this.#snapshot.get();
    const speed = lookingAt === null ? told.speed : shown;
    this.#snapshot.change({ ...next, speed, record: record && runUntil(record, told.view.now) });
    this.#watcher.moved();
  }

  #recordAction({ index, entry }: Extract<FromWorker, { kind: 'applied' }>): void {
    const { record } = this.#snapshot.get();
    if (record) this.#snapshot.change({ record: withAction(record, index, entry) });
    this.#watcher.acted();
  }

  async #died(reason: string): Promise<void> {
    const again = this.#host.nowMs() - this.#diedAtMs < DIES_AGAIN_WITHIN_MS;
    this.#diedAtMs = this.#host.nowMs();
    if (again) this.#fail(`The cluster ended twice in a short time: ${failureInWords(reason)}`);
    else await this.#restore(reason);
  }

  async #restore(death: string | null): Promise<void> {
    const before = this.#snapshot.get();
    const { record } = before;
    if (!record) return;
    const asked = this.#questions > 0;
    const plan = planRestoration({ ...before, record }, this.#applying, asked, death);
    await this.open(plan.record, this.#rebuiltUntil ?? plan.until);
    const now = this.#snapshot.get();
    if (now.phase !== 'running') return;
    this.#snapshot.change({
      notice: restoredInWords(plan, death, before, now),
      stopped: plan.stopped ? [...before.stopped, plan.stopped] : before.stopped,
    });
  }

  /** The record is kept: a person may start again from it, or take it away as a file. */
  #fail(failure: string): void {
    this.end();
    this.#snapshot.change({ phase: 'failed', progress: null, busy: false, failure });
  }
}

/** What has been seen of a run, with what its worker has told since. */
export function seenSince(before: Seen, told: Extract<FromWorker, { kind: 'state' }>): Seen {
  const { view, events, messages, statements, frames } = told;
  return {
    view,
    frames: withFrames(before.frames, frames),
    events: events.length > 0 ? [...before.events, ...events] : before.events,
    messages: messages.length > 0 ? [...before.messages, ...messages] : before.messages,
    statements: withStatements(before.statements, statements),
  };
}

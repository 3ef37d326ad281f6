import { type Asked, noAnswer } from '../cluster/asked.ts';
import { messages } from '../cluster/messages.ts';
import type { EngineParts } from '../engine/postgres-module.ts';
import type { LabAction } from '../lab/lab-action.ts';
import { type Instant, START } from '../sim/instant.ts';
import { Conversation } from './conversation.ts';
import { NO_FRAMES, withFrames } from './frames.ts';
import { Exchange } from './keep/exchange.ts';
import type { PutAside } from './keep/keepsake.ts';
import { type KeeperHost, RunKeeper } from './keep/run-keeper.ts';
import { LookingBack, type Pace } from './looking-back.ts';
import type { FromWorker, RunRecord } from './protocol.ts';
import { planRestoration, restoredInWords } from './restoration.ts';
import { runFileText } from './run-file.ts';
import { newRun, runUntil, withAction, withoutLastAction } from './run-record.ts';
import type { RunSpec } from './run-spec.ts';
import type { RunWorker, RunWorkerListener } from './run-worker.ts';
import {
  ASLEEP,
  inThePast,
  type RunAtMoment,
  type Snapshot,
  shownNow,
  THE_PRESENT,
  withStatements,
} from './snapshot.ts';
import { Store } from './store.ts';

/** What a session needs of the page it lives in; tests bring their own. */
export interface SessionHost extends KeeperHost, Pace {
  loadEngine(progress: (loaded: number, total: number) => void): Promise<EngineParts>;
  startWorker(lock: string, listener: RunWorkerListener): RunWorker;
  newLockName(): string;
}

/** Unless a person chooses another: time runs as on the wall. */
const NORMAL_SPEED = 1;
const SAVE_EVERY_MS = 2_000;
/** A worker that dies again so soon is not started a third time by itself. */
const DIES_AGAIN_WITHIN_MS = 10_000;

/** What is known of a run from its worker alone. */
type Rebuilt = Pick<Snapshot, 'statements' | 'events' | 'messages' | 'frames' | 'view'>;
const NOTHING_YET: Rebuilt = {
  statements: [],
  events: [],
  messages: [],
  frames: NO_FRAMES,
  view: null,
};

/** The page's side of one figure's run: owns its worker, keeps its record, says in words what went wrong. */
export class Session {
  readonly snapshot = new Store<Snapshot>(ASLEEP);
  readonly #host: SessionHost;
  readonly #keeper: RunKeeper;
  /** Other runs in place of this one: earlier, imported, shared, another tab's. */
  readonly exchange: Exchange;
  /** The page has said what the figure starts with, and the device has been asked for the run of last time. */
  readonly #offered = Promise.withResolvers<void>();
  #starting: Promise<void> | null = null;
  #engine: Promise<EngineParts> | null = null;
  #worker: Conversation | null = null;
  #applying: Extract<FromWorker, { kind: 'applying' }> | null = null;
  /** Put to a copy of a node, and not answered yet. */
  #questions = 0;
  #speedWanted = NORMAL_SPEED;
  #diedAtMs = Number.NEGATIVE_INFINITY;
  #savedAtMs = Number.NEGATIVE_INFINITY;
  /** A run that is being rebuilt; shown in one piece when it stands. */
  #rebuilding: Rebuilt | null = null;
  readonly #lookingBack: LookingBack;
  /** How fast time ran before someone looked back. */
  #speedBefore = 0;

  constructor(figure: string, host: SessionHost) {
    this.#host = host;
    this.#lookingBack = new LookingBack(this.snapshot, host);
    this.#keeper = new RunKeeper(figure, host, this.snapshot);
    this.exchange = new Exchange(
      {
        snapshot: this.snapshot,
        start: () => this.start(),
        sleep: () => this.#sleep(),
        open: (record, until) => this.#open(record, until),
        replaceBy: (run, speed, why) => this.#replaceBy(run, speed, why),
        parseRunFile: host.parseRunFile,
      },
      this.#keeper,
    );
  }

  /** What this figure starts with, a cluster or a lab. A run saved on this device is found and offered. */
  async offer(spec: RunSpec): Promise<void> {
    if (this.snapshot.get().spec) return;
    this.snapshot.change({ spec, record: newRun(spec) });
    await this.#keeper.find(spec);
    this.#offered.resolve();
  }

  /** Fetches the engine and opens the run, a saved one if there is one; asked again after a failure, it tries again. */
  start(): Promise<void> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #start(): Promise<void> {
    await this.#offered.promise;
    const { phase, record, saved, shared } = this.snapshot.get();
    if (!record || (phase !== 'asleep' && phase !== 'failed')) return;
    if (shared) {
      this.#speedWanted = 0;
      return this.#open(shared.record, shared.at);
    }
    this.#speedWanted = NORMAL_SPEED;
    await this.#keeper.claim();
    const run = saved ? await this.#keeper.saved() : record;
    if (run) await this.#open(run, run.until);
  }

  /** Starts with the page's own cluster, whatever was there before. */
  async startAnew(): Promise<void> {
    const { spec } = this.snapshot.get();
    if (!spec) return;
    await this.#replaceBy({ record: newRun(spec), at: START }, NORMAL_SPEED, 'reset');
  }

  async #replaceBy({ record, at }: RunAtMoment, speed: number, why: PutAside): Promise<void> {
    const { saved, shared, phase } = this.snapshot.get();
    await this.#keeper.claim();
    if (shared) await this.#keeper.adopt();
    else if (saved && phase === 'asleep')
      this.snapshot.change({ record: await this.#keeper.saved() });
    await this.#putAside(why);
    const settled = { saved: null, stopped: [], notice: null, incoming: null };
    this.snapshot.change({ ...settled, ...THE_PRESENT });
    this.#speedWanted = speed;
    await this.#open(record, at);
  }

  async #putAside(why: PutAside): Promise<void> {
    const { record } = this.snapshot.get();
    if (record) await this.#keeper.putAside(record, why);
  }

  /**
   * Does something to the cluster now; starts it first if need be. In a moment before the run's end it is not done but
   * asked about (`snapshot.fork`), as it forgets what came later. Resolves to whether it was done.
   */
  async act(action: LabAction, inPast: 'ask' | 'fork' = 'ask'): Promise<boolean> {
    if (!(await this.#running())) return false;
    const snapshot = this.snapshot.get();
    if (inThePast(snapshot) && inPast === 'ask') {
      const now = shownNow(snapshot);
      const forgets = snapshot.record?.actions.filter(({ at }) => at > now).length ?? 0;
      this.snapshot.change({ fork: { action, forgets } });
      return false;
    }
    this.snapshot.change({ fork: null, notice: null });
    const answer = await this.#worker?.ask((ticket) => ({ kind: 'act', ticket, action }));
    return answer?.kind === 'applied';
  }

  runSql(node: string, session: string, sql: string): Promise<boolean> {
    return this.act({ kind: 'sql', node, session, sql });
  }

  /** Sends statements one after the other, each when the one before has been answered. */
  async runInTurn(node: string, session: string, statements: readonly string[]): Promise<void> {
    for (const sql of statements) {
      if (!(await this.runSql(node, session, sql))) return;
      await this.#until(({ statements: all }) =>
        all.every((s) => s.node !== node || s.session !== session || s.state !== 'running'),
      );
    }
  }

  /** The answer to the question of `snapshot.fork`. */
  async answerFork(goOn: boolean): Promise<void> {
    const { fork, lookingAt } = this.snapshot.get();
    this.snapshot.change({ fork: null });
    if (!goOn || !fork) return;
    await this.#putAside('fork');
    if (lookingAt !== null) await this.jump(lookingAt);
    await this.act(fork.action, 'fork');
  }

  dismissNotice(): void {
    this.snapshot.change({ notice: null });
  }

  /** Lets time run. While looking back, the run is shown again from there; where it has come to the present, it goes on. */
  play(speed: number): void {
    if (this.snapshot.get().lookingAt === null) {
      this.#speedWanted = speed;
      this.#worker?.tell({ kind: 'play', speed });
    } else if (speed === 0) this.#lookingBack.pause();
    else {
      void this.#lookingBack.play(speed).then((arrived) => {
        if (arrived) this.play(speed);
      });
    }
  }

  /** To the next event, or to an instant; while looking back, in what is shown. */
  advance(until: Instant | 'next event'): void {
    if (this.snapshot.get().lookingAt === null) this.#worker?.tell({ kind: 'advance', until });
    else if (until === 'next event') this.#lookingBack.step();
    else this.look(until);
  }

  /**
   * Shows the cluster as it was at an instant, from what the page has recorded; null is the present. Time stands still
   * meanwhile. No server is touched: see {@link jump} for one that is.
   */
  look(at: Instant | null): void {
    const { lookingAt, speed } = this.snapshot.get();
    if (lookingAt !== null) this.#lookingBack.pause();
    this.#lookingBack.show(at);
    const looks = this.snapshot.get().lookingAt !== null;
    if (looks && lookingAt === null) {
      this.#speedBefore = speed;
      this.#worker?.tell({ kind: 'play', speed: 0 });
      this.snapshot.change({ speed: 0 });
    } else if (!looks && lookingAt !== null && this.#speedBefore > 0) this.play(this.#speedBefore);
  }

  /**
   * Asks a node as it stands at the shown instant. A copy of it answers: nothing is recorded, and the run goes on as if
   * nobody had asked. What would write is refused in PostgreSQL's own words.
   */
  async ask(node: string, sql: string): Promise<Asked> {
    if (!(await this.#running())) return noAnswer(messages.askedOfNobody(node));
    const { lookingAt: at } = this.snapshot.get();
    this.#questions++;
    const answer = await this.#worker?.ask((ticket) => ({ kind: 'ask', ticket, at, node, sql }));
    this.#questions--;
    return answer?.kind === 'asked' ? answer.asked : noAnswer(messages.canceled);
  }

  /** Takes the last action back: the run stands at its instant, as if it had not been done. */
  async undo(): Promise<void> {
    const { record } = this.snapshot.get();
    const shorter = record && withoutLastAction(record);
    if (!shorter) return;
    this.#lookingBack.show(shorter.until);
    await this.#open(shorter, shorter.until);
  }

  /**
   * Rebuilds the run as it was at an instant, servers and all; what the page has recorded of that instant shows meanwhile.
   * The record is kept: playing goes through it again.
   */
  async jump(to: Instant): Promise<void> {
    const { record } = this.snapshot.get();
    if (!record) return;
    this.#speedWanted = to < record.until ? 0 : NORMAL_SPEED;
    this.#lookingBack.show(to);
    await this.#open(record, to);
  }

  /** Ends the worker that a statement keeps busy, and restores the run to just before that statement. */
  stop(): Promise<void> {
    return this.#restore(null);
  }

  /** The run as the text of a file, to be opened at a moment; with the digests of what it did, where a cluster stands at its end. */
  async exportRun(at: Instant | null = null): Promise<string | null> {
    const answer = await this.#worker?.ask((ticket) => ({ kind: 'hash', ticket }));
    const { record } = this.snapshot.get();
    if (record && answer?.kind === 'hashes' && answer.at >= record.until) {
      return runFileText(runUntil(record, answer.at), answer.hashes, at);
    }
    return record && runFileText(record, null, at);
  }

  /** Keeps the run on this device. */
  save(): void {
    if (this.snapshot.get().phase !== 'running') return;
    this.#savedAtMs = this.#host.nowMs();
    void this.#keeper.save();
  }

  async #running(): Promise<boolean> {
    if (this.snapshot.get().phase === 'asleep') await this.start();
    const { phase } = await this.#until((s) => s.phase === 'running' || s.phase === 'failed');
    return phase === 'running';
  }

  async #open(record: RunRecord, until: Instant): Promise<void> {
    this.#drop();
    const phase = this.#engine ? 'opening' : 'loading';
    this.snapshot.change({ record, phase, failure: null, fork: null, busy: false });
    this.#engine ??= this.#host.loadEngine((loaded, total) =>
      this.snapshot.change({ progress: { loaded, total } }),
    );
    let engine: EngineParts;
    try {
      engine = await this.#engine;
    } catch (error) {
      this.#engine = null;
      this.snapshot.change({ phase: 'failed', progress: null, failure: wordsOf(error) });
      return;
    }
    this.snapshot.change({ phase: 'opening', progress: null });
    this.#rebuilding = NOTHING_YET;
    const lock = this.#host.newLockName();
    const worker = new Conversation(
      this.#host.startWorker(lock, {
        message: (message) => {
          if (worker === this.#worker) this.#hear(message);
        },
        silent: (busy) => this.snapshot.change({ busy }),
        died: (reason) => void this.#died(reason),
      }),
    );
    this.#worker = worker;
    worker.tell({ kind: 'open', record, until, engine, lock });
    await this.#until((s) => s.phase !== 'opening');
  }

  #hear(message: FromWorker): void {
    switch (message.kind) {
      case 'state':
        this.#takeState(message);
        break;
      case 'ready':
        this.snapshot.change({
          phase: 'running',
          saved: null,
          ...this.#rebuilding,
          ...THE_PRESENT,
        });
        this.#rebuilding = null;
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
        this.snapshot.change({ notice: message.reason });
        break;
      case 'failed':
        this.#fail(`The run cannot go on: ${message.reason}`);
        break;
    }
    this.#worker?.answered(message);
  }

  #takeState(told: Extract<FromWorker, { kind: 'state' }>): void {
    const { view, events, messages, statements, frames } = told;
    const known = this.#rebuilding ?? this.snapshot.get();
    const next = {
      view,
      frames: withFrames(known.frames, frames),
      events: events.length > 0 ? [...known.events, ...events] : known.events,
      messages: messages.length > 0 ? [...known.messages, ...messages] : known.messages,
      statements: withStatements(known.statements, statements),
    };
    if (this.#rebuilding) {
      this.#rebuilding = next;
      return;
    }
    const { record, lookingAt, speed: shown } = this.snapshot.get();
    const speed = lookingAt === null ? told.speed : shown;
    this.snapshot.change({ ...next, speed, record: record && runUntil(record, view.now) });
    if (this.#host.nowMs() - this.#savedAtMs > SAVE_EVERY_MS) this.save();
  }

  #recordAction({ index, entry }: Extract<FromWorker, { kind: 'applied' }>): void {
    const { record } = this.snapshot.get();
    if (record) this.snapshot.change({ record: withAction(record, index, entry) });
    if (this.snapshot.get().shared) void this.#keeper.adopt();
    else this.save();
  }

  async #died(reason: string): Promise<void> {
    const again = this.#host.nowMs() - this.#diedAtMs < DIES_AGAIN_WITHIN_MS;
    this.#diedAtMs = this.#host.nowMs();
    if (again) this.#fail(`The cluster ended twice in a short time: ${reason}`);
    else await this.#restore(reason);
  }

  async #restore(death: string | null): Promise<void> {
    const before = this.snapshot.get();
    if (!before.record) return;
    const { record } = before;
    const asked = this.#questions > 0;
    const plan = planRestoration({ ...before, record }, this.#applying, asked, death);
    await this.#open(plan.record, plan.until);
    const now = this.snapshot.get();
    if (now.phase !== 'running') return;
    this.snapshot.change({
      notice: restoredInWords(plan, death, before, now),
      stopped: plan.stopped ? [...before.stopped, plan.stopped] : before.stopped,
    });
  }

  /** The record is kept: a person may start again from it, or take it away as a file. */
  #fail(failure: string): void {
    this.#drop();
    this.snapshot.change({ phase: 'failed', busy: false, failure });
  }

  async #sleep(): Promise<void> {
    await this.#keeper.save();
    this.#drop();
    const { spec, elsewhere, unsaved, putAside } = this.snapshot.get();
    if (!spec) return;
    this.snapshot.set({ ...ASLEEP, spec, record: newRun(spec), elsewhere, unsaved, putAside });
    await this.#keeper.find(spec);
  }

  #drop(): void {
    this.#worker?.end();
    this.#worker = null;
    this.#applying = null;
    this.#rebuilding = null;
  }

  #until(holds: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
    return new Promise((resolve) => {
      const now = this.snapshot.get();
      if (holds(now)) return resolve(now);
      const stop = this.snapshot.watch((value) => {
        if (!holds(value)) return;
        stop();
        resolve(value);
      });
    });
  }
}

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

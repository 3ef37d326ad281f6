import type { Asked } from '../cluster/asked.ts';
import type { GovernorSpec } from '../ha/ha-port.ts';
import type { LabAction } from '../lab/lab-action.ts';
import { type Instant, START } from '../sim/instant.ts';
import { BROKEN_OFF } from './broken-off.ts';
import { Exchange } from './keep/exchange.ts';
import type { PutAside } from './keep/keepsake.ts';
import { type KeeperHost, RunKeeper } from './keep/run-keeper.ts';
import type { LiveRun, LiveWatcher } from './live-run.ts';
import type { LookingBack } from './looking-back.ts';
import type { Playing } from './playing.ts';
import type { RunRecord } from './protocol.ts';
import { runFileText } from './run-file.ts';
import { newRun, runUntil, withoutLastAction } from './run-record.ts';
import { isLab, type RunSpec } from './run-spec.ts';
import {
  ASLEEP,
  inThePast,
  NORMAL_SPEED,
  NOTHING_SEEN,
  type RunAtMoment,
  type Seen,
  type Snapshot,
  shownNow,
  THE_PRESENT,
} from './snapshot.ts';
import { Store } from './store.ts';

/** What shows a run. A page that nobody has asked for one does without, and has not fetched its code. */
export interface Opened {
  readonly live: LiveRun;
  readonly lookingBack: LookingBack;
  readonly playing: Playing;
  /** Why the cluster will hardly run in this browser, in words; null where nothing speaks against it. */
  preflight(): string | null;
  /** How to fetch what was recorded of a figure; null where nothing was. */
  recordingOf(figure: string): (() => Promise<Seen>) | null;
}

/** What a session needs of the page it lives in; tests bring their own. */
export interface SessionHost extends KeeperHost {
  /** Fetches what shows a run in `snapshot`. */
  opened(snapshot: Store<Snapshot>, watcher: LiveWatcher): Promise<Opened>;
  nowMs(): number;
}

/** A lab has a time limit, and a reader's first minute should not be part of it. */
const speedAtFirst = (spec: RunSpec): number => (isLab(spec) ? 0 : NORMAL_SPEED);
const SAVE_EVERY_MS = 1_000;

/** The page's side of one figure's run: what can be done with it, and what is known of it. */
export class Session {
  readonly snapshot = new Store<Snapshot>(ASLEEP);
  readonly #figure: string;
  readonly #host: SessionHost;
  readonly #keeper: RunKeeper;
  #opened: Opened | null = null;
  #opening: Promise<Opened> | null = null;
  /** Other runs in place of this one: earlier, imported, shared, another tab's. */
  readonly exchange: Exchange;
  /** The page has said what the figure starts with, and the device has been asked for the run of last time. */
  readonly #offered = Promise.withResolvers<void>();
  #starting: Promise<void> | null = null;
  #savedAtMs = Number.NEGATIVE_INFINITY;

  constructor(figure: string, host: SessionHost) {
    this.#figure = figure;
    this.#host = host;
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

  /**
   * Fetches the engine and opens the run, a saved one if there is one; asked again after a failure, it tries again. Where the
   * browser looks unfit it is not tried, unless a person wants it `anyway`.
   */
  start(anyway = false): Promise<void> {
    this.#starting ??= this.#start(anyway).finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #start(anyway: boolean): Promise<void> {
    await this.#offered.promise;
    const { phase } = this.snapshot.get();
    if (!['asleep', 'failed', 'recorded'].includes(phase)) return;
    const opened = await this.#fetched();
    const { record, saved, shared } = this.snapshot.get();
    if (!opened || !record) return;
    const failure = anyway ? null : opened.preflight();
    if (failure !== null) return this.snapshot.change({ phase: 'failed', failure, untried: true });
    this.snapshot.change({ untried: false });
    if (phase === 'recorded') this.snapshot.change({ ...NOTHING_SEEN, ...THE_PRESENT, speed: 0 });
    if (shared) return opened.live.open(shared.record, shared.at, 0);
    await this.#keeper.claim();
    const run = saved ? await this.#keeper.saved() : record;
    if (run) await opened.live.open(run, run.until, speedAtFirst(run.spec));
    else this.snapshot.change({ phase });
  }

  /** What shows a run, fetched at the first use, and again after a failure; null, and told, where it cannot be fetched. */
  async #fetched(): Promise<Opened | null> {
    if (this.#opened) return this.#opened;
    if (this.snapshot.get().phase === 'asleep') this.snapshot.change({ phase: 'loading' });
    this.#opening ??= this.#host.opened(this.snapshot, {
      moved: () => {
        if (this.#host.nowMs() - this.#savedAtMs > SAVE_EVERY_MS) this.save();
      },
      acted: () => {
        if (this.snapshot.get().shared) void this.#keeper.adopt();
        else this.save();
      },
    });
    try {
      this.#opened = await this.#opening;
    } catch {
      this.#opening = null;
      this.snapshot.change({ phase: 'failed', failure: BROKEN_OFF });
    }
    return this.#opened;
  }

  /** As {@link LiveRun.open}. */
  async #open(record: RunRecord, until: Instant, speed?: number): Promise<void> {
    // Without a wait where it is there: the phase is another one at once.
    const opened = this.#opened ?? (await this.#fetched());
    await opened?.live.open(record, until, speed);
  }

  /** Whether there is something to show where no cluster can run. */
  get hasRecording(): boolean {
    return this.#recording !== null;
  }

  get #recording(): (() => Promise<Seen>) | null {
    return this.#opened?.recordingOf(this.#figure) ?? null;
  }

  /** Shows what was recorded of the figure, from its beginning. The reader's own run is left as it is. */
  async showRecording(): Promise<void> {
    const recording = this.#recording;
    if (!recording) return;
    try {
      const seen = await recording();
      if (this.snapshot.get().phase !== 'failed') return;
      this.snapshot.change({ phase: 'recorded', notice: null, ...seen });
      this.look(START);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.snapshot.change({ notice: `The recording could not be fetched: ${why}` });
    }
  }

  /**
   * Opens a run only to show it, whole, at one of its moments: nothing can be done to it, and nothing of it is kept.
   * `what` says what it is, and where her own is.
   */
  async exhibit(record: RunRecord, at: Instant, what: string): Promise<void> {
    this.snapshot.change({ spec: record.spec, record, exhibit: what });
    this.#offered.resolve();
    await this.#open(record, record.until, 0);
    if (this.snapshot.get().phase === 'running') this.look(at);
  }

  /** Gives all memory of the run back. What is kept on the device stays. */
  end(): void {
    this.#opened?.live.end();
  }

  /** Starts with the page's own cluster, whatever was there before. */
  async startAnew(): Promise<void> {
    const { spec } = this.snapshot.get();
    if (!spec || this.#isExhibit()) return;
    await this.#replaceBy({ record: newRun(spec), at: START }, speedAtFirst(spec), 'reset');
  }

  /** Starts the cluster of this figure anew under another governor. */
  async startGoverned(governor: GovernorSpec): Promise<void> {
    const { spec } = this.snapshot.get();
    if (!spec || isLab(spec) || this.#isExhibit()) return;
    this.snapshot.change({ spec: { ...spec, governor } });
    await this.startAnew();
  }

  async #replaceBy({ record, at }: RunAtMoment, speed: number, why: PutAside): Promise<void> {
    // Before anything is put aside: what cannot be fetched must not cost a run.
    if (!(await this.#fetched())) return;
    const { saved, shared } = this.snapshot.get();
    await this.#keeper.claim();
    if (shared) await this.#keeper.adopt();
    else if (saved) this.snapshot.change({ record: await this.#keeper.saved() });
    await this.#putAside(why);
    const settled = { saved: null, stopped: [], notice: null, incoming: null, untried: false };
    this.snapshot.change({ ...settled, ...THE_PRESENT });
    await this.#open(record, at, speed);
  }

  /** Whether the run is only shown; then that is told. */
  #isExhibit(): boolean {
    const { exhibit } = this.snapshot.get();
    if (exhibit !== null) this.snapshot.change({ notice: exhibit });
    return exhibit !== null;
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
    if (this.#isExhibit() || !(await this.#running())) return false;
    const snapshot = this.snapshot.get();
    if (inThePast(snapshot) && inPast === 'ask') {
      const now = shownNow(snapshot);
      const forgets = snapshot.record?.actions.filter(({ at }) => at > now).length ?? 0;
      this.snapshot.change({ fork: { action, forgets } });
      return false;
    }
    this.snapshot.change({ fork: null, notice: null });
    const answer = await this.#opened?.live.request((ticket) => ({ kind: 'act', ticket, action }));
    return answer?.kind === 'applied';
  }

  runSql(node: string, session: string, sql: string): Promise<boolean> {
    return this.act({ kind: 'sql', node, session, sql });
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

  /** Lets time run, from the shown instant on. */
  play(speed: number): void {
    this.#opened?.playing.play(speed);
  }

  /** To the next event, or to an instant; while looking back, in what is shown. */
  advance(until: Instant | 'next event'): void {
    this.#opened?.playing.advance(until);
  }

  /**
   * Shows the cluster as it was at an instant, from what the page has recorded; null is the present. No server is touched:
   * see {@link jump} for one that is.
   */
  look(at: Instant | null): void {
    this.#opened?.playing.look(at);
  }

  /**
   * Asks a node as it stands at the shown instant. A copy of it answers: nothing is recorded, and the run goes on as if
   * nobody had asked. What would write is refused in PostgreSQL's own words.
   */
  async ask(node: string, sql: string): Promise<Asked> {
    const live = (await this.#running()) ? this.#opened?.live : null;
    if (live) return live.ask(this.snapshot.get().lookingAt, node, sql);
    return (await import('./not-asked.ts')).askedOfNobody(node);
  }

  /** Takes the last action back: the run stands at its instant, as if it had not been done. */
  async undo(): Promise<void> {
    const { record } = this.snapshot.get();
    const shorter = record && withoutLastAction(record);
    if (!shorter || this.#refusedByRecording() || this.#isExhibit()) return;
    this.#opened?.lookingBack.show(shorter.until);
    await this.#open(shorter, shorter.until);
  }

  /**
   * Rebuilds the run as it was at an instant, servers and all; what the page has recorded of that instant shows meanwhile.
   * The record is kept: playing goes through it again.
   */
  async jump(to: Instant): Promise<void> {
    const { phase, record } = this.snapshot.get();
    if (phase === 'recorded') return this.look(to);
    if (!record) return;
    this.#opened?.lookingBack.show(to);
    await this.#open(record, to, to < record.until ? 0 : NORMAL_SPEED);
  }

  /** Ends the worker that a statement keeps busy, and restores the run to just before that statement. */
  async stop(): Promise<void> {
    await this.#opened?.live.stop();
  }

  /** The run as the text of a file, to be opened at a moment; with the digests of what it did, where a cluster stands at its end. */
  async exportRun(at: Instant | null = null): Promise<string | null> {
    const answer = await this.#opened?.live.request((ticket) => ({ kind: 'hash', ticket }));
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
    if (this.#refusedByRecording()) return false;
    if (this.snapshot.get().phase === 'asleep') await this.start();
    const { phase } = await this.snapshot.until(
      (s) => s.phase === 'running' || s.phase === 'failed',
    );
    return phase === 'running';
  }

  #refusedByRecording(): boolean {
    const { phase, failure } = this.snapshot.get();
    if (phase !== 'recorded') return false;
    const notice = `This is a recording: nothing can be done to it, and nothing asked. ${failure ?? ''}`;
    this.snapshot.change({ notice: notice.trim() });
    return true;
  }

  async #sleep(): Promise<void> {
    await this.#keeper.save();
    this.#opened?.live.end();
    const { spec, elsewhere, unsaved, putAside } = this.snapshot.get();
    if (!spec) return;
    this.snapshot.set({ ...ASLEEP, spec, record: newRun(spec), elsewhere, unsaved, putAside });
    await this.#keeper.find(spec);
  }
}

import { ActionRefused } from '../cluster/action.ts';
import type { Asked } from '../cluster/asked.ts';
import type {
  ClusterView,
  MessageView,
  StatementView,
  TraceEvent,
} from '../cluster/cluster-view.ts';
import type { Standing } from '../cluster/standing.ts';
import type { LabAction } from '../lab/lab-action.ts';
import { after, type Duration, type Instant, laterOf, START, seconds, us } from '../sim/instant.ts';
import { type Frame, nextFrame } from './frames.ts';
import { asOf, type History, noHistory, remember } from './history.ts';
import type { FromWorker, RecordedAction, RunHashes, RunRecord } from './protocol.ts';

/** What a run is played on: a cluster, or a lab's with its clients and faults. */
export interface RunningCluster {
  readonly now: Instant;
  /** When a person takes a lab over: nobody acts before. */
  readonly takenOverAt?: Instant;
  /** Until then something comes by itself that a person waits for, such as a page: time does not rest before. */
  readonly eventfulUntil?: Instant;
  /** Time that runs stops at each of these instants, in order: something has come that a person is to read first. */
  readonly stopsAt?: readonly Instant[];
  act(action: LabAction): Promise<void>;
  advance(until: Instant): Promise<void>;
  nextEventAt(): Instant | null;
  view(): ClusterView;
  readonly statements: readonly StatementView[];
  readonly trace: readonly TraceEvent[];
  /** An event as the page tells it, where that is not as it stands in the trace. */
  tell?(event: TraceEvent): TraceEvent;
  messagesFrom(first: number): readonly MessageView[];
  hashes(): RunHashes;
  close(): void;
  /** How it stands now, to be asked of later. */
  standing(): Standing;
  /** What a node answers, as it stood, to one who only reads. */
  ask(node: string, sql: string, asOf?: Standing, at?: Instant): Promise<Asked>;
}

/** The host's clock and timers, which only pace the play: they never get into a run. */
export interface Host {
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

/** Messages get in at least this often while time runs. */
const SLICE_MS = 12;
/** Between two looks at the clock while time runs; also the shortest time between two states posted. */
const FRAME_MS = 33;
/** While nothing happens but the passing of time, the page is told this often. */
const QUIET_FRAME_MS = 100;
/** A long replay tells its frames in messages of so many, so that none holds the page up. */
const FRAMES_TOLD = 500;
/** Time that runs by itself rests when nobody has done anything for so long. */
export const REST_AFTER: Duration = seconds(60);

const earlierOf = (a: Instant, b: Instant): Instant => (a < b ? a : b);

/** Applies a record to a cluster, lets its virtual time run, and tells the page what changed. */
export class Player {
  readonly #cluster: RunningCluster;
  readonly #host: Host;
  readonly #post: (message: FromWorker) => void;
  /** Recorded actions; those from `#applied` on lie ahead of the present instant. */
  #actions: readonly RecordedAction[];
  #applied = 0;
  #speed = 0;
  /** The speed that time had before it came to rest by itself; 0 where a person has stopped it, or it runs. */
  #restedFrom = 0;
  #lastTouched: Instant;
  #told: readonly StatementView[] = [];
  #toldEvents = 0;
  #toldMessages = 0;
  #frame: Frame | null = null;
  /** Those that the page has not been told of. */
  #frames: Frame[] = [];
  /** How the cluster stood at each frame. */
  #standings: History<Standing> = noHistory();
  #lastPostMs = Number.NEGATIVE_INFINITY;
  #failed = false;
  /** Everything that touches the cluster, one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(
    cluster: RunningCluster,
    record: RunRecord,
    host: Host,
    post: (message: FromWorker) => void,
  ) {
    this.#cluster = cluster;
    this.#actions = record.actions;
    this.#host = host;
    this.#post = post;
    this.#lastTouched = cluster.now;
  }

  /** Replays the record up to an instant, and a lab's prelude at least; an action at that very instant is applied. */
  replay(until: Instant): Promise<void> {
    return this.#inTurn(async () => {
      const { takenOverAt } = this.#cluster;
      await this.#advance(takenOverAt !== undefined && takenOverAt > until ? takenOverAt : until);
      this.#lastTouched = this.#cluster.now;
      this.#tell();
      this.#post({ kind: 'ready' });
    });
  }

  act(ticket: number, action: LabAction): Promise<void> {
    return this.#inTurn(async () => {
      await this.#finishInstant();
      const index = this.#applied;
      const entry = { at: this.#cluster.now, action };
      this.#post({ kind: 'applying', index, entry });
      try {
        await this.#cluster.act(action);
      } catch (error) {
        if (!(error instanceof ActionRefused)) throw error;
        this.#post({ kind: 'refused', ticket, action, reason: error.message });
        return;
      }
      this.#actions = [...this.#actions.slice(0, index), entry];
      this.#applied = index + 1;
      this.#lastTouched = this.#cluster.now;
      this.#tell();
      this.#post({ kind: 'applied', index, entry, ticket });
      if (this.#restedFrom > 0) this.play(this.#restedFrom);
    });
  }

  advance(until: Instant | 'next event'): Promise<void> {
    return this.#inTurn(async () => {
      const target = until === 'next event' ? this.#nextEventAt() : until;
      if (target !== null) await this.#advance(target);
      this.#tell();
    });
  }

  hash(ticket: number): Promise<void> {
    return this.#inTurn(async () => {
      await this.#finishInstant();
      const { now: at } = this.#cluster;
      this.#post({ kind: 'hashes', ticket, at, hashes: this.#cluster.hashes() });
    });
  }

  /** Reads on a copy of a node; the run goes on as if nobody had asked. */
  ask(ticket: number, at: Instant | null, node: string, sql: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#finishInstant();
      const past = at !== null && at < this.#cluster.now ? asOf(this.#standings, at) : null;
      const asked = await (past === null || at === null
        ? this.#cluster.ask(node, sql)
        : this.#cluster.ask(node, sql, past, at));
      this.#post({ kind: 'asked', ticket, asked });
    });
  }

  /** Lets time run at `speed` from now on; comes back at once. */
  play(speed: number): void {
    const standing = this.#speed === 0;
    this.#speed = speed;
    this.#restedFrom = 0;
    this.#lastTouched = this.#cluster.now;
    if (speed > 0 && standing) void this.#run();
    else void this.#inTurn(async () => this.#tell());
  }

  async #run(): Promise<void> {
    let lookedMs = this.#host.nowMs();
    let owed = 0;
    while (this.#speed > 0) {
      await this.#host.sleep(FRAME_MS);
      const nowMs = this.#host.nowMs();
      owed += (nowMs - lookedMs) * 1_000 * this.#speed;
      lookedMs = nowMs;
      const step = us(Math.floor(owed));
      owed -= step;
      if (step === 0) continue;
      await this.#inTurn(() => this.#playUntil(after(this.#cluster.now, step)));
    }
  }

  /** As far towards an instant as one slice of host time reaches; what is left of it is not caught up. */
  async #playUntil(target: Instant): Promise<void> {
    const deadline = this.#host.nowMs() + SLICE_MS;
    const rest = this.#restsAt();
    const stop = this.#cluster.stopsAt?.find((at) => at > this.#cluster.now) ?? rest;
    const end = [target, rest, stop].reduce(earlierOf);
    while (this.#speed > 0 && this.#cluster.now < end && this.#host.nowMs() < deadline) {
      const next = this.#nextEventAt();
      await this.#advance(next !== null && next < end ? next : end);
    }
    if (this.#cluster.now >= rest) this.#comeToRest();
    else if (this.#cluster.now >= stop) this.#speed = 0;
    const sinceMs = this.#host.nowMs() - this.#lastPostMs;
    if (this.#speed === 0 || sinceMs >= (this.#hasNews() ? FRAME_MS : QUIET_FRAME_MS)) this.#tell();
  }

  #restsAt(): Instant {
    const { eventfulUntil = START } = this.#cluster;
    return after(laterOf(this.#lastTouched, eventfulUntil), REST_AFTER);
  }

  /** Recorded actions that lie ahead are something to see: until the last of them, time goes on. */
  #comeToRest(): void {
    this.#lastTouched = this.#cluster.now;
    if (this.#applied < this.#actions.length) return;
    this.#restedFrom = this.#speed;
    this.#speed = 0;
  }

  /** To an instant, with the recorded actions that lie on the way. */
  async #advance(until: Instant): Promise<void> {
    for (;;) {
      const entry = this.#actions[this.#applied];
      if (!entry || entry.at > until) break;
      await this.#runTo(entry.at);
      await this.#reapply(entry);
    }
    if (until >= this.#cluster.now) await this.#runTo(until);
  }

  /** To an instant, with a frame of every event on the way. */
  async #runTo(until: Instant): Promise<void> {
    const cluster = this.#cluster;
    for (let at = cluster.nextEventAt(); at !== null && at <= until; at = cluster.nextEventAt()) {
      await cluster.advance(at);
      this.#keepFrame();
      if (this.#frames.length >= FRAMES_TOLD) this.#tell();
    }
    await cluster.advance(until);
  }

  #keepFrame(): void {
    const frame = nextFrame(this.#frame, this.#cluster.view(), this.#cluster.statements);
    if (frame === null) return;
    this.#frame = frame;
    this.#frames.push(frame);
    this.#standings = remember(this.#standings, this.#cluster.standing());
  }

  async #reapply(entry: RecordedAction): Promise<void> {
    const index = this.#applied;
    this.#post({ kind: 'applying', index, entry });
    try {
      await this.#cluster.act(entry.action);
    } catch (error) {
      if (!(error instanceof ActionRefused)) throw error;
      throw new Error(
        `action ${index + 1} of ${this.#actions.length} (${entry.action.kind}, at ${entry.at} µs) is refused when it is replayed: ${error.message}`,
      );
    }
    this.#applied = index + 1;
    this.#post({ kind: 'applied', index, entry, ticket: null });
  }

  /**
   * Lets everything happen that the present instant still holds. Done before each action, live and replayed: else their
   * order within an instant would depend on when the host had looked at it.
   */
  #finishInstant(): Promise<void> {
    return this.#cluster.advance(this.#cluster.now);
  }

  #nextEventAt(): Instant | null {
    const event = this.#cluster.nextEventAt();
    const action = this.#actions[this.#applied]?.at ?? null;
    if (event === null || action === null) return event ?? action;
    return event < action ? event : action;
  }

  #hasNews(): boolean {
    const { statements, trace } = this.#cluster;
    return trace.length > this.#toldEvents || statements.some((s, id) => s !== this.#told[id]);
  }

  #tell(): void {
    const { statements, trace } = this.#cluster;
    const messages = this.#cluster.messagesFrom(this.#toldMessages);
    const changed = statements.filter((statement, id) => statement !== this.#told[id]);
    this.#keepFrame();
    this.#post({
      kind: 'state',
      view: this.#cluster.view(),
      events: trace.slice(this.#toldEvents).map((event) => this.#cluster.tell?.(event) ?? event),
      messages,
      statements: changed,
      frames: this.#frames,
      speed: this.#speed,
    });
    this.#frames = [];
    this.#told = [...statements];
    this.#toldEvents = trace.length;
    this.#toldMessages += messages.length;
    this.#lastPostMs = this.#host.nowMs();
  }

  /** Runs a task when those before it are done. One that throws ends the run: the page restores it from the record. */
  #inTurn(task: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      if (this.#failed) return;
      try {
        await task();
      } catch (error) {
        this.#failed = true;
        this.#speed = 0;
        const reason = error instanceof Error ? error.message : String(error);
        this.#post({ kind: 'failed', reason });
      }
    });
    return this.#turn;
  }
}

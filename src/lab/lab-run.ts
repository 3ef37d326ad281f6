import { ActionRefused, type ClusterSpec } from '../cluster/action.ts';
import type { Asked } from '../cluster/asked.ts';
import { Cluster } from '../cluster/cluster.ts';
import type {
  ClusterView,
  MessageView,
  StatementView,
  TraceEvent,
} from '../cluster/cluster-view.ts';
import type { SqlEngine } from '../cluster/sql-engine.ts';
import { planString } from '../cluster/sql-text.ts';
import type { Standing } from '../cluster/standing.ts';
import type { Sent } from '../cluster/workload/workload.ts';
import type { Evidence, GivenAnswer } from '../grading/evidence.ts';
import type { GuestRead } from '../grading/guest-read.ts';
import type { Router } from '../routing/compile-router.ts';
import { after, type Instant, laterOf, ms, START, seconds } from '../sim/instant.ts';
import { currentAnswer, whyNoAnswer } from './answers.ts';
import { drawFate, type Fate } from './draw.ts';
import { PLACEHOLDER } from './fields.ts';
import type { GuestApp } from './guests/guest-app.ts';
import { openGuests } from './guests/open-guests.ts';
import type { Lab } from './lab.ts';
import type { LabAction } from './lab-action.ts';
import { populationOf } from './lab-clients.ts';
import { inRoles, type Stage } from './roles.ts';

type Names = Evidence['names'][number];

interface TimedAction {
  readonly at: Instant;
  readonly action: LabAction;
}

/** When the learner takes over: the same instant on every seed. */
export const takeOver = ({ start }: Lab): Instant => after(START, seconds(start.prelude));

/** The cluster of a lab on a seed, with its clients. Faults come on top of it. */
export const labSpec = ({ start }: Lab, seed: number): ClusterSpec => ({
  nodes: start.nodes,
  settings: start.settings,
  setup: start.setup,
  seed,
  populations: start.clients.map(populationOf),
  ...(start.spares === undefined ? {} : { spares: start.spares }),
  ...(start.walStart === undefined ? {} : { walStart: start.walStart }),
  ...(start.work && {
    work: {
      blockHit: ms(start.work.blockHitMs),
      blockRead: ms(start.work.blockReadMs),
      walKilobyte: ms(start.work.walKilobyteMs),
    },
  }),
});

/**
 * A cluster with a lab's clients and faults. Driven like a cluster, so that a page can play it as one: what it does
 * follows from the lab, the seed, and the actions of the learner with their instants.
 */
export class LabRun {
  readonly takenOverAt: Instant;
  /** When the last of the lab's own faults and pages comes. */
  readonly eventfulUntil: Instant;
  /** When its pages come. */
  readonly stopsAt: readonly Instant[];
  /** What of its fate was drawn from the seed. */
  readonly drawn: Evidence['drawn'];
  readonly #lab: Lab;
  readonly #cluster: Cluster;
  /** The lab's own faults that are still to come, in order of time. */
  readonly #events: Fate['events'][number][];
  /** What has befallen it by lot, as it stands in the trace. */
  readonly #untold = new Set<TraceEvent>();
  readonly #names: Names[] = [];
  readonly #actions: TimedAction[] = [];
  readonly #answers: GivenAnswer[];
  /** The app whose guests read where the learner's router says; null where the lab has none. */
  readonly #app: GuestApp | null;

  private constructor(
    lab: Lab,
    seed: number,
    cluster: Cluster,
    answers: GivenAnswer[],
    app: GuestApp | null,
  ) {
    this.#lab = lab;
    this.#cluster = cluster;
    this.#answers = answers;
    this.#app = app;
    this.takenOverAt = takeOver(lab);
    const { events, drawn } = drawFate(lab, seed, this.takenOverAt);
    this.#events = [...events];
    this.drawn = drawn;
    this.stopsAt = lab.start.pages
      .map((page) => after(this.takenOverAt, seconds(page.at)))
      .toSorted((one, other) => one - other);
    this.eventfulUntil = [...this.stopsAt, ...events.map(({ at }) => at)].reduce(
      laterOf,
      this.takenOverAt,
    );
    this.#noteNames();
  }

  /** A run that stands at its first instant, before its prelude. */
  static async begin(lab: Lab, seed: number, engine: SqlEngine): Promise<LabRun> {
    const answers: GivenAnswer[] = [];
    const answerTo = (id: string) => currentAnswer(lab.answers, answers, id);
    const fill = (sql: string) => sql.replaceAll(PLACEHOLDER, (_, id: string) => answerTo(id));
    const guests = openGuests(lab, seed, answerTo);
    const cluster = await Cluster.open(labSpec(lab, seed), engine, {
      since: guests ? START : takeOver(lab),
      fill,
      pacedBy: 'lab',
      ...(guests ? { others: guests.clients, shownAt: lab.start.nodes } : {}),
    });
    const run = new LabRun(lab, seed, cluster, answers, guests?.app ?? null);
    if (lab.start.guests) await run.#useRouter(answerTo(lab.start.guests.router));
    return run;
  }

  /** Runs the prelude: the run stands at the instant at which the learner takes over. */
  static async open(lab: Lab, seed: number, engine: SqlEngine): Promise<LabRun> {
    const run = await LabRun.begin(lab, seed, engine);
    await run.advance(run.takenOverAt);
    return run;
  }

  get now(): Instant {
    return this.#cluster.now;
  }

  get statements(): readonly StatementView[] {
    return this.#cluster.statements;
  }

  get trace(): readonly TraceEvent[] {
    return this.#cluster.trace;
  }

  /** The log does not say outright what was drawn by lot: which statement it was, or who did what to a server. */
  tell(event: TraceEvent): TraceEvent {
    if (!this.#untold.has(event)) return event;
    const { session } = event.facts;
    const what =
      session === undefined ? 'Something befalls' : `Session ${session} sends something to`;
    return { ...event, words: `${what} ${event.node ?? 'the cluster'}.`, facts: {} };
  }

  messagesFrom(first: number): readonly MessageView[] {
    return this.#cluster.messagesFrom(first);
  }

  /** The requests of the lab's clients. */
  get sent(): readonly Sent[] {
    return this.#cluster.sent;
  }

  get names(): readonly Names[] {
    return this.#names;
  }

  /** What was done to it from outside. With the lab and the seed, the whole run follows from these. */
  get actions(): readonly TimedAction[] {
    return this.#actions;
  }

  /** The learner's answers, in order of giving. The last one of a question counts. */
  get answers(): readonly GivenAnswer[] {
    return this.#answers;
  }

  /** What counts now as the answer to a question, as part of a longer statement. */
  answerTo(id: string): string {
    return currentAnswer(this.#lab.answers, this.#answers, id).replace(/;\s*$/, '');
  }

  hashes(): { readonly trace: string; readonly wal: string } {
    return this.#cluster.hashes();
  }

  view(): ClusterView {
    return this.#cluster.view();
  }

  standing(): Standing {
    return this.#cluster.standing();
  }

  /** What a node answers to one who only reads, now or as it stood: no part of the run. */
  ask(node: string, sql: string, asOf?: Standing, at?: Instant): Promise<Asked> {
    return this.#cluster.ask(node, sql, asOf, at);
  }

  unsettled(): string | null {
    return this.#cluster.unsettled();
  }

  nextEventAt(): Instant | null {
    const next = this.#cluster.nextEventAt();
    const event = this.#events[0]?.at ?? null;
    return next === null || (event !== null && event < next) ? event : next;
  }

  /**
   * Something the learner does: to the cluster, or an answer.
   * Throws ActionRefused, and then nothing has changed.
   */
  async act(action: LabAction): Promise<void> {
    if (action.kind === 'answer') await this.#take(action.id, action.text);
    else await this.#cluster.act(action);
    this.#actions.push({ at: this.now, action });
    this.#noteNames();
  }

  async #take(id: string, text: string): Promise<void> {
    await this.#cluster.advance(this.now);
    const question = this.#lab.answers.find((one) => one.id === id);
    const statements = planString(text).flatMap((piece) => piece.statements).length;
    const why =
      whyNoAnswer(this.#lab.answers, id, text) ??
      (question?.kind === 'sql' && statements > 1
        ? `an answer is one statement; here are ${statements}`
        : null);
    if (why !== null) throw new ActionRefused(why);
    if (question?.kind === 'router') await this.#useRouter(text.trim() || question.initial);
    this.#answers.push({ at: this.now, id, text });
  }

  async #useRouter(text: string): Promise<void> {
    if (!this.#app) return;
    const { compileRouter } = await import('../routing/compile-router.ts');
    let router: Router;
    try {
      router = await compileRouter(text);
    } catch (error) {
      throw new ActionRefused(`your router does not run: ${(error as Error).message}`);
    }
    this.#app.router?.dispose();
    this.#app.router = router;
  }

  /** What the guests of its app have read, in order of the answers. */
  get reads(): readonly GuestRead[] {
    return this.#app?.reads ?? [];
  }

  async advance(until: Instant): Promise<void> {
    for (let next = this.nextEventAt(); next !== null && next <= until; next = this.nextEventAt()) {
      await this.#cluster.advance(next);
      await this.#befall();
      this.#noteNames();
    }
    await this.#cluster.advance(until);
  }

  close(): void {
    this.#app?.router?.dispose();
    this.#cluster.close();
  }

  /** What the roles of its nodes follow from. */
  get stage(): Stage {
    const { spares = [] } = this.#lab.start;
    return { view: this.view(), trace: this.trace, spares };
  }

  async #befall(): Promise<void> {
    for (let next = this.#events[0]; next && next.at <= this.now; next = this.#events[0]) {
      this.#events.shift();
      const from = this.trace.length;
      const action = inRoles(next.action, this.stage);
      if (action) await possible(this.#cluster.act(action));
      const event = this.trace.slice(from).find(({ kind }) => kind === next.action.kind);
      if (event && next.byLot) this.#untold.add(event);
    }
  }

  /** Does what can be done now; false where it makes no sense (to stop what is down), and nothing has changed. */
  attempt(action: LabAction): Promise<boolean> {
    return possible(this.act(action));
  }

  #noteNames(): void {
    const { synchronousStandbyNames: names } = this.#cluster;
    if (this.#names.at(-1)?.names !== names) this.#names.push({ at: this.now, names });
  }
}

async function possible(done: Promise<void>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (error) {
    if (error instanceof ActionRefused) return false;
    throw error;
  }
}

import {
  type Action,
  ActionFailed,
  type ClusterSpec,
  type Outcome,
  type Reply,
  type ScenarioTarget,
  SettingRefused,
} from '../../../src/scenario/target.ts';

/** How the fake answers to a string of SQL: after some time, or once an action has been carried out. */
export interface Answer {
  readonly afterMs?: number;
  readonly afterAct?: Action['kind'];
  readonly outcome?: Partial<Outcome>;
}

/** How an action goes. */
export interface Deed {
  readonly takesMs?: number;
  readonly fails?: string;
}

interface Sent {
  readonly answer: Answer;
  readonly reply: { outcome: Outcome | undefined };
  dueAt: number;
}

/** A target with a clock of its own that answers as it was told to; what it was not told of, it answers at once. */
export class FakeTarget implements ScenarioTarget {
  unsupported: ScenarioTarget['unsupported'] = {};
  refuses: string | null = null;
  readonly log: string[] = [];
  readonly #answers: Readonly<Record<string, Answer>>;
  readonly #deeds: Readonly<Partial<Record<Action['kind'], Deed>>>;
  readonly #sent: Sent[] = [];
  #now = 5000;

  constructor(
    answers: Readonly<Record<string, Answer>> = {},
    deeds: Readonly<Partial<Record<Action['kind'], Deed>>> = {},
  ) {
    this.#answers = answers;
    this.#deeds = deeds;
  }

  async start({ config }: ClusterSpec): Promise<void> {
    this.log.push('start');
    const refused = config.find(({ name }) => name === this.refuses);
    if (refused !== undefined) throw new SettingRefused(refused, 'no such setting');
  }

  elapsedMs(): number {
    return this.#now;
  }

  send(node: string, session: string, sql: string): Reply {
    this.log.push(`${node} ${session}: ${sql}`);
    const answer = this.#answers[sql] ?? { afterMs: 1 };
    const dueAt = this.#now + (answer.afterMs ?? Number.POSITIVE_INFINITY);
    const reply = { outcome: undefined };
    this.#sent.push({ answer, reply, dueAt });
    return reply;
  }

  async until(done: () => boolean, timeoutMs: number): Promise<void> {
    const deadline = this.#now + timeoutMs;
    while (!done()) {
      const pending = this.#sent.filter(({ reply }) => reply.outcome === undefined);
      const next = Math.min(...pending.map(({ dueAt }) => dueAt));
      if (next > deadline) {
        this.#now = deadline;
        return;
      }
      this.#pass(next);
    }
  }

  async act(action: Action): Promise<void> {
    this.log.push(`@${action.kind}`);
    const { takesMs = 0, fails } = this.#deeds[action.kind] ?? {};
    for (const sent of this.#sent) {
      if (sent.answer.afterAct === action.kind) sent.dueAt = this.#now + 2;
    }
    this.#pass(this.#now + takesMs);
    if (fails !== undefined) throw new ActionFailed(fails);
  }

  serverLog(): [] {
    return [];
  }

  async stop(): Promise<void> {
    this.log.push('stop');
  }

  #pass(to: number): void {
    this.#now = to;
    for (const { answer, reply, dueAt } of this.#sent) {
      if (reply.outcome !== undefined || dueAt > to) continue;
      reply.outcome = {
        state: 'done',
        results: [],
        notices: [],
        error: null,
        ...answer.outcome,
        atMs: dueAt,
      };
    }
  }
}

import type { Action } from '../cluster/action.ts';
import type { StatementView } from '../cluster/cluster-view.ts';
import type { Sent } from '../grading/history.ts';
import { after, type Instant, seconds } from '../sim/instant.ts';
import { Prng } from '../sim/prng.ts';
import { type Client, PLACEHOLDER } from './lab.ts';

interface Desk {
  readonly client: Client;
  readonly random: Prng;
  readonly until: Instant;
  /** When it sends its next request; null while it waits for an answer. */
  nextAt: Instant | null;
  /** Index of the statement that it waits for. */
  statement: number | null;
}

/** Seconds from a range, drawn. */
export const drawSeconds = (random: Prng, [low, high]: readonly [number, number]): number =>
  low + random.fraction() * (high - low);

/**
 * The clients of a lab. What they do follows from the lab, the seed, and what the cluster answers: it need not be
 * recorded, and comes again when the run does. Each draws from a stream of its own, so that none disturbs another.
 */
export class Workload {
  readonly #desks: readonly Desk[];
  readonly #sent: Sent[] = [];

  constructor(clients: readonly Client[], seed: number, takenOverAt: Instant) {
    this.#desks = clients.map((client) => {
      const random = Prng.seeded(seed).fork(`client ${client.name}`);
      const nextAt = after(takenOverAt, seconds(drawSeconds(random, client.firstAt)));
      const { until: end = Number.POSITIVE_INFINITY } = client;
      const until = after(takenOverAt, seconds(end));
      return { client, random, until, nextAt: nextAt < until ? nextAt : null, statement: null };
    });
  }

  /** All requests so far, in order of sending. */
  get sent(): readonly Sent[] {
    return this.#sent;
  }

  has(node: string, session: string): boolean {
    return this.#desks.some(({ client }) => client.node === node && client.name === session);
  }

  /** Clients that have been answered think, whatever they were told, and then send the next request. */
  hear(statements: readonly StatementView[]): void {
    for (const desk of this.#desks) {
      if (desk.statement === null) continue;
      const { answeredAt } = statements[desk.statement] as StatementView;
      if (answeredAt === null) continue;
      desk.statement = null;
      const next = after(answeredAt, seconds(drawSeconds(desk.random, desk.client.think)));
      desk.nextAt = next < desk.until ? next : null;
    }
  }

  nextAt(): Instant | null {
    let next: Instant | null = null;
    for (const { nextAt } of this.#desks)
      if (nextAt !== null && (next === null || nextAt < next)) next = nextAt;
    return next;
  }

  /**
   * The request that is due by now, if any; it will be the run's statement of this index. `answerTo`: what counts now as
   * the learner's answer to a question.
   */
  take(now: Instant, statement: number, answerTo: (id: string) => string): Action | null {
    const desk = this.#desks.find(({ nextAt }) => nextAt !== null && nextAt <= now);
    if (!desk) return null;
    const { name, node, sql } = desk.client;
    const key = this.#sent.length + 1;
    desk.nextAt = null;
    desk.statement = statement;
    this.#sent.push({ statement, client: name, key });
    const asked = sql
      .replaceAll('{key}', String(key))
      .replaceAll(PLACEHOLDER, (_, id: string) => answerTo(id));
    return { kind: 'sql', node, session: name, sql: asked };
  }
}

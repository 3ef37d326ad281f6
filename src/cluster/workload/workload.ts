import { after, type Duration, type Instant, us } from '../../sim/instant.ts';
import { Prng } from '../../sim/prng.ts';
import type { StatementView } from '../cluster-view.ts';
import {
  type Client,
  type ClientWorld,
  type ClusterFacts,
  MixClient,
  type Outgoing,
  type Turn,
} from './client.ts';
import { clientNames, hostsOf, type Population, type PopulationView } from './population.ts';

/** A request that a client sent. */
export interface Sent extends Pick<Outgoing, 'key' | 'kind' | 'attempt'> {
  /** Index of its statement in the run. */
  readonly statement: number;
  readonly client: string;
  readonly population: string;
}

/** What whoever opens a cluster adds to its populations: a lab's clients begin before the learner takes over. */
export interface ClientOptions {
  /** Times of populations count from here; from when the cluster stands, where nothing is said. */
  readonly since?: Instant;
  readonly fill?: ClientWorld['fill'];
  /** Clients with a mind of their own, beside the populations, and where one may see them. */
  readonly others?: readonly Client[];
  readonly shownAt?: readonly string[];
  /** Its sessions are not the learner's, and neither is its pace. */
  readonly pacedBy?: PopulationView['pacedBy'];
}

interface Desk {
  readonly client: Client;
  readonly group: Group;
  /** When it sends its next request; null while it waits for an answer, or rests. */
  nextAt: Instant | null;
  /** Index of the statement that it waits for. */
  statement: number | null;
}

interface Group {
  until: number;
  pace: number;
}

interface Crowd extends Group {
  readonly population: Population;
}

const ALWAYS: Group = { until: Number.POSITIVE_INFINITY, pace: 1 };

/**
 * The clients of a cluster. What they do follows from their populations, the seed, and what the cluster answers: it need
 * not be recorded, and comes again when the run does. Each draws from a stream of its own, so that none disturbs another.
 */
export class Workload {
  readonly #groups: readonly Crowd[];
  readonly #others: readonly Client[];
  readonly #shownAt: readonly string[];
  readonly #desks: readonly Desk[];
  readonly #pacedBy: PopulationView['pacedBy'];
  readonly #world: ClientWorld;
  readonly #sent: Sent[] = [];
  #keys = 0;

  constructor(
    populations: readonly Population[],
    seed: number,
    facts: ClusterFacts,
    { fill = (sql) => sql, pacedBy = 'anyone', others = [], shownAt = [] }: ClientOptions = {},
  ) {
    this.#pacedBy = pacedBy;
    this.#world = { newKey: () => ++this.#keys, fill, ...facts };
    this.#others = others;
    this.#shownAt = shownAt;
    this.#groups = populations.map((population) => ({
      population,
      until: Number.POSITIVE_INFINITY,
      pace: population.pace ?? 1,
    }));
    const random = Prng.seeded(seed);
    const own = this.#groups.flatMap((group) =>
      clientNames(group.population).map((name, i): Desk => {
        const stream = random.fork(`client ${name}`);
        const client = new MixClient(group.population, name, i + 1, stream);
        return { client, group, nextAt: null, statement: null };
      }),
    );
    const guests = others.map(
      (client): Desk => ({
        client,
        group: ALWAYS,
        nextAt: null,
        statement: null,
      }),
    );
    this.#desks = [...own, ...guests];
  }

  /** Lets the clients in. Times of their populations count from here. */
  begin(since: Instant): void {
    for (const group of this.#groups)
      group.until = since + (group.population.until ?? Number.POSITIVE_INFINITY);
    for (const desk of this.#desks)
      desk.nextAt = inTime(desk.group, after(since, desk.client.first()));
  }

  /** All requests so far, in order of sending. */
  get sent(): readonly Sent[] {
    return this.#sent;
  }

  get views(): readonly PopulationView[] {
    const pacedBy = this.#pacedBy;
    const own = this.#groups.flatMap(({ population, pace }) =>
      hostsOf(population).map((node) => ({
        name: population.name,
        node,
        clients: clientNames(population),
        pace,
        pacedBy,
      })),
    );
    const names = [...new Set(this.#others.flatMap(({ population }) => population ?? []))];
    const seen = names.flatMap((name) => {
      const clients = this.#others
        .filter(({ population }) => population === name)
        .map((client) => client.name);
      return this.#shownAt.map((node) => ({ name, node, clients, pace: 1, pacedBy }));
    });
    return [...own, ...seen];
  }

  /** Sessions on a node that the proxy has led there. */
  proxied(node: string): readonly string[] {
    return this.#desks.flatMap(({ client: { name, proxiedTo } }) =>
      proxiedTo === node ? [name] : [],
    );
  }

  has(node: string, session: string): boolean {
    return this.views.some((view) => view.node === node && view.clients.includes(session));
  }

  /** Lets a population work at a pace from now on: 0 stops it after the answers that are outstanding. */
  setPace(name: string, pace: number, now: Instant): void {
    const group = this.#groups.find(({ population }) => population.name === name);
    if (!group) throw new RangeError(`there are no clients "${name}"`);
    group.pace = pace;
    for (const desk of this.#desks)
      if (desk.group === group && desk.statement === null)
        desk.nextAt = next(group, now, desk.client.goOn());
  }

  /** Why a pace cannot be set, in words; null where it can. */
  whyNoPace(name: string, pace: number): string | null {
    const known = this.#groups.map(({ population }) => population.name);
    if (!known.includes(name))
      return known.length === 0
        ? 'this cluster has no clients'
        : `there are no clients "${name}"; there are ${known.join(', ')}`;
    if (this.#pacedBy === 'lab') return `the clients "${name}" are the lab’s`;
    return pace >= 0 && pace <= 100 ? null : 'the pace of clients is a number from 0 to 100';
  }

  /** Clients that have been answered think, whatever they were told. */
  hear(statements: readonly StatementView[]): void {
    for (const desk of this.#desks) {
      if (desk.statement === null) continue;
      const answer = statements[desk.statement] as StatementView;
      if (answer.answeredAt === null) continue;
      desk.statement = null;
      desk.nextAt = next(desk.group, answer.answeredAt, desk.client.hear(answer, this.#world));
    }
  }

  nextAt(): Instant | null {
    let soonest: Instant | null = null;
    for (const { nextAt } of this.#desks)
      if (nextAt !== null && (soonest === null || nextAt < soonest)) soonest = nextAt;
    return soonest;
  }

  /** What the client does whose time has come by now, if any; a request of it will be the run's statement of this index. */
  take(now: Instant, statement: number): { readonly session: string; readonly turn: Turn } | null {
    const desk = this.#desks.find(({ nextAt }) => nextAt !== null && nextAt <= now);
    if (!desk) return null;
    const { client } = desk;
    const turn = client.turn(now, this.#world);
    if (turn.kind === 'pause') desk.nextAt = after(now, turn.length);
    else {
      desk.nextAt = null;
      desk.statement = statement;
      const { kind, key, attempt } = turn.request;
      const { name, population } = client;
      this.#sent.push({
        statement,
        client: name,
        population: population ?? name,
        kind,
        key,
        attempt,
      });
    }
    return { session: client.name, turn };
  }
}

function next(group: Group, from: Instant, pause: Duration): Instant | null {
  if (group.pace === 0) return null;
  return inTime(group, after(from, group.pace === 1 ? pause : us(pause / group.pace)));
}

const inTime = ({ until, pace }: Group, at: Instant): Instant | null =>
  pace > 0 && at < until ? at : null;

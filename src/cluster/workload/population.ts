import type { Route } from '../../ha/clients/client.ts';
import type { Duration } from '../../sim/instant.ts';

/** A range to draw from, both ends included. */
export type Drawn<T extends number> = readonly [low: T, high: T];

/**
 * One kind of request, and how often it is drawn beside the others of its population.
 *
 * In `sql`, `{key}` stands for a number that no other request of the run has, `{client}` for the client's number within its
 * population, `{1..500}` for a number drawn from that range. It is one simple-protocol string: a transaction is
 * `begin; …; commit`.
 */
export interface Errand {
  readonly sql: string;
  /** Of all weights together: 3 beside 1 is three requests of four. 1 where nothing is said. */
  readonly weight?: number;
  readonly kind: 'read' | 'write';
}

/**
 * Clients that use a cluster, as data. Each has a session of its own (`shop1`, `shop2`, …; a population of one is called
 * by its name alone), sends a request, waits for the answer, thinks, and sends the next. What they draw comes from the run's
 * seed, a stream for each, so that they need not be recorded.
 */
export interface Population {
  readonly name: string;
  /** Where they are connected first. */
  readonly node: string;
  /**
   * Servers of its connection string that are tried after `node`, in this order, with target_session_attrs = read-write: a client
   * stays where it is connected until it is told that this is over, and then goes to the first that takes writes. Simplified: those
   * that do not answer are passed over at once, and a machine without power is noticed as soon as it is spoken to.
   */
  readonly otherHosts?: readonly string[];
  /** How they look for a server, again after each end of their connection. Behind a proxy stand `node` and `otherHosts`. */
  readonly route?: Route;
  readonly count: number;
  readonly errands: readonly Errand[];
  /** From an answer to the client's next request. */
  readonly thinkTime: Drawn<Duration>;
  /**
   * Requests a second of the whole population, as far as answers come in time: a client that was answered late sends its next
   * request at once. `thinkTime` then counts for nothing.
   */
  readonly ratePerSecond?: number;
  /** When each client sends its first request, since the clients began; one time to think where nothing is said. */
  readonly firstAt?: Drawn<Duration>;
  /** Nothing is sent from then on, since the clients began. */
  readonly until?: Duration;
  /** Nothing is sent while one of these texts, filled as SQL is, is something else: each client then looks again after a while. */
  readonly onlyIf?: readonly { readonly text: string; readonly is: string }[];
  /** How often a request is sent at most: again after 40001, 40P01, or a lost connection. 1 where nothing is said. */
  readonly attempts?: number;
  /** How fast it works when the run begins: 1 as given, 0 not yet. */
  readonly pace?: number;
}

/** How a population stands: plain data for those who look. */
export interface PopulationView {
  readonly name: string;
  readonly node: string;
  /** Their sessions. */
  readonly clients: readonly string[];
  /** 1 as its population says, 2 twice as busy, 0 at rest. */
  readonly pace: number;
  /** Who has a say in its pace. */
  readonly pacedBy: 'anyone' | 'lab';
}

/** Names of a population's clients, which are those of their sessions. */
export const clientNames = ({
  name,
  count,
}: Pick<Population, 'name' | 'count'>): readonly string[] =>
  count === 1 ? [name] : Array.from({ length: count }, (_, i) => `${name}${i + 1}`);

/** The servers of its clients' connection string, in order. */
export const hostsOf = ({
  node,
  otherHosts = [],
  route,
}: Pick<Population, 'node' | 'otherHosts' | 'route'>): readonly string[] =>
  route?.kind === 'hosts' ? route.hosts : [node, ...otherHosts];

/** Why a population makes no sense, in words; null where it does. */
export function whyNoPopulation(population: Population, nodes: readonly string[]): string | null {
  const { name, count, errands, thinkTime, ratePerSecond, attempts = 1, pace = 1 } = population;
  const who = `the clients "${name}"`;
  const stranger = [population.node, ...hostsOf(population)].find((one) => !nodes.includes(one));
  if (stranger !== undefined)
    return `${who} want to use "${stranger}"; the nodes are ${nodes.join(', ')}`;
  if (!Number.isInteger(count) || count < 1) return `${who} are ${count}: expected 1 or more`;
  if (errands.length === 0) return `${who} have nothing to send`;
  if (errands.some(({ weight = 1 }) => !(weight > 0)))
    return `${who} have a weight that is not above 0`;
  if (!(thinkTime[0] >= 0 && thinkTime[0] <= thinkTime[1]))
    return `${who} think from ${thinkTime[0]} to ${thinkTime[1]} µs`;
  if (ratePerSecond !== undefined && !(ratePerSecond > 0))
    return `${who} send ${ratePerSecond} requests a second: expected more than 0`;
  if (!(attempts >= 1)) return `${who} try ${attempts} times: expected 1 or more`;
  return pace >= 0 ? null : `${who} have a pace of ${pace}: expected 0 or more`;
}

/** The first of several that makes no sense, in words; null where all do. */
export const whyNoPopulations = (
  populations: readonly Population[],
  nodes: readonly string[],
): string | null =>
  populations.map((one) => whyNoPopulation(one, nodes)).find((why) => why !== null) ?? null;

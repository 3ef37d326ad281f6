import type { Route } from '../../ha/clients/client.ts';
import type { FoundByClient } from '../../ha/clients/leads-to.ts';
import type { Lsn } from '../../postgres/lsn.ts';
import { after, between, type Duration, type Instant, seconds } from '../../sim/instant.ts';
import type { Prng } from '../../sim/prng.ts';
import type { StatementView, TraceEvent } from '../cluster-view.ts';
import { Connection } from './connection.ts';
import type { Drawn, Errand, Population } from './population.ts';

/** One request of a client, as it is sent. */
export interface Outgoing {
  readonly node: string;
  readonly sql: string;
  readonly kind: 'read' | 'write' | 'rollback';
  /** It is the first of a new connection. */
  readonly connects?: boolean;
  /** The same for every attempt at one request. */
  readonly key: number;
  /** 1 for the first. */
  readonly attempt: number;
}

/** A read that no server was asked for: what it would have returned follows from the WAL that its node has. */
export interface ModelledRead {
  readonly node: string;
  readonly sql: string;
  readonly sentAt: Instant;
  readonly columns: readonly string[];
  readonly row: readonly (string | null)[];
}

/** What a client does when its time has come: it sends a request, or does something by itself and goes on after a while. */
export type Turn =
  | { readonly kind: 'request'; readonly request: Outgoing }
  | {
      readonly kind: 'pause';
      readonly length: Duration;
      /** A read that it has been answered now. */
      readonly read?: ModelledRead;
      /** What there is to tell of it, for the event log. */
      readonly event?: Pick<TraceEvent, 'kind' | 'node' | 'words' | 'facts'>;
    };

/** What a client knows of the world around it. */
export interface ClientWorld extends ClusterFacts {
  /** A key that no request of this run has had. */
  newKey(): number;
  /** Text with the placeholders filled that only the run can fill. */
  fill(sql: string): string;
}

/** What of a cluster its clients may come to know. */
export interface ClusterFacts {
  /** Whether a node takes connections, and its sessions may write. */
  takesWrites(node: string): boolean;
  /** Whether the client has a session on a node, as far as it knows: that one has ended, it is told when it uses it. */
  isConnected(node: string, session: string): boolean;
  /** Whether the client's session on a node is in a transaction block, failed or not. */
  inBlock(node: string, session: string): boolean;
  /** pg_last_wal_replay_lsn() of a standby, pg_current_wal_insert_lsn() of the primary. */
  positionOf(node: string): Lsn;
  /** Where the record ends that committed a transaction; null where none has. */
  commitOf(xid: number): Lsn | null;
  /** The server that a new connection leads to over this route; null: none. */
  leadsTo(route: Route): string | null;
  /** How a client finds a node. */
  found(node: string): FoundByClient;
  /** Whether the client has a session on a node that has not been ended from there. */
  isOpen(node: string, session: string): boolean;
  /** Whether the primary shows it: committed, and no wait for standbys hides it any more. */
  isShown(xid: number): boolean;
}

/** Somebody who uses the cluster: is asked for the next request, and told what became of the last one. */
export interface Client {
  /** Its session, on every node that it speaks to. */
  readonly name: string;
  /** The node that a proxy has led its connection to; null where none has. */
  readonly proxiedTo?: string | null;
  /** Whom it belongs to; null for what is no client that anybody counts. */
  readonly population: string | null;
  /** How long after the beginning it sends its first request. */
  first(): Duration;
  turn(at: Instant, world: ClientWorld): Turn;
  /** It was answered: how long until it sends again. */
  hear(answer: StatementView, world: ClientWorld): Duration;
  /** How long until it sends again after it was let go on, with no answer outstanding. */
  goOn(): Duration;
}

/** Seconds from a range, drawn. */
export const drawSeconds = (random: Prng, [low, high]: readonly [number, number]): number =>
  low + random.fraction() * (high - low);

/** A length of time from a range, drawn. */
export const drawLength = (random: Prng, [low, high]: Drawn<Duration>): Duration =>
  seconds(drawSeconds(random, [low / 1e6, high / 1e6]));

/** SQLSTATEs after which the same transaction may well succeed: serialization_failure and deadlock_detected. */
const WORTH_A_RETRY = ['40001', '40P01'];
const RANGE = /\{(\d+)\.\.(\d+)\}/g;

/** A client of a population: draws what it sends from the population's errands. */
export class MixClient implements Client {
  readonly name: string;
  readonly population: string;
  readonly #of: Population;
  readonly #number: number;
  readonly #random: Prng;
  readonly #connection: Connection;
  #request: Outgoing | null = null;
  #again = false;
  #rollback = false;
  #sentAt: Instant | null = null;

  constructor(population: Population, name: string, number: number, random: Prng) {
    this.name = name;
    this.population = population.name;
    this.#of = population;
    this.#number = number;
    this.#random = random;
    this.#connection = new Connection(population, name);
  }

  get proxiedTo(): string | null {
    return this.#of.route?.kind === 'proxy' ? this.#connection.node : null;
  }

  first(): Duration {
    return drawLength(this.#random, this.#of.firstAt ?? [0 as Duration, this.#period()[1]]);
  }

  goOn(): Duration {
    return drawLength(this.#random, this.#period());
  }

  turn(at: Instant, world: ClientWorld): Turn {
    const { onlyIf = [] } = this.#of;
    const begins = !this.#rollback && !this.#again;
    if (begins && onlyIf.some(({ text, is }) => world.fill(text) !== is))
      return { kind: 'pause', length: this.goOn() };
    const wait = this.#connection.seek(at, world);
    if (wait !== null) return { kind: 'pause', length: wait };
    // A block ended with the connection that it was on.
    if (this.#connection.isNew) this.#rollback = false;
    return { kind: 'request', request: this.#next(at, world) };
  }

  #next(at: Instant, world: ClientWorld): Outgoing {
    const to = this.#connection.use();
    if (this.#rollback) return { ...to, sql: 'rollback', kind: 'rollback', key: 0, attempt: 1 };
    this.#sentAt = at;
    const before = this.#again ? this.#request : null;
    this.#request = before
      ? { ...before, ...to, attempt: before.attempt + 1 }
      : { ...to, ...this.#newRequest(world) };
    return this.#request;
  }

  hear({ state, error, sentAt, answeredAt }: StatementView, world: ClientWorld): Duration {
    const { attempts = 1 } = this.#of;
    this.#connection.hear(state, error);
    if (this.#rollback) this.#rollback = false;
    else {
      const retried = state === 'lost' || WORTH_A_RETRY.includes(error?.sqlstate ?? '');
      this.#again = retried && (this.#request?.attempt ?? 1) < attempts;
      this.#rollback = state === 'error' && this.#connection.isInBlock(world);
      if (this.#rollback) return 0 as Duration;
    }
    const pause = drawLength(this.#random, this.#period());
    if (this.#of.ratePerSecond === undefined) return pause;
    const due = after(this.#sentAt ?? sentAt, pause);
    return Math.max(0, between(answeredAt ?? due, due)) as Duration;
  }

  #newRequest(world: ClientWorld): Omit<Outgoing, 'node' | 'connects'> {
    const key = world.newKey();
    const { sql, kind } = this.#draw();
    const asked = world
      .fill(sql)
      .replaceAll('{key}', String(key))
      .replaceAll('{client}', String(this.#number))
      .replaceAll(RANGE, (_, low: string, high: string) =>
        String(this.#random.between(Number(low), Number(high))),
      );
    return { sql: asked, kind, key, attempt: 1 };
  }

  /** Nothing is drawn where there is nothing to choose. */
  #draw(): Errand {
    const { errands } = this.#of;
    const weights = errands.map(({ weight = 1 }) => weight);
    let left =
      errands.length > 1 ? this.#random.fraction() * weights.reduce((sum, one) => sum + one, 0) : 0;
    const index = weights.findIndex((weight) => {
      left -= weight;
      return left < 0;
    });
    return errands[index] ?? (errands.at(-1) as Errand);
  }

  /** From one request to the next, or from an answer to it: half as long to half as long again as the rate says. */
  #period(): Drawn<Duration> {
    const { ratePerSecond, count, thinkTime } = this.#of;
    if (ratePerSecond === undefined) return thinkTime;
    const mean = count / ratePerSecond;
    return [seconds(mean * 0.5), seconds(mean * 1.5)];
  }
}

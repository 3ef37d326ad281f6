import { PATIENCE, RECONNECT } from '../../ha/clients/client.ts';
import { after, type Duration, type Instant, seconds } from '../../sim/instant.ts';
import type { StatementView } from '../cluster-view.ts';
import type { ClusterFacts, Outgoing } from './client.ts';
import { hostsOf, type Population } from './population.ts';

/** cannot execute … in a read-only transaction: this server is no primary any more. */
const READ_ONLY = '25006';

/** After which none of several servers took a connection: when the next try is. */
const TRY_AGAIN = seconds(1);

/**
 * A client's connection. Without a route it is to one of the servers of its connection string; with one, it is looked for again
 * after each end. Simplified: over a route no request is sent into silence, the client waits as long as it would wait for an
 * answer, and looks for another server.
 */
export class Connection {
  readonly #of: Pick<Population, 'node' | 'otherHosts' | 'route'>;
  readonly #session: string;
  #node: string | null;
  #isNew = false;
  /** Its server has refused a write: it leaves once it has nothing more to say there. */
  #leaves = false;
  /** When it gives up a server that says nothing. */
  #givesUpAt: Instant | null = null;

  constructor(of: Pick<Population, 'node' | 'otherHosts' | 'route'>, session: string) {
    this.#of = of;
    this.#session = session;
    this.#node = of.route === undefined ? of.node : null;
  }

  get node(): string | null {
    return this.#node;
  }

  /** Nothing has been sent over it yet. */
  get isNew(): boolean {
    return this.#isNew;
  }

  /** Makes sure of a server to send to: null, or how long it waits before it looks again. */
  seek(at: Instant, world: ClusterFacts): Duration | null {
    const { route } = this.#of;
    if (route === undefined) return this.#isServed(world) ? null : TRY_AGAIN;
    if (this.#leaves) this.#leave();
    if (this.#node !== null) {
      const found = world.found(this.#node);
      if (found === 'silent') return this.#meetSilence(at);
      this.#givesUpAt = null;
      if (found !== 'closed' && (this.#isNew || world.isConnected(this.#node, this.#session)))
        return null;
      this.#leave();
      return RECONNECT;
    }
    this.#node = world.leadsTo(route);
    this.#isNew = true;
    return this.#node === null ? RECONNECT : null;
  }

  /** With several servers in its connection string: whether it stays connected, or one of them takes its writes. */
  #isServed(world: ClusterFacts): boolean {
    const hosts = hostsOf(this.#of);
    const node = this.#node ?? this.#of.node;
    if (hosts.length === 1 || world.isConnected(node, this.#session)) return true;
    const host = hosts.find((one) => world.takesWrites(one));
    this.#node = host ?? node;
    return host !== undefined;
  }

  /** Where a request goes that is sent now. */
  use(): Pick<Outgoing, 'node' | 'connects'> {
    const connects = this.#isNew;
    this.#isNew = false;
    return { node: this.#node ?? this.#of.node, connects };
  }

  hear(state: StatementView['state'], error: StatementView['error']): void {
    if (this.#of.route === undefined) return;
    if (state === 'lost') this.#leave();
    else if (error?.sqlstate === READ_ONLY) this.#leaves = true;
  }

  /** Whether an error has left it in a block that it has to end. */
  isInBlock(world: ClusterFacts): boolean {
    const waits = world.inBlock(this.#node ?? this.#of.node, this.#session);
    if (waits && this.#leaves) {
      // Its block goes with the connection.
      this.#leave();
      return false;
    }
    return waits;
  }

  #meetSilence(at: Instant): Duration {
    if (this.#givesUpAt !== null && at >= this.#givesUpAt) {
      this.#leave();
      return RECONNECT;
    }
    this.#givesUpAt ??= after(at, PATIENCE);
    return PATIENCE;
  }

  #leave(): void {
    this.#node = null;
    this.#leaves = false;
    this.#givesUpAt = null;
  }
}

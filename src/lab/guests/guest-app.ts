import type { ClientWorld } from '../../cluster/workload/client.ts';
import type { GuestRead } from '../../grading/guest-read.ts';
import { formatLsn, type Lsn } from '../../postgres/lsn.ts';
import type { Router } from '../../routing/compile-router.ts';
import type { RouterGuest, RouterNode, RoutingDecision } from '../../routing/router.ts';
import { type Instant, START } from '../../sim/instant.ts';

/** When the app takes a token of a guest's write, and how. */
export const TOKENS = ['none', 'before', 'insert', 'flush'] as const;
export type TokenChoice = (typeof TOKENS)[number];

/** An order that a guest has placed. */
interface Order {
  readonly key: number;
  readonly guest: string;
  readonly xid: number;
}

/**
 * The application that guests use: it knows its standbys from asking them now and then, and asks the learner's router for
 * each read. All guests of a run share one.
 */
export class GuestApp {
  readonly primary: string;
  readonly standbys: readonly string[];
  readonly reads: GuestRead[] = [];
  /** The learner's; before she has given one, the lab's own start. */
  router: Router | null = null;
  readonly #token: () => string;
  readonly #orders: Order[] = [];
  readonly #known = new Map<string, { readonly position: Lsn; readonly at: Instant }>();

  constructor(primary: string, standbys: readonly string[], token: () => string) {
    this.primary = primary;
    this.standbys = standbys;
    this.#token = token;
  }

  get token(): TokenChoice {
    return TOKENS.find((one) => one === this.#token()) ?? 'none';
  }

  /** Asks a standby how far it has replayed. */
  ask(standby: string, at: Instant, world: ClientWorld): void {
    this.#known.set(standby, { position: world.positionOf(standby), at });
  }

  placed(order: Order): void {
    this.#orders.push(order);
  }

  knownOf(node: string): string | null {
    const known = this.#known.get(node);
    return known ? formatLsn(known.position) : null;
  }

  /** Where a guest's read goes. A router that gives no decision sends it to the primary, and why is told. */
  route(
    guest: RouterGuest,
    now: Instant,
  ): { readonly decision: RoutingDecision; readonly fault: string | null } {
    const toPrimary = (fault: string | null) => ({ decision: { node: this.primary }, fault });
    if (this.router === null) return toPrimary('there is no router yet');
    try {
      const said = this.router.decide(guest, this.#nodes(now));
      return 'refused' in said ? toPrimary(said.refused) : { decision: said, fault: null };
    } catch (error) {
      return toPrimary((error as Error).message);
    }
  }

  #nodes(now: Instant): readonly RouterNode[] {
    return [
      { name: this.primary, primary: true, replayed: null, askedMsAgo: 0 },
      ...this.standbys.map((name) => ({
        name,
        primary: false,
        replayed: this.knownOf(name),
        askedMsAgo: (now - (this.#known.get(name)?.at ?? START)) / 1_000,
      })),
    ];
  }

  /** What a node shows: on the primary all that is shown there, on a standby all whose commits it has replayed. */
  shownAt(node: string, world: ClientWorld): readonly Order[] {
    if (node === this.primary) return this.#orders.filter(({ xid }) => world.isShown(xid));
    const position = world.positionOf(node);
    return this.#orders.filter(({ xid }) => {
      const commit = world.commitOf(xid);
      return commit !== null && commit <= position;
    });
  }
}

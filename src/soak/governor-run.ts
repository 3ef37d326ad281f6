import type { Route } from '../ha/clients/client.ts';
import type { DynamicConfiguration, LocalConfiguration } from '../ha/configuration.ts';
import { DEFAULT_PROXY } from '../ha/ha-port.ts';
import type { PatroniYml } from '../ha/patroni-yml/patroni-yml.ts';
import { Play } from '../ha/play/play.ts';
import { after, type Instant, ms, seconds } from '../sim/instant.ts';
import { type Cast, type GovernorSchedule, withCast } from './governor-schedule.ts';
import type { Befallen, ScheduledRun } from './scheduled-run.ts';

/** The configuration of a governed cluster, as patroni.yml files give it. */
export interface GovernorPlan {
  readonly dynamic: DynamicConfiguration;
  /** By node: `node1`, `node2`, `node3`. */
  readonly local: Readonly<Record<string, LocalConfiguration>>;
  /** How clients find the server that takes writes. */
  readonly route: Route;
}

export const GOVERNED_NODES = ['node1', 'node2', 'node3'] as const;

/** One file on all nodes. */
export const planOf = ({ dynamic, local }: PatroniYml, route: Route): GovernorPlan => ({
  dynamic,
  route,
  local: Object.fromEntries(GOVERNED_NODES.map((node) => [node, local])),
});

/** Who uses the cluster, beside a writer at each node that keeps its connection. */
const CLIENTS = ['app', 'till'];

/** The end of a run: long enough after the last healing for a key to expire and a node to be promoted. */
const REST = seconds(75);

/** A configuration under a schedule of troubles, on the kernel alone. */
export class GovernorRun implements ScheduledRun {
  readonly play: Play;
  readonly befallen: Befallen[] = [];
  readonly end: Instant;
  readonly #seed: number;
  readonly #schedule: GovernorSchedule;
  readonly #casts = new Map<number, Cast>();
  #done = 0;

  constructor(plan: GovernorPlan, seed: number, schedule: GovernorSchedule) {
    const { withoutWatchdog, healedAt } = schedule;
    this.#seed = seed;
    this.#schedule = schedule;
    this.end = after(healedAt, REST);
    this.play = new Play(
      {
        scope: 'cafe',
        ...plan,
        dcsMembers: ['etcd1', 'etcd2', 'etcd3'],
        withoutWatchdog: withoutWatchdog === null ? [] : [withoutWatchdog],
        proxy: DEFAULT_PROXY,
      },
      GOVERNED_NODES,
      seed,
      CLIENTS.map((name) => ({ name, route: plan.route, thinks: ms(200) })),
    );
  }

  runUntil(instant: Instant): void {
    for (;;) {
      const fault = this.#schedule.faults[this.#done];
      if (fault === undefined || fault.at > instant) break;
      this.#done += 1;
      this.play.runUntil(fault.at);
      const cast = this.#casts.get(fault.trouble) ?? this.#castNow();
      this.#casts.set(fault.trouble, cast);
      const action = withCast(fault.action, cast);
      this.play.act(action);
      this.befallen.push({ at: fault.at, action, byScript: false });
    }
    this.play.runUntil(instant);
  }

  /** The leader of the moment, or the first node where there is none, and the two others in an order that the seed gives. */
  #castNow(): Cast {
    const leader = this.play.governor.dcs.keys.leader?.value ?? GOVERNED_NODES[0];
    const others = GOVERNED_NODES.filter((name) => name !== leader);
    const [standby = '', other = ''] = this.#seed % 2 === 0 ? others : [...others].reverse();
    return { leader, standby, other };
  }
}

import type { Since } from '../ha/chronicle.ts';
import type { Route } from '../ha/clients/client.ts';
import type { Call } from '../ha/clients/clients.ts';
import type { DynamicConfiguration, LocalConfiguration } from '../ha/configuration.ts';
import { DEFAULT_PROXY } from '../ha/ha-port.ts';
import type { PatroniYml } from '../ha/patroni-yml/patroni-yml.ts';
import { Play, type PlayHistory } from '../ha/play/play.ts';
import { after, between, type Duration, type Instant, ms, seconds, toMs } from '../sim/instant.ts';
import {
  type Cast,
  type GovernorSchedule,
  governorSchedule,
  withCast,
} from './governor-schedule.ts';
import type { Broken } from './invariants.ts';

/** The configuration of a governed cluster, as patroni.yml files give it. */
export interface GovernorPlan {
  readonly dynamic: DynamicConfiguration;
  /** By node: `node1`, `node2`, `node3`. */
  readonly local: Readonly<Record<string, LocalConfiguration>>;
  /** How clients find the server that takes writes. */
  readonly route: Route;
}

/** What came of one schedule. */
export interface GovernorProof {
  readonly seed: number;
  readonly schedule: GovernorSchedule;
  readonly history: PlayHistory;
  /** Promises that were broken, in order of time. */
  readonly broken: readonly Broken[];
  /** The longest time from the first fault on in which no client was told that a write is done. */
  readonly silence: Duration;
}

/** One file on all nodes. */
export const planOf = ({ dynamic, local }: PatroniYml, route: Route): GovernorPlan => ({
  dynamic,
  route,
  local: Object.fromEntries(GOVERNED_NODES.map((node) => [node, local])),
});

export const GOVERNED_NODES = ['node1', 'node2', 'node3'] as const;

/** Who uses the cluster, beside a writer at each node that keeps its connection. */
const CLIENTS = ['app', 'till'];

/** The end of a run: long enough after the last healing for a key to expire and a node to be promoted. */
const REST = seconds(75);

/** In the time that this takes writes must be acknowledged again: ttl + 2 · loop_wait + 10 s. */
export const writesBackWithin = ({ ttl, loopWait }: DynamicConfiguration): Duration =>
  (ttl + 2 * loopWait + seconds(10)) as Duration;

/** Tries a configuration on the schedule of a seed, on the kernel alone. */
export function proveGovernor(
  plan: GovernorPlan,
  seed: number,
  schedule: GovernorSchedule = governorSchedule(seed),
): GovernorProof {
  const { withoutWatchdog, firstAt, healedAt, isSingle, faults } = schedule;
  const play = new Play(
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
  const casts = new Map<number, Cast>();
  for (const { at, trouble, action } of faults) {
    play.runUntil(at);
    const cast = casts.get(trouble) ?? castNow(play, seed);
    casts.set(trouble, cast);
    play.act(withCast(action, cast));
  }
  const until = after(healedAt, REST);
  play.runUntil(until);
  const { history } = play;
  const bound = writesBackWithin(plan.dynamic);
  const silence = longestSilence(play.calls, firstAt, until);
  const broken = [
    ...twoPrimaries(history, until),
    ...lost(play),
    ...late(isSingle, silence, bound, firstAt),
  ].sort((one, other) => one.at - other.at);
  return { seed, schedule, history, broken, silence };
}

/** The leader of the moment, or the first node where there is none, and the two others in an order that the seed gives. */
function castNow(play: Play, seed: number): Cast {
  const leader = play.governor.dcs.keys.leader?.value ?? GOVERNED_NODES[0];
  const others = GOVERNED_NODES.filter((name) => name !== leader);
  const [standby = '', other = ''] = seed % 2 === 0 ? others : [...others].reverse();
  return { leader, standby, other };
}

interface Reign {
  readonly node: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** When each node's server took writes, whether or not a client was told of one. */
function reigns({ found }: PlayHistory, until: Instant): readonly Reign[] {
  return Object.entries(found).flatMap(([node, all]) =>
    all.flatMap(({ at, is }: Since<string>, index) =>
      is === 'primary' || is === 'waiting'
        ? [{ node, from: at, to: all[index + 1]?.at ?? until }]
        : [],
    ),
  );
}

/** The longest time in which two servers took writes. */
export function twoPrimaries(history: PlayHistory, until: Instant): readonly Broken[] {
  const all = reigns(history, until);
  const overlaps = all.flatMap((one, index) =>
    all.slice(index + 1).flatMap((other) => {
      const from = Math.max(one.from, other.from) as Instant;
      const to = Math.min(one.to, other.to) as Instant;
      return one.node !== other.node && to > from
        ? [{ from, to, nodes: [one.node, other.node] }]
        : [];
    }),
  );
  const [longest] = overlaps.sort((one, other) => other.to - other.from - (one.to - one.from));
  return longest
    ? [
        {
          invariant: 'one primary',
          at: longest.from,
          words: `${longest.nodes.join(' and ')} both took writes for ${inSeconds(between(longest.from, longest.to))}.`,
        },
      ]
    : [];
}

function lost(play: Play): readonly Broken[] {
  const [first, ...others] = play.lost;
  return first
    ? [
        {
          invariant: 'nothing lost',
          at: first.at,
          words: `${others.length + 1} writes that ${first.node} had acknowledged on timeline ${first.timeline} are gone in the end.`,
        },
      ]
    : [];
}

function late(
  isSingle: boolean,
  silence: Duration,
  bound: Duration,
  at: Instant,
): readonly Broken[] {
  if (!isSingle || silence <= bound) return [];
  return [
    {
      invariant: 'a leader again',
      at,
      words: `No client was told that a write is done for ${inSeconds(silence)} after one fault; it may be ${inSeconds(bound)}.`,
    },
  ];
}

function longestSilence(calls: readonly Call[], from: Instant, until: Instant): Duration {
  const told = calls
    .flatMap(({ outcome, endedAt }) => (outcome === 'ok' && endedAt !== null ? [endedAt] : []))
    .filter((at) => at >= from)
    .sort((one, other) => one - other);
  let longest = 0;
  let before: number = from;
  for (const at of [...told, until]) {
    longest = Math.max(longest, at - before);
    before = at;
  }
  return longest as Duration;
}

const inSeconds = (length: Duration): string => `${(toMs(length) / 1000).toFixed(1)} s`;

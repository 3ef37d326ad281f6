import type { Since } from '../ha/chronicle.ts';
import type { DynamicConfiguration } from '../ha/configuration.ts';
import type { Play, PlayHistory } from '../ha/play/play.ts';
import { after, between, type Duration, type Instant, seconds, toMs } from '../sim/instant.ts';
import { type GovernorPlan, GovernorRun } from './governor-run.ts';
import { type GovernorSchedule, governorSchedule } from './governor-schedule.ts';
import type { Broken } from './invariants.ts';
import type { Befallen } from './scheduled-run.ts';
import { longestSilence, type Silence } from './silence.ts';

/** What came of one schedule. */
export interface GovernorProof {
  readonly seed: number;
  readonly schedule: GovernorSchedule;
  readonly history: PlayHistory;
  /** What befell whom. */
  readonly befallen: readonly Befallen[];
  /** Promises that were broken, in order of time. */
  readonly broken: readonly Broken[];
  /** The longest time from the first fault on in which no client was told that a write is done. */
  readonly silence: Silence;
}

/** In the time that this takes writes must be acknowledged again: ttl + 2 · loop_wait + 10 s. */
export const writesBackWithin = ({ ttl, loopWait }: DynamicConfiguration): Duration =>
  (ttl + 2 * loopWait + seconds(10)) as Duration;

/** Tries a configuration on the schedule of a seed, on the kernel alone. */
export function proveGovernor(
  plan: GovernorPlan,
  seed: number,
  schedule: GovernorSchedule = governorSchedule(seed),
): GovernorProof {
  const run = new GovernorRun(plan, seed, schedule);
  run.runUntil(run.end);
  const { play, end, befallen } = run;
  const { history } = play;
  const told = play.calls
    .flatMap(({ outcome, endedAt }) => (outcome === 'ok' && endedAt !== null ? [endedAt] : []))
    .sort((one, other) => one - other);
  const silence = longestSilence(told, schedule.firstAt, end);
  const broken = [
    ...twoPrimaries(history, end),
    ...lost(play),
    ...late(schedule.isSingle, silence, writesBackWithin(plan.dynamic)),
  ].sort((one, other) => one.at - other.at);
  return { seed, schedule, history, befallen, broken, silence };
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

function late(isSingle: boolean, { from, length }: Silence, bound: Duration): readonly Broken[] {
  if (!isSingle || length <= bound) return [];
  return [
    {
      invariant: 'a leader again',
      at: after(from, bound),
      words: `No client was told that a write is done for ${inSeconds(length)} after one fault; it may be ${inSeconds(bound)}.`,
    },
  ];
}

const inSeconds = (length: Duration): string => `${(toMs(length) / 1000).toFixed(1)} s`;

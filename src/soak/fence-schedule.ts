import type { PlayAction } from '../ha/play/play.ts';
import { after, type Instant, START, seconds } from '../sim/instant.ts';
import { Prng } from '../sim/prng.ts';

/** What befalls a governed cluster in an incident as that of chapter 10. `leader` stands for whoever leads at that moment. */
export interface FenceSchedule {
  readonly words: string;
  readonly faults: readonly { readonly at: Instant; readonly action: PlayAction }[];
  /** A machine that was made anew, and whose kernel has no watchdog device. */
  readonly withoutWatchdog: string | null;
  /** When Patroni stops working on the leader. */
  readonly firstAt: Instant;
  readonly healedAt: Instant;
}

export const LEADER = 'leader';

const NODES = ['node1', 'node2', 'node3'] as const;
const MOVED = 30;
const STARTED_AGAIN = 85;

const at = (second: number): Instant => after(START, seconds(second));

/** The incident itself: node1's Patroni stands still for two minutes, long enough for 90 seconds of two primaries. */
const INCIDENT: FenceSchedule = {
  words: 'the incident: the Patroni of node1 stands still for two minutes',
  faults: [
    { at: at(60), action: { kind: 'freezePatroni', node: LEADER } },
    { at: at(172.3), action: { kind: 'thawPatroni', node: LEADER } },
  ],
  withoutWatchdog: null,
  firstAt: at(60),
  healedAt: at(172.3),
};

/** The incident is number 0; all others are like it, and drawn by their number. */
export function fenceSchedule(number: number): FenceSchedule {
  if (number === 0) return INCIDENT;
  const random = Prng.seeded(number).fork('fence');
  const begins = random.between(1200, 1350) / 10;
  const ends = begins + random.between(1500, 2200) / 10;
  const killed = random.chance(0.4);
  const moved = random.chance(0.5);
  const withoutWatchdog = random.chance(0.4) ? random.pick(NODES) : null;
  const faults: FenceSchedule['faults'][number][] = [];
  if (moved)
    faults.push(
      { at: at(MOVED), action: { kind: 'switchover', leader: LEADER, candidate: null } },
      // A machine that a script has stopped then is started again by its owner.
      ...NODES.map((node) => ({
        at: at(STARTED_AGAIN),
        action: { kind: 'powerOn', node } as const,
      })),
    );
  faults.push(
    { at: at(begins), action: { kind: killed ? 'killPatroni' : 'freezePatroni', node: LEADER } },
    { at: at(ends), action: { kind: killed ? 'startPatroni' : 'thawPatroni', node: LEADER } },
  );
  const words = [
    ...(moved ? ['a switchover in the afternoon, then'] : []),
    `Patroni on the leader ${killed ? 'is killed' : 'stands still'}`,
    ...(withoutWatchdog === null ? [] : [`while ${withoutWatchdog} has no watchdog device`]),
  ];
  return {
    words: words.join(' '),
    faults,
    withoutWatchdog,
    firstAt: at(begins),
    healedAt: at(ends),
  };
}

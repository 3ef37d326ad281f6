import type { PlayAction } from '../ha/play/play.ts';
import { after, type Instant, START, seconds } from '../sim/instant.ts';
import { Prng } from '../sim/prng.ts';

/**
 * Something that befalls a governed cluster at an instant. In the place of nodes' names stand parts: `leader` is who leads when
 * the trouble begins, `standby` and `other` are the two others.
 */
export interface PlannedFault {
  readonly at: Instant;
  /** Of which trouble of the schedule it is: one cast of parts each. */
  readonly trouble: number;
  readonly action: PlayAction;
}

/** Who plays which part of a trouble. */
export type Cast = Readonly<Record<'leader' | 'standby' | 'other', string>>;

/** The action with its parts cast. */
export function withCast(action: PlayAction, cast: Cast): PlayAction {
  const named = Object.entries(action).map(([field, value]) => [
    field,
    ['node', 'a', 'b', 'leader', 'candidate'].includes(field) && typeof value === 'string'
      ? (cast[value as keyof Cast] ?? value)
      : value,
  ]);
  return Object.fromEntries(named) as PlayAction;
}

export interface GovernorSchedule {
  /** In words, for whoever looks at the run. */
  readonly words: readonly string[];
  readonly faults: readonly PlannedFault[];
  /** The node without a working watchdog device; null: each has one. */
  readonly withoutWatchdog: string | null;
  /**
   * Whether it is one trouble, which leaves the DCS a majority: then writes must be back within the bound. A missing watchdog is
   * a trouble, too: a node that must have one cannot take over, and its vote does not count.
   */
  readonly isSingle: boolean;
  readonly firstAt: Instant;
  /** Everything is healed by then. */
  readonly healedAt: Instant;
}

interface Trouble {
  readonly words: string;
  readonly starts: readonly PlayAction[];
  readonly ends: readonly PlayAction[];
  /** How long before the next thing of the same trouble. */
  readonly later?: { readonly after: number; readonly starts: readonly PlayAction[] };
  readonly keepsMajority: boolean;
  /** Whether it may come together with another. */
  readonly mayMeet: boolean;
}

const NODES = ['node1', 'node2', 'node3'] as const;
const MEMBERS = ['etcd1', 'etcd2', 'etcd3'] as const;

/** When troubles begin: the governing has come to rest. */
const FROM = 45;
const UNTIL = 75;
const LONGEST = 60;

/** The schedule of a seed. */
export function governorSchedule(seed: number): GovernorSchedule {
  const random = Prng.seeded(seed).fork('governor');
  const first = draw(random);
  const second = draw(random);
  // A switchover whose leader dies half-way goes to its candidate unasked: that is a story of its own.
  const both = random.chance(0.3) && first.mayMeet && second.mayMeet;
  const troubles = both ? [first, second] : [first];
  const withoutWatchdog = random.chance(0.5) ? random.pick([...NODES, 'node1']) : null;
  const faults: PlannedFault[] = [];
  const ends: number[] = [];
  const starts: number[] = [];
  for (const [trouble, { starts: actions, ends: remedies, later }] of troubles.entries()) {
    const at = random.between(FROM * 10, UNTIL * 10) / 10;
    const end = at + random.between(200, LONGEST * 10) / 10;
    starts.push(at);
    ends.push(end);
    const plan = (second: number, planned: readonly PlayAction[]) =>
      planned.map((action) => ({ at: instantOf(second), trouble, action }));
    faults.push(...plan(at, actions), ...plan(end, remedies));
    if (later) faults.push(...plan(at + later.after, later.starts));
  }
  return {
    words: troubles.map(({ words }) => words),
    faults: faults.sort((one, other) => one.at - other.at),
    withoutWatchdog: withoutWatchdog,
    isSingle:
      !both && withoutWatchdog === null && troubles.every(({ keepsMajority }) => keepsMajority),
    firstAt: instantOf(Math.min(...starts)),
    healedAt: instantOf(Math.max(...ends)),
  };
}

const instantOf = (second: number): Instant => after(START, seconds(second));

function draw(random: Prng): Trouble {
  const [leader, standby, other] = ['leader', 'standby', 'other'] as const;
  const member = random.pick(MEMBERS);
  const lag = random.between(5, 25);
  const troubles: readonly Omit<Trouble, 'mayMeet'>[] = [
    {
      words: 'the leader’s machine loses its power',
      starts: [{ kind: 'powerOff', node: leader }],
      ends: [{ kind: 'powerOn', node: leader }],
      keepsMajority: true,
    },
    {
      words: 'PostgreSQL on the leader is killed',
      starts: [{ kind: 'killPostgres', node: leader }],
      ends: [],
      keepsMajority: true,
    },
    {
      words: 'Patroni on the leader is frozen',
      starts: [{ kind: 'freezePatroni', node: leader }],
      ends: [{ kind: 'thawPatroni', node: leader }],
      keepsMajority: true,
    },
    {
      words: 'Patroni on the leader is killed',
      starts: [{ kind: 'killPatroni', node: leader }],
      ends: [{ kind: 'startPatroni', node: leader }],
      keepsMajority: true,
    },
    {
      words: 'the leader is cut off from the DCS',
      starts: [{ kind: 'cutFromDcs', node: leader }],
      ends: [{ kind: 'healToDcs', node: leader }],
      keepsMajority: true,
    },
    {
      words: 'the leader is cut off from everybody',
      starts: [{ kind: 'isolate', node: leader }],
      ends: [{ kind: 'rejoin', node: leader }],
      keepsMajority: true,
    },
    {
      words: `${member} stops`,
      starts: [{ kind: 'stopDcs', member }],
      ends: [{ kind: 'startDcs', member }],
      keepsMajority: true,
    },
    {
      words: 'two members of the DCS stop',
      starts: [
        { kind: 'stopDcs', member: 'etcd1' },
        { kind: 'stopDcs', member: 'etcd2' },
      ],
      ends: [
        { kind: 'startDcs', member: 'etcd1' },
        { kind: 'startDcs', member: 'etcd2' },
      ],
      keepsMajority: false,
    },
    {
      words: 'a standby’s machine loses its power',
      starts: [{ kind: 'powerOff', node: standby }],
      ends: [{ kind: 'powerOn', node: standby }],
      keepsMajority: true,
    },
    {
      words: `both standbys receive nothing for ${lag} s, then the leader’s machine loses its power`,
      starts: [
        { kind: 'freezeWalreceiver', node: standby },
        { kind: 'freezeWalreceiver', node: other },
      ],
      later: {
        after: lag,
        starts: [
          { kind: 'powerOff', node: leader },
          { kind: 'thawWalreceiver', node: standby },
          { kind: 'thawWalreceiver', node: other },
        ],
      },
      ends: [{ kind: 'powerOn', node: leader }],
      // Nobody may be confirmed to have everything: then waiting for the old leader is right.
      keepsMajority: false,
    },
    {
      words: `a standby receives nothing for ${lag} s, then the leader and the other standby lose their power`,
      starts: [{ kind: 'freezeWalreceiver', node: standby }],
      later: {
        after: lag,
        starts: [
          { kind: 'powerOff', node: leader },
          { kind: 'powerOff', node: other },
          { kind: 'thawWalreceiver', node: standby },
        ],
      },
      ends: [
        { kind: 'powerOn', node: leader },
        { kind: 'powerOn', node: other },
      ],
      keepsMajority: false,
    },
    {
      words: 'a switchover to a standby',
      starts: [{ kind: 'switchover', leader, candidate: standby }],
      ends: [],
      keepsMajority: true,
    },
  ];
  const trouble = random.pick(troubles);
  return { ...trouble, mayMeet: !trouble.words.startsWith('a switchover') };
}

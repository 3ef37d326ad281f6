import { FSYNC_TIME, LINK_DELAY } from '../postgres/replication-state.ts';
import { type Duration, ms, seconds } from '../sim/instant.ts';
import { Prng } from '../sim/prng.ts';
import { FAR_TILL, STANDBYS } from './cafe.ts';
import type { FaultPlan, Trouble } from './fault-plan.ts';

/** Kinds of trouble that a person may ask for. */
export const TROUBLE_KINDS = ['cut', 'freeze', 'replay', 'disk', 'delay', 'kill'] as const;
export type TroubleKind = (typeof TROUBLE_KINDS)[number];

/** What a person asks the lot for. */
export interface ChaosWish {
  readonly seed: number;
  readonly kinds: readonly TroubleKind[];
  /** How many troubles are drawn; those that would meet another of the same thing are left out. */
  readonly count: number;
  /** Whether a standby is promoted meanwhile, and nobody stops the primary. */
  readonly takeover: boolean;
  /** Who burns in the end; nobody where it is empty. */
  readonly burns: readonly string[];
}

const FIRST = seconds(1);
const LAST = seconds(11);
const LASTS = seconds(12);
const TAKEOVER = seconds(8);
const SHORTEST = seconds(0.5);
const LONGEST = seconds(5);

type Draw = (standby: string, node: string) => Omit<Trouble, 'from' | 'to'>;

const DRAWS: Readonly<Record<TroubleKind, Draw>> = {
  cut: (b) => ({
    name: `the cable to ${b} is cut`,
    starts: [{ kind: 'cut', a: 'primary', b }],
    ends: [{ kind: 'heal', a: 'primary', b }],
  }),
  freeze: (node) => process(node, 'walreceiver'),
  replay: (node) => process(node, 'startup'),
  disk: (_, node) => ({
    name: `the disk of ${node} is slow`,
    starts: [{ kind: 'fsync', node, time: ms(400) }],
    ends: [{ kind: 'fsync', node, time: FSYNC_TIME }],
  }),
  delay: (b) => ({
    name: `the cable to ${b} takes 300 ms`,
    starts: [{ kind: 'delay', a: 'primary', b, delay: ms(300) }],
    ends: [
      {
        kind: 'delay',
        a: 'primary',
        b,
        delay: b === 'standby3' ? ms(40) : LINK_DELAY,
      },
    ],
  }),
  kill: (node) => ({
    name: `${node} is killed`,
    starts: [{ kind: 'kill', node }],
    ends: [{ kind: 'start', node }],
  }),
};

const process = (node: string, which: 'walreceiver' | 'startup') => ({
  name: `the ${which} of ${node} is frozen`,
  starts: [{ kind: 'freeze', node, process: which } as const],
  ends: [{ kind: 'thaw', node, process: which } as const],
});

/** Draws a schedule. The same wish is the same schedule. Some troubles last to the end: a disaster does not wait for a good moment. */
export function chaosPlan({ seed, kinds, count, takeover, burns }: ChaosWish): FaultPlan {
  const random = Prng.seeded(seed).fork('troubles');
  const troubles: Trouble[] = [];
  for (let i = 0; i < count && kinds.length > 0; i++) {
    const drawn = DRAWS[random.pick(kinds)](
      random.pick(STANDBYS),
      random.pick(['primary', ...STANDBYS]),
    );
    const from = random.between(FIRST, LAST) as Duration;
    const length = random.between(SHORTEST, LONGEST);
    const lasting = random.chance(0.4) || from + length > LAST;
    const to = lasting ? null : ((from + length) as Duration);
    const trouble = { ...drawn, from, to };
    if (!troubles.some((other) => meets(trouble, other))) troubles.push(trouble);
  }
  return {
    troubles: troubles.toSorted((one, other) => one.from - other.from),
    takeover: takeover ? { at: TAKEOVER, node: FAR_TILL } : null,
    failoverAt: burns.length === 0 ? null : LASTS,
    burns,
    lasts: LASTS,
  };
}

const meets = (one: Trouble, other: Trouble): boolean =>
  one.name === other.name && one.from <= (other.to ?? LASTS) && other.from <= (one.to ?? LASTS);

/** A trouble in words, with its times since the clients came. */
export const troubleInWords = ({ name, from, to }: Trouble): string =>
  `${inSeconds(from)} to ${to === null ? 'the end' : inSeconds(to)}: ${name}`;

const inSeconds = (length: Duration): string => `${(length / 1e6).toFixed(1)} s`;

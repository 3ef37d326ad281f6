import type { Action, ClusterSpec } from '../cluster/action.ts';
import { type Instant, ms, seconds } from '../sim/instant.ts';
import { Prng } from '../sim/prng.ts';

/** Something that is done to the cluster, this long after the run's start. */
export interface Planned {
  readonly at: Instant;
  readonly action: Action;
}

/** A run of the soak: a cluster, what its clients write at which level, and what befalls it meanwhile. All from the seed. */
export interface SoakPlan {
  readonly spec: ClusterSpec;
  readonly faults: readonly Planned[];
  readonly writes: readonly { readonly at: Instant; readonly id: number; readonly level: string }[];
}

const NAMES = [
  '',
  'standby1',
  'standby1, standby2',
  'FIRST 2 (standby1, standby2)',
  'ANY 1 (standby1, standby2)',
  'ANY 2 (standby1, standby2)',
  '*',
] as const;

const LEVELS = ['off', 'local', 'remote_write', 'on', 'remote_apply'] as const;

const NODES = ['primary', 'standby1', 'standby2'] as const;
const STANDBYS = ['standby1', 'standby2'] as const;

/** How long faults and writes go on; after that everything heals. */
const TROUBLE = seconds(8);
const WRITES = 24;
const FAULTS = 8;

export function soakPlan(seed: number): SoakPlan {
  const random = Prng.seeded(seed);
  const pick = <T>(stream: Prng, items: readonly T[]): T => items[stream.below(items.length)] as T;
  const time = (stream: Prng): Instant => stream.below(TROUBLE) as Instant;
  const setup = random.fork('setup');
  const writes = random.fork('writes');
  const faults = random.fork('faults');
  return {
    spec: {
      nodes: NODES,
      seed,
      settings: {
        primary: { synchronous_standby_names: pick(setup, NAMES), wal_sender_timeout: '3s' },
      },
      setup: ['create table payments (id int primary key)'],
    },
    writes: Array.from({ length: WRITES }, (_, index) => ({
      at: time(writes),
      id: index + 1,
      level: pick(writes, LEVELS),
    })),
    faults: Array.from({ length: FAULTS }, () => ({
      at: time(faults),
      action: fault(faults, pick),
    })),
  };
}

function fault(random: Prng, pick: <T>(stream: Prng, items: readonly T[]) => T): Action {
  const standby = pick(random, STANDBYS);
  const process = pick(random, ['walreceiver', 'startup'] as const);
  const link = { a: 'primary', b: standby };
  const choices: readonly Action[] = [
    { kind: 'freeze', node: standby, process },
    { kind: 'thaw', node: standby, process },
    { kind: 'cut', ...link },
    { kind: 'heal', ...link },
    { kind: 'delay', ...link, delay: ms(random.below(400)) },
    { kind: 'loss', ...link, ratio: random.below(30) / 100 },
    { kind: 'fsync', node: pick(random, NODES), time: ms(random.below(300)) },
    { kind: 'replayRate', node: standby, bytesPerSecond: 1_000 + random.below(100_000) },
    { kind: 'kill', node: pick(random, NODES) },
    { kind: 'powerOff', node: pick(random, NODES) },
    { kind: 'start', node: pick(random, NODES) },
    { kind: 'start', node: pick(random, NODES) },
  ];
  return pick(random, choices);
}

/** What makes everything well again. */
export function healing(spec: ClusterSpec): readonly Action[] {
  return spec.nodes.flatMap((node): Action[] => [
    ...(node === 'primary'
      ? []
      : ([
          { kind: 'heal', a: 'primary', b: node },
          { kind: 'delay', a: 'primary', b: node, delay: ms(5) },
          { kind: 'loss', a: 'primary', b: node, ratio: 0 },
          { kind: 'replayRate', node, bytesPerSecond: Number.POSITIVE_INFINITY },
        ] as const)),
    { kind: 'fsync', node, time: ms(0.4) },
    { kind: 'start', node },
    ...(node === 'primary'
      ? []
      : ([
          { kind: 'thaw', node, process: 'walreceiver' },
          { kind: 'thaw', node, process: 'startup' },
        ] as const)),
  ]);
}

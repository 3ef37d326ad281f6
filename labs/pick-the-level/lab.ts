import type { Action } from '../../src/cluster/action.ts';
import type { LabSource } from '../../src/lab/lab.ts';
import { ms } from '../../src/sim/instant.ts';
import { answer, type Between, psql } from '../script.ts';

const LEVELS = ['off', 'local', 'remote_write', 'on', 'remote_apply'];

const client = (name: string, table: string, think: Between) => ({
  name,
  node: 'primary',
  sql: `set synchronous_commit = {answer:${table}}; insert into ${table} values ({key})`,
  firstAt: [-1.9, -1.2] as Between,
  think,
});

const question = (table: string, ask: string) => ({
  kind: 'choice' as const,
  id: table,
  ask,
  options: LEVELS.map((id) => ({ id, label: id })),
  initial: 'on',
});

/** Levels for payments, orders and readings, and the names on the primary. */
const chosen = (levels: readonly [string, string, string], names: string | null) => [
  ...['payments', 'orders', 'readings'].map((id, i) => answer(id, levels[i] as string)),
  ...(names === null
    ? []
    : [
        psql(2, `alter system set synchronous_standby_names = '${names}'`),
        psql(3, 'select pg_reload_conf()'),
      ]),
];

/** The cables and machines of the cafe. */
const asItIs: Action[] = [
  { kind: 'delay', a: 'primary', b: 'standby1', delay: ms(10) },
  { kind: 'delay', a: 'primary', b: 'standby2', delay: ms(60) },
  { kind: 'fsync', node: 'primary', time: ms(2) },
  { kind: 'fsync', node: 'standby1', time: ms(15) },
  { kind: 'fsync', node: 'standby2', time: ms(15) },
  { kind: 'replayRate', node: 'standby1', bytesPerSecond: 3_000 },
];

export const lab: LabSource = {
  name: 'pick-the-level',
  version: 1,
  title: 'Pick the level',
  chapter: 3,
  minutes: 25,
  situation: `Three kinds of rows go into the cafe's one cluster. The till writes payments, which nobody may lose. The waiters
write orders, and the kitchen reads them from its screen on \`standby1\`, ten milliseconds away, which replays slowly. The oven
writes its temperature four times a second and cannot wait: while it waits it does not bake. \`standby2\` is in the
other house, sixty milliseconds away. All three write at \`on\` today, and no standby is named.`,
  tasks: [
    'Payments: none that was acknowledged is lost when the primary burns down and both standbys lose power in that moment. 99 of 100 are answered within 400 ms.',
    'Orders: when the waiter is told, the order is on the kitchen’s screen: `standby1` shows it. At most 5 may be lost in that fire. 99 of 100 are answered within 600 ms.',
    'Readings: 99 of 100 are answered within 10 ms. At most 20 may be lost in that fire. They are on the screen within 3 s.',
    'Choose a level for each of the three, and set `synchronous_standby_names` on the primary.',
  ],
  answers: [
    question('payments', 'The till writes payments at'),
    question('orders', 'The waiters write orders at'),
    question('readings', 'The oven writes readings at'),
  ],
  seeds: [1, 20, 300, 4_000, 50_000],
  start: {
    nodes: ['primary', 'standby1', 'standby2'],
    settings: {},
    setup: ['payments', 'orders', 'readings'].map((table) => `create table ${table} (id int)`),
    prelude: 2,
    clients: [
      client('till', 'payments', [0.7, 1.1]),
      client('waiter', 'orders', [0.8, 1.3]),
      client('oven', 'readings', [0.22, 0.28]),
    ],
    events: asItIs.map((action) => ({ at: [-2, -2] as Between, action })),
  },
  drill: {
    after: 5,
    read: 'select id from payments union all select id from orders union all select id from readings',
    rounds: [
      { name: 'a busy half minute', begin: [], lasts: 30, end: [] },
      ...[1, 2].map((time) => ({
        name: `fire ${time}`,
        begin: [],
        lasts: 2,
        burn: ['primary'],
        outage: ['standby1', 'standby2'],
        spark: 'till',
        end: asItIs,
      })),
    ],
  },
  checks: [
    { id: 'losses', claim: 'No workload loses more than it may', concepts: ['D1', 'D2', 'D6'] },
    {
      id: 'staleness',
      claim: 'The kitchen’s screen is as fresh as it must be',
      concepts: ['D1', 'D6'],
    },
    { id: 'latency', claim: '99 of 100 are answered in time', concepts: ['D3'] },
  ],
  hints: [
    'What does each level wait for when no standby is named? What does the primary’s fire leave then?',
    'The screen shows what has been replayed. Which level waits for that, and whose replay does it wait for: is it the kitchen’s?',
    'Written is not flushed. Which level leaves a payment on a disk that has lost its power?',
  ],
  solutions: [
    {
      name: 'on, remote_apply, local; standby1 is asked',
      why: 'Each waits for what it needs, and for no more.',
      actions: chosen(['on', 'remote_apply', 'local'], 'standby1'),
    },
    {
      name: 'on, remote_apply, off; standby1 first',
      why: 'The oven need not even wait for its own disk, and standby2 would stand in for standby1.',
      actions: chosen(['on', 'remote_apply', 'off'], 'FIRST 1 (standby1, standby2)'),
    },
    {
      name: 'remote_apply for payments too',
      why: 'More than is needed, and within the time that payments have.',
      actions: chosen(['remote_apply', 'remote_apply', 'local'], 'standby1'),
    },
    {
      name: 'both standbys',
      why: 'Two answers hold the kitchen’s among them, and a payment outlives a second fire.',
      actions: chosen(['on', 'remote_apply', 'off'], 'ANY 2 (standby1, standby2)'),
    },
  ],
  traps: [
    {
      name: 'on, and no names',
      why: 'Where nobody is named, on waits for the primary’s own disk.',
      actions: chosen(['on', 'remote_apply', 'local'], null),
      caughtBy: 'losses',
      says: 'no standby was named',
    },
    {
      name: 'remote_apply everywhere',
      why: 'The oven waits for the kitchen’s replay.',
      actions: chosen(['remote_apply', 'remote_apply', 'remote_apply'], 'standby1'),
      caughtBy: 'latency',
      says: 'waited for replay',
    },
    {
      name: 'remote_write for money',
      why: 'Written is in the memory of a machine, and its power fails.',
      actions: chosen(['remote_write', 'remote_apply', 'local'], 'standby1'),
      caughtBy: 'losses',
      says: 'written is not flushed',
    },
    {
      name: 'local for money',
      why: 'It asks no standby, whoever is named.',
      actions: chosen(['local', 'remote_apply', 'local'], 'standby1'),
      caughtBy: 'losses',
      says: 'asks no standby',
    },
    {
      name: 'on for the kitchen',
      why: 'Flushed is not replayed: the screen shows the order later than the waiter says.',
      actions: chosen(['on', 'on', 'local'], 'standby1'),
      caughtBy: 'staleness',
      says: 'does not wait for replay',
    },
    {
      name: 'any standby’s replay',
      why: 'The other house answers first, and the kitchen’s screen is behind.',
      actions: chosen(['on', 'remote_apply', 'local'], 'ANY 1 (standby1, standby2)'),
      caughtBy: 'staleness',
      says: 'Another standby’s replay',
    },
    {
      name: 'on everywhere',
      why: 'The oven waits for a cable and a disk.',
      actions: chosen(['on', 'remote_apply', 'on'], 'standby1'),
      caughtBy: 'latency',
      says: 'waited for a flush',
    },
  ],
};

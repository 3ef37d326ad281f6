import type { LabSource } from '../../src/lab/lab.ts';
import { at, psql } from '../script.ts';

const till = (name: string, firstAt: [number, number]) => ({
  name,
  node: 'primary',
  sql: "insert into payments values ({key}, 'tea')",
  firstAt,
  think: [6, 10] as [number, number],
});

const reload = (seconds: number) => psql(seconds, 'select pg_reload_conf()');
const set = (seconds: number, name: string, value: string) => [
  psql(seconds, `alter system set ${name} = '${value}'`),
  reload(seconds + 1),
];

/** The cable to standby2 fails, for three to six seconds. */
const shortCut = (from: number): LabSource['start']['events'] => [
  { at: [from, from + 2], action: { kind: 'cut', a: 'primary', b: 'standby2' } },
  { at: [from + 5, from + 6], action: { kind: 'heal', a: 'primary', b: 'standby2' } },
];

const CANCEL = "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'";

export const lab: LabSource = {
  name: 'stuck-commits',
  version: 1,
  title: 'Stuck commits',
  chapter: 3,
  minutes: 20,
  situation: `The queue is at the door, and no payment has gone through for ninety seconds. The primary is up and idle.
\`standby1\` has burned out: it does not come back. \`standby2\` is well, at the end of a cable that fails for seconds at a
time.`,
  tasks: [
    'Get payments moving within 60 seconds: those that wait now, and those that come after.',
    '`standby2` may be promoted at any moment. Lose no payment that a customer was told is paid.',
    'Restart nothing.',
  ],
  seeds: [1, 20, 300, 4_000, 50_000],
  start: {
    nodes: ['primary', 'standby1', 'standby2'],
    settings: { primary: { synchronous_standby_names: 'standby1' } },
    setup: ['create table payments (id int primary key, item text not null)'],
    prelude: 100,
    clients: [
      till('till1', [-100, -98]),
      till('till2', [-97, -94]),
      till('till3', [-8, -5]),
      till('till4', [-5, -2]),
      till('till5', [15, 20]),
    ],
    events: [
      { at: [-92, -90], action: { kind: 'powerOff', node: 'standby1' } },
      { at: [-12, -9], action: { kind: 'cut', a: 'primary', b: 'standby2' } },
      { at: [7, 12], action: { kind: 'heal', a: 'primary', b: 'standby2' } },
      ...[32, 48, 64].flatMap(shortCut),
    ],
  },
  drill: { after: 80, read: 'select id from payments', rounds: [] },
  checks: [
    { id: 'payments-move', claim: 'Payments move within a minute', concepts: ['D4'] },
    { id: 'nothing-lost', claim: 'Nothing acknowledged was lost', concepts: ['D2', 'D4'] },
    { id: 'no-restart', claim: 'Nothing was restarted', concepts: [] },
  ],
  hints: [
    'What is every stuck session waiting for? Ask pg_stat_activity.',
    'Who is supposed to answer, and is it still there? Ask pg_stat_replication, and show synchronous_standby_names.',
    'The list of names changes without a restart. Which change lets the waiting ones go on *because somebody else has answered*?',
  ],
  solutions: [
    {
      name: 'name standby2',
      why: 'Those that wait go on when standby2 has their WAL on its disk, and not before.',
      actions: set(3, 'synchronous_standby_names', 'standby2'),
    },
    {
      name: 'standby2 first, then standby1',
      why: 'The same, and ready for a new standby1.',
      actions: set(10, 'synchronous_standby_names', 'FIRST 1 (standby2, standby1)'),
    },
    {
      name: 'ANY 1 of both',
      why: 'The dead one never answers, so that the answer is always standby2’s.',
      actions: set(40, 'synchronous_standby_names', 'ANY 1 (standby1, standby2)'),
    },
  ],
  traps: [
    {
      name: 'cancelling',
      why: 'A cancelled wait acknowledges what only the primary has.',
      actions: [psql(3, CANCEL)],
      caughtBy: 'nothing-lost',
      says: 'A cancelled wait acknowledges',
    },
    {
      name: 'cancelling again and again',
      why: 'It goes well until the cable fails: then what is cancelled is nowhere else.',
      actions: Array.from({ length: 35 }, (_, i) => psql(11 + 2 * i, CANCEL)),
      caughtBy: 'nothing-lost',
      says: 'A cancelled wait acknowledges',
    },
    {
      name: 'restarting',
      why: 'Every customer’s connection ends without an answer, and the next payment waits again.',
      actions: [
        at(3, { kind: 'kill', node: 'primary' }),
        at(4, { kind: 'start', node: 'primary' }),
      ],
      caughtBy: 'no-restart',
      says: 'restarted',
    },
    {
      name: 'emptying the names',
      why: 'Nobody is asked any more: an acknowledgement promises the primary’s disk alone.',
      actions: set(3, 'synchronous_standby_names', ''),
      caughtBy: 'nothing-lost',
      says: 'the list of names was empty',
    },
    {
      name: 'local',
      why: 'The level counts for commits to come. Those that wait go on waiting.',
      actions: set(3, 'synchronous_commit', 'local'),
      caughtBy: 'payments-move',
      says: 'frees nobody who waits already',
    },
  ],
};

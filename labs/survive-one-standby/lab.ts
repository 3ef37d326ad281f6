import type { Action } from '../../src/cluster/action.ts';
import type { LabSource } from '../../src/lab/lab.ts';
import { ms } from '../../src/sim/instant.ts';
import { psql } from '../script.ts';

const STANDBYS = ['standby1', 'standby2', 'standby3'] as const;

const ailments = (node: string): [name: string, begin: Action, end: Action][] => [
  ['stopped', { kind: 'kill', node }, { kind: 'start', node }],
  [
    'frozen',
    { kind: 'freeze', node, process: 'walreceiver' },
    { kind: 'thaw', node, process: 'walreceiver' },
  ],
  ['cut off', { kind: 'cut', a: 'primary', b: node }, { kind: 'heal', a: 'primary', b: node }],
];

/** Only `near` answers at once: whoever counts one answer gets it from there. */
const others = (near: string) => STANDBYS.filter((node) => node !== near);
const far = (near: string, delay: number): Action[] =>
  others(near).map((b) => ({ kind: 'delay', a: 'primary', b, delay: ms(delay) }));

const reload = (at: number) => psql(at, 'select pg_reload_conf()');
const names = (value: string) => [
  psql(2, `alter system set synchronous_standby_names = '${value}'`),
  reload(3),
];

export const lab: LabSource = {
  name: 'survive-one-standby',
  version: 1,
  title: 'Survive any one standby',
  chapter: 3,
  minutes: 15,
  situation: `The cafe has three standbys now, and takes a payment every second. Today it waits for none of them:
whatever the primary has not sent yet burns with it.`,
  tasks: [
    'Payments go on, each answered within 2 seconds, while any one standby is stopped, frozen or cut off.',
    'No payment that a customer was told is paid is lost when the primary and any one standby burn down together.',
  ],
  seeds: [1, 20, 300, 4_000, 50_000],
  start: {
    nodes: ['primary', ...STANDBYS],
    settings: {},
    setup: ['create table payments (id int primary key, item text not null)'],
    prelude: 2,
    clients: [
      {
        name: 'till1',
        node: 'primary',
        sql: "insert into payments values ({key}, 'tea')",
        firstAt: [-2, -1],
        think: [0.7, 1.3],
      },
    ],
    events: [],
  },
  drill: {
    after: 5,
    read: 'select id from payments',
    rounds: [
      ...STANDBYS.flatMap((standby) =>
        ailments(standby).map(([ailment, begin, end]) => ({
          name: `${standby} is ${ailment}`,
          facts: { standby, ailment },
          begin: [begin],
          lasts: 3.5,
          end: [end],
        })),
      ),
      ...STANDBYS.map((standby) => ({
        name: `the primary and ${standby} burn`,
        facts: { burned: standby },
        begin: far(standby, 300),
        lasts: 1,
        burn: ['primary', standby],
        end: far(standby, 5),
      })),
    ],
  },
  checks: [
    { id: 'payments-go-on', claim: 'Payments go on without any one standby', concepts: ['D5'] },
    { id: 'nothing-lost', claim: 'Nothing acknowledged was lost', concepts: ['D2'] },
  ],
  hints: [
    'How many copies must there be, besides the primary’s, so that one is left when one burns?',
    'How many answers are left when one of three standbys says nothing?',
    'Stopped, the connection is closed and the primary knows. Frozen or cut off, it is still connected: whose answer does the primary wait for then, and for how long?',
  ],
  solutions: [
    {
      name: 'ANY 2 of the three',
      why: 'Two answers are two copies; the third standby’s answer is as good as any.',
      actions: names('ANY 2 (standby1, standby2, standby3)'),
    },
    {
      name: 'ANY 2 of all there are',
      why: 'The star stands for every standby that connects.',
      actions: names('ANY 2 (*)'),
    },
    {
      name: 'FIRST 2, and a short timeout',
      why: 'A silent standby is disconnected after a second, and the third takes its place. On a busy network this also disconnects healthy ones.',
      actions: [
        psql(1, "alter system set wal_sender_timeout = '1s'"),
        ...names('FIRST 2 (standby1, standby2, standby3)'),
      ],
    },
  ],
  traps: [
    {
      name: 'one name',
      why: 'There is nobody to stand in.',
      actions: names('standby1'),
      caughtBy: 'payments-go-on',
      says: 'only standby1 may answer',
    },
    {
      name: 'two names',
      why: 'A list of names waits for the first that is connected: one copy, and a frozen standby is connected.',
      actions: names('standby1, standby2'),
      caughtBy: 'nothing-lost',
      says: 'standby1 alone had it',
    },
    {
      name: 'FIRST 2 of three',
      why: 'The third takes over only when one of the first two is gone. A frozen one is not gone.',
      actions: names('FIRST 2 (standby1, standby2, standby3)'),
      caughtBy: 'payments-go-on',
      says: 'keeps its place on the list until wal_sender_timeout',
    },
    {
      name: 'ANY 1',
      why: 'One answer is one copy.',
      actions: names('ANY 1 (standby1, standby2, standby3)'),
      caughtBy: 'nothing-lost',
      says: 'whichever answered first',
    },
    {
      name: 'ANY 3',
      why: 'All must answer, so any one stops the till.',
      actions: names('ANY 3 (standby1, standby2, standby3)'),
      caughtBy: 'payments-go-on',
      says: 'every one of them must answer',
    },
  ],
};

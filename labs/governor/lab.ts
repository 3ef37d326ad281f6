import type { RouteName } from '../../src/ha/clients/routes.ts';
import type { LabSource } from '../../src/lab/lab.ts';
import {
  namesByHand,
  noLag,
  optionalWatchdog,
  quorum,
  start,
  synchronous,
  twice,
} from './files.ts';

/** A file, and how the app looks for the primary. */
const given = (text: string, route: RouteName = 'read-write') => [
  { at: 1, action: { kind: 'answer', id: 'patroni-yml', text } as const },
  { at: 1, action: { kind: 'answer', id: 'route', text: route } as const },
];

export const lab: LabSource = {
  name: 'governor',
  version: 1,
  title: 'The governor',
  chapter: 9,
  minutes: 75,
  situation: `The cafe has three nodes, an etcd of three members, and a Patroni on each node. Its \`patroni.yml\` was copied from
an article. Since then it has had one bad night: a hundred receipts were printed, and are in no database.

You get the file. It goes to all three nodes, a new cluster is bootstrapped from it, and then it is tried on a hundred schedules
of troubles: machines lose power, Patroni is frozen or killed, cables are cut, the etcd loses members, standbys fall behind.
In some of them a node has no watchdog device, and nobody told you which.

Patroni, etcd, HAProxy and the watchdogs are **modelled** after Patroni 4.1's own source, and held to the records of a real one. In the
trials PostgreSQL is **simplified** to positions, timelines and who has acknowledged what.`,
  tasks: [
    'Change `patroni.yml` so that at every instant one node at most takes writes.',
    'Nothing that a client was told is done may be lost, whichever node leads in the end.',
    'Say how the app connects. After one fault that leaves etcd a majority, its writes are acknowledged again within ttl + 2 · loop_wait + 10 s.',
    'Patroni must read all of your file: what stands twice counts once.',
  ],
  answers: [
    {
      kind: 'patroni-yml',
      id: 'patroni-yml',
      ask: '`patroni.yml` of all three nodes',
      initial: start,
      route: 'route',
      tries: 20,
    },
    {
      kind: 'choice',
      id: 'route',
      ask: 'The app connects',
      options: [
        { id: 'name', label: 'to host=node1' },
        { id: 'any', label: 'to host=node1,node2,node3' },
        { id: 'read-write', label: 'to host=node1,node2,node3 target_session_attrs=read-write' },
        { id: 'proxy', label: 'to HAProxy, which asks each Patroni for GET /primary every 3 s' },
      ],
      initial: 'name',
    },
  ],
  replays: 'answers',
  seeds: [1, 2, 3, 4, 5],
  start: {
    nodes: ['node1', 'node2', 'node3'],
    settings: {},
    setup: ['create table receipts (id int primary key, amount numeric not null)'],
    prelude: 1,
    clients: [
      {
        name: 'till',
        node: 'node1',
        sql: 'insert into receipts values ({key}, 4.20)',
        firstAt: [0.1, 0.2],
        think: [0.9, 1.1],
      },
    ],
    events: [],
  },
  drill: { after: 1, rounds: [] },
  checks: [
    { id: 'reads-all', claim: 'Patroni reads all of the file', concepts: ['G7'] },
    { id: 'one-primary', claim: 'One node at a time takes writes', concepts: ['G1', 'G3', 'G4'] },
    {
      id: 'nothing-lost',
      claim: 'Nothing that was acknowledged is lost',
      concepts: ['G2', 'G6'],
    },
    { id: 'back-in-time', claim: 'Clients can write again in time', concepts: ['G5'] },
  ],
  hints: [
    'Who tells a standby that it has everything? Look at what the leader writes to the DCS, and how often.',
    'What does Patroni do on a node that has no watchdog, in each of the three modes? Which of them keeps that node from leading?',
    'Where does the app go when node1 is a standby, or gone? Which of the four ways asks who takes writes?',
    'Who knows which standby has confirmed a commit: the standbys, the DCS, or the primary that has just died? Which setting writes it where the others can read it?',
    'YAML allows a key once. What does the reader of Patroni do with the second one?',
  ],
  solutions: [
    {
      name: 'synchronous_mode on, a required watchdog, target_session_attrs',
      why: '/sync names the standby that has everything, and only that one may take over; a node without a watchdog does not lead.',
      actions: given(synchronous),
    },
    {
      name: 'synchronous_mode quorum, a required watchdog, HAProxy',
      why: 'Any standby may confirm, and a candidate needs the word of enough of the others that they are not ahead.',
      actions: given(quorum, 'proxy'),
    },
  ],
  traps: [
    {
      name: 'a watchdog where there is one',
      why: 'It is what most files say, and in most nights it is the same as no watchdog at all.',
      caughtBy: 'one-primary',
      says: 'a node without a watchdog becomes leader all the same',
      seeds: 'some',
      actions: given(optionalWatchdog),
    },
    {
      name: 'maximum_lag_on_failover: 0 taken for no loss',
      why: 'The name promises it.',
      caughtBy: 'nothing-lost',
      says: 'compares with the position that the leader last wrote to the DCS',
      seeds: 'some',
      actions: given(noLag),
    },
    {
      name: 'synchronous_standby_names set by hand',
      why: 'PostgreSQL then waits for a standby, and all seems said.',
      caughtBy: 'nothing-lost',
      says: 'the race does not know who',
      seeds: 'some',
      actions: given(namesByHand),
    },
    {
      name: 'a key that stands twice',
      why: 'Two people have written the file, each their own part.',
      caughtBy: 'reads-all',
      says: 'stands again in line',
      seeds: 'some',
      actions: given(twice),
    },
    {
      name: 'one host by its name',
      why: 'It has always worked.',
      caughtBy: 'back-in-time',
      says: 'goes to node1 by its name',
      seeds: 'some',
      actions: given(synchronous, 'name'),
    },
    {
      name: 'all hosts, whichever lets it in',
      why: 'More hosts look like more safety.',
      caughtBy: 'back-in-time',
      says: 'takes the first host that lets it in',
      seeds: 'some',
      actions: given(synchronous, 'any'),
    },
  ],
};

import type { Action } from '../../src/cluster/action.ts';
import type { LabSource } from '../../src/lab/lab.ts';
import { ms } from '../../src/sim/instant.ts';
import {
  allToPrimary,
  asText,
  inTurn,
  lsnBoth,
  ownStandby,
  pinFor,
  pinTable,
  sleepFirst,
  startTable,
  tableOfBoth,
  waitALittle,
  writeOnly,
} from './routers.ts';

/** A router, and when the app takes its token. */
const given = (router: string, token: 'none' | 'before' | 'insert' | 'flush') => [
  { at: 1, action: { kind: 'answer', id: 'token', text: token } as const },
  { at: 1, action: { kind: 'answer', id: 'router', text: router } as const },
];

const replays = (bytesPerSecond: number): Action => ({
  kind: 'replayRate',
  node: 'standby1',
  bytesPerSecond,
});

/** standby1 replays slowly, from an instant drawn to another. */
const slowSpell = (from: number): LabSource['start']['events'] => [
  { at: [from, from + 1], action: replays(3_000) },
  { at: [from + 4, from + 5], action: replays(Number.POSITIVE_INFINITY) },
];

export const lab: LabSource = {
  name: 'read-your-writes',
  version: 1,
  title: 'Read your writes',
  chapter: 4,
  minutes: 60,
  situation: `The Elephant Cafe has an app. A guest orders, and then looks whether her order is on the board. Orders go to
the primary. The board is read from two standbys in turn, and the complaints come in: “I have paid, and my order is
gone.” “My order was there, and now it is not.” \`standby1\` is near, and has spells in which it replays slowly. \`standby2\` is
in another town: 300 ms away, always.

The app asks each standby some twenty times a second for \`pg_last_wal_replay_lsn()\`. With each read it takes down how far the
node was. You write what it does with that.`,
  tasks: [
    'Say when the app takes its token: the position in the WAL that a guest’s own order has.',
    'Write the router, as a TypeScript function or as a decision table. It is asked for each read, and says where to read or to wait.',
    'No guest misses an order of her own that she was told is placed. No guest sees an order, and then does not see it any more.',
    'At least half of all reads go to standbys, and 95 of 100 take at most a fifth longer than on the primary.',
  ],
  answers: [
    {
      kind: 'choice',
      id: 'token',
      ask: 'The app takes its token',
      options: [
        { id: 'none', label: 'not at all' },
        { id: 'before', label: 'before COMMIT: select pg_current_wal_insert_lsn()' },
        { id: 'insert', label: 'after COMMIT: select pg_current_wal_insert_lsn()' },
        { id: 'flush', label: 'after COMMIT: select pg_current_wal_flush_lsn()' },
      ],
      initial: 'none',
    },
    {
      kind: 'router',
      id: 'router',
      ask: 'Your router',
      initial: inTurn,
      initialTable: startTable,
    },
  ],
  replays: 'answers',
  seeds: [1, 20, 300, 4_000, 50_000],
  start: {
    nodes: ['primary', 'standby1', 'standby2'],
    settings: {},
    walStart: '0/FF00000',
    setup: [
      'create table orders (id int primary key, guest text not null)',
      'create table receipts (id int, body text)',
      // The cafe has written much before: the next 80 kB bring its WAL to a rounder number.
      "select pg_logical_emit_message(false, '', repeat('x', 706000))",
    ],
    prelude: 2,
    clients: [],
    guests: { count: 10, think: [0.4, 1.2], router: 'router', token: 'token' },
    events: [
      { at: [-2, -2], action: { kind: 'delay', a: 'primary', b: 'standby2', delay: ms(300) } },
      ...[3, 12].flatMap(slowSpell),
    ],
  },
  drill: {
    after: 1,
    rounds: [{ name: 'a busy evening', begin: [], lasts: 18, end: [] }],
  },
  checks: [
    { id: 'own-reads', claim: 'Every guest finds her own orders', concepts: ['Q1', 'Q2'] },
    { id: 'monotonic', claim: 'Nothing that was seen goes away', concepts: ['Q4'] },
    { id: 'share', claim: 'Half the reads go to standbys', concepts: ['Q2'] },
    { id: 'latency', claim: '95 of 100 reads take no longer than they may', concepts: ['Q2'] },
    { id: 'decides', claim: 'The router always decides', concepts: [] },
  ],
  hints: [
    'What must a standby have replayed before a guest may read there? Which position says so, and when is it known: before her COMMIT, or after it?',
    'Two positions are compared. Which is later, `0/FFFFFF8` or `0/10000000`? Ask PostgreSQL, and then ask JavaScript.',
    'A guest who has seen the board on one node has seen as much as that node had replayed. What must the next node have?',
    'Where no standby is far enough, who always is? Going there costs nothing but a share of its time.',
  ],
  solutions: [
    {
      name: 'positions, compared as numbers',
      why: 'A standby that has replayed her own write and all that she has seen; else the primary.',
      actions: given(lsnBoth, 'insert'),
    },
    {
      name: 'the same as a decision table',
      why: 'Two rows: that standby, else the primary.',
      actions: given(tableOfBoth, 'flush'),
    },
    {
      name: 'each guest has a standby of her own',
      why: 'She stays there, unless it is behind what she knows: then the primary answers.',
      actions: given(ownStandby, 'insert'),
    },
    {
      name: 'two milliseconds of patience',
      why: 'Right after an order a short wait may spare the primary a read. Few reads wait, and none for long.',
      actions: given(waitALittle, 'insert'),
    },
  ],
  traps: [
    {
      name: 'all to the primary',
      why: 'Never stale, and the standbys have nothing to do.',
      actions: given(allToPrimary, 'insert'),
      caughtBy: 'share',
      says: 'Not one read went to a standby',
    },
    {
      name: 'waiting half a second first',
      why: 'Everyone pays for the few that need it.',
      actions: given(sleepFirst, 'none'),
      caughtBy: 'latency',
      says: 'let it wait',
    },
    {
      name: 'pinned to the primary for 600 ms',
      why: 'A fixed time is a guess about lag, and lag has no limit.',
      actions: given(pinFor(600), 'none'),
      caughtBy: 'own-reads',
      says: 'No fixed time covers a lag',
    },
    {
      name: 'the same, as a table',
      why: 'A fixed time is a guess about lag, however it is written down.',
      actions: given(pinTable, 'insert'),
      caughtBy: 'own-reads',
      says: 'No fixed time covers a lag',
    },
    {
      name: 'pinned for two seconds',
      why: 'Most lags are shorter, and hardly any read is left for the standbys.',
      actions: given(pinFor(2_000), 'none'),
      caughtBy: 'share',
      says: 'of 100 reads went to standbys',
    },
    {
      name: 'positions compared as text',
      why: 'The longer number is the later one, and sorts before the shorter.',
      actions: given(asText, 'insert'),
      caughtBy: 'own-reads',
      says: 'as text',
    },
    {
      name: 'the token taken before COMMIT',
      why: 'The commit record lies behind the token: who has replayed the one need not have the other.',
      actions: given(lsnBoth, 'before'),
      caughtBy: 'own-reads',
      says: 'taken before COMMIT',
      seeds: 'some',
    },
    {
      name: 'no token',
      why: 'Where nothing is taken down there is nothing to compare.',
      actions: given(lsnBoth, 'none'),
      caughtBy: 'own-reads',
      says: 'The app had no token of it',
    },
    {
      name: 'only her own write',
      why: 'Others’ orders come and go as she is sent from one standby to the other.',
      actions: given(writeOnly, 'insert'),
      caughtBy: 'monotonic',
      says: 'was further on than',
    },
  ],
};

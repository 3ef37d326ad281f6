import type { LabSource } from '../../src/lab/lab.ts';
import { ms } from '../../src/sim/instant.ts';

/** Seconds before the take-over: when node2 is promoted, and when the last client has gone from node1. */
const PROMOTED = -9;
const CALLED_OFF = -0.5;

/** A transfer is two entries in one transaction; the ref of the second is so much higher. */
export const SECOND_ENTRY = 1_000_000;
const INSERT = 'insert into ledger (ref, block, sender) values';
const entry = (ref: string) => `${ref}, 880000 + {key} / 40, {1..500}`;

const indexers = (
  name: string,
  node: string,
  ratePerSecond: number,
  transfers: number,
  firstAt: [number, number],
): LabSource['start']['clients'][number] => ({
  name,
  node,
  count: 4,
  errands: [
    { sql: `${INSERT} (${entry('{key}')})`, weight: 1 - transfers, kind: 'write' },
    {
      sql: `${INSERT} (${entry('{key}')}), (${entry(`{key} + ${SECOND_ENTRY}`)})`,
      weight: transfers,
      kind: 'write',
    },
  ],
  ratePerSecond,
  firstAt,
  think: [0.1, 0.2],
  until: CALLED_OFF,
});

const slowCable = (oneWay: number) => ({
  facts: {},
  actions: [{ kind: 'delay' as const, a: 'node1', b: 'node2', delay: ms(oneWay) }],
});

const FORK = `select split_part(pg_read_file('pg_wal/00000002.history'), E'\\t', 2)::pg_lsn as fork`;
const AFTER_THE_FORK = `select ref from ledger where xmin in (
  select xid from pg_get_wal_records_info(:'fork', pg_current_wal_flush_lsn())
  where resource_manager = 'Transaction' and record_type = 'COMMIT')`;

interface Report {
  readonly why?: string;
  readonly alone?: string;
  readonly fork?: string;
  readonly lost?: string;
}

/** What a report says, question by question; where it says nothing, the right thing. */
const report = ({
  why = 'frozen',
  alone = 'asynchronous',
  fork = FORK,
  lost = AFTER_THE_FORK,
}: Report) =>
  Object.entries({ why, alone, fork, lost }).map(([id, text]) => ({
    at: 0,
    action: { kind: 'answer', id, text } as const,
  }));

export const lab: LabSource = {
  name: 'forensics',
  version: 1,
  title: 'Forensics',
  chapter: 10,
  minutes: 60,
  situation: `It has happened. The ledger's indexers write 2,000 transactions a second, and for 90 seconds two primaries took
them. All clients are stopped now. Both servers still run, and neither has been touched. The scale: here it was ten times
shorter and some two hundred times fewer: 9 seconds, 9 transactions a second on \`node1\` and 6 on \`node2\`.

This is what was in the journals. The network between the nodes was slow all evening, and never down.

- \`node1 patroni: INFO: no action. I am (node1), the leader with the lock\`
- and nothing more of it.
- \`node1 kernel: INFO: task patroni: state T (stopped)\`
- \`node1 ls: cannot access '/dev/watchdog': No such file or directory\`
- \`node2 patroni: INFO: promoted self to leader by acquiring session lock\`
- \`node2 patroni: INFO: no action. I am (node2), the leader with the lock\`

Every indexer gives each of its entries a \`ref\` of its own, and sends it to one node, once. It works on when it is told that
the entry is committed; what each was told stands beside its name. The column \`id\` comes from an identity, \`block\` and
\`sender\` from outside.`,
  tasks: [
    'Say what kept `node1` a primary, and what let it acknowledge writes.',
    'Write a query for `node2` that returns the *fork*: the position at which its timeline leaves timeline 1. Exactly.',
    "Write a query for `node1` that returns the `ref` of every entry that is *lost*: committed on `node1`, and not in the timeline that goes on. None too few, none too many. What the first query returns first is at hand in it, by the column's name, as after psql's `\\gset`: `:'fork'`. The first query may return more columns, and so carry more over.",
    'Both are asked on five incidents: yours, and four that you have not seen. What you see in a log is true of yours alone.',
  ],
  answers: [
    {
      kind: 'choice',
      id: 'why',
      ask: 'Why did node1 go on as a primary?',
      options: [
        { id: 'vacuum', label: 'A long VACUUM held up the fast stop that its Patroni had ordered' },
        {
          id: 'frozen',
          label: 'Its Patroni stood still and ordered nothing; nothing else would have',
        },
        { id: 'cut', label: 'It was cut off from etcd, and with etcd gone a leader stays leader' },
      ],
    },
    {
      kind: 'choice',
      id: 'alone',
      ask: 'What let node1 tell its clients that they had committed?',
      options: [
        {
          id: 'quorum',
          label: 'ANY 1: a synchronous primary that has lost its standbys goes on alone',
        },
        { id: 'asynchronous', label: 'No commit waited for anybody: replication was asynchronous' },
        {
          id: 'timeline',
          label: 'It had not yet been told of timeline 2, which would have stopped it',
        },
      ],
    },
    {
      kind: 'sql',
      id: 'fork',
      ask: 'The fork, asked on node2',
      node: 'node2',
      result: {
        columns: [{ name: 'fork', type: 'pg_lsn' }],
        order: 'any',
        rows: 'One row; its first column is the fork, the others are your own.',
      },
    },
    {
      kind: 'sql',
      id: 'lost',
      ask: 'The lost entries, asked on node1',
      node: 'node1',
      carries: 'fork',
      result: {
        columns: [{ name: 'ref', type: 'int' }],
        order: 'any',
        rows: 'One for each entry that is lost.',
      },
    },
  ],
  replays: 'answers',
  seeds: [90, 180, 270, 360, 450],
  start: {
    nodes: ['node1', 'node2'],
    settings: {},
    setup: [
      'create extension pg_walinspect',
      `create table ledger (id bigint generated always as identity primary key, ref int not null,
        block int not null, sender int not null, at timestamptz not null default clock_timestamp())`,
    ],
    prelude: 15,
    clients: [
      indexers('east', 'node1', 9, 0.4, [-14, -13.6]),
      indexers('west', 'node2', 6, 0.2, [PROMOTED + 0.9, PROMOTED + 1.3]),
    ],
    events: [{ at: [PROMOTED, PROMOTED], action: { kind: 'promote', node: 'node2' } }],
    draws: [{ name: 'cable', at: [-14, -14], oneOf: [450, 600, 750].map(slowCable) }],
  },
  drill: {
    after: 0.1,
    rounds: [],
    inspect: [
      { id: 'fork', node: 'node2', sql: '{answer:fork}' },
      { id: 'lost', node: 'node1', sql: '{answer:lost}' },
      { id: 'node1', node: 'node1', sql: 'select ref, id, xmin from ledger' },
      { id: 'node2', node: 'node2', sql: 'select ref, id, xmin from ledger' },
    ],
  },
  checks: [
    {
      id: 'what-happened',
      claim: 'The incident is told as it was',
      concepts: ['I1'],
    },
    { id: 'the-fork', claim: 'The fork is right to the byte', concepts: ['I2'] },
    {
      id: 'the-lost',
      claim: 'All that is lost is named, and nothing else',
      concepts: ['I2'],
    },
  ],
  hints: [
    'A server that is promoted writes down where it left the old timeline, in a small file that every follower will ask for. Where do such files lie?',
    'Rows carry the number of their transaction, and WAL has a record where each one committed. Which of the two knows of time, and which of place?',
    'pg_get_wal_records_info(from, to) on node1, from the fork to the end of its WAL: which transactions have a COMMIT there, and which rows carry their xid as xmin?',
  ],
  solutions: [
    {
      name: 'commits behind the fork',
      why: 'The history file says where timeline 2 begins. What has its COMMIT behind that place in the WAL of node1 is in no other WAL.',
      actions: report({}),
    },
    {
      name: 'the refs of one side, looked for on the other',
      why: 'A ref is given by the client, once: two sides can be compared by it. What the servers give themselves (ids, xids) both give again.',
      actions: report({
        fork: `select split_part(pg_read_file('pg_wal/00000002.history'), E'\\t', 2)::pg_lsn as fork, array_agg(ref) as refs from ledger`,
        lost: "select ref from ledger where ref <> all (:'refs')",
      }),
    },
  ],
  traps: [
    {
      name: 'a VACUUM that held up the stop',
      why: 'Stories about slow stops are told often.',
      actions: report({ why: 'vacuum' }),
      caughtBy: 'what-happened',
      says: 'VACUUM does not hold up a fast shutdown',
      seeds: 'some',
    },
    {
      name: 'a synchronous primary that goes on alone',
      why: 'The article had ANY 1 in its configuration, and 180,000 transactions lost.',
      actions: report({ alone: 'quorum' }),
      caughtBy: 'what-happened',
      says: 'cannot acknowledge alone',
      seeds: 'some',
    },
    {
      name: 'where node2 is now',
      why: 'pg_current_wal_lsn() is on the new timeline, and says a position.',
      actions: report({
        fork: `select pg_current_wal_lsn() as fork, array_agg(ref) as refs from ledger`,
        lost: "select ref from ledger where ref <> all (:'refs')",
      }),
      caughtBy: 'the-fork',
      says: 'already on timeline 2',
      seeds: 'some',
    },
    {
      name: 'counts',
      why: 'node1 has more rows than node2, so the last so many of them must be what is lost.',
      actions: report({
        fork: `select split_part(pg_read_file('pg_wal/00000002.history'), E'\\t', 2)::pg_lsn as fork, count(*) as rows from ledger`,
        lost: "select ref from ledger order by at desc limit (select greatest(count(*) - :'rows'::int, 0) from ledger)",
      }),
      caughtBy: 'the-lost',
      says: 'A count says how many, not which',
      seeds: 'some',
    },
    {
      name: 'wall clocks',
      why: 'The log says when node2 was promoted. What came later is lost; what came before, it had.',
      actions: report({
        lost: "select ref from ledger where at >= '2026-01-05 12:00:06.02+00'",
      }),
      caughtBy: 'the-lost',
      says: 'was still on the cable',
      seeds: 'some',
    },
    {
      name: 'xids that node2 does not know',
      why: 'Every transaction has a number of its own, on one server.',
      actions: report({
        fork: `select split_part(pg_read_file('pg_wal/00000002.history'), E'\\t', 2)::pg_lsn as fork, array_agg(xmin::text) as xids from ledger`,
        lost: "select ref from ledger where xmin::text <> all (:'xids')",
      }),
      caughtBy: 'the-lost',
      says: 'both sides went on counting from the same xid',
      seeds: 'some',
    },
    {
      name: 'ids that node2 does not have',
      why: 'The id is the primary key.',
      actions: report({
        fork: `select split_part(pg_read_file('pg_wal/00000002.history'), E'\\t', 2)::pg_lsn as fork, array_agg(id) as ids from ledger`,
        lost: "select ref from ledger where id <> all (:'ids')",
      }),
      caughtBy: 'the-lost',
      says: 'the identity of each gave out the same numbers',
      seeds: 'some',
    },
  ],
};

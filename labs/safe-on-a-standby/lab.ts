import type { LabSource } from '../../src/lab/lab.ts';
import { at } from '../script.ts';
import { type Sort, statements } from './statements.ts';

const LABELS: Readonly<Record<Sort, string>> = {
  works: 'works',
  refused: 'is refused',
  wrong: 'works, but the answer is wrong',
};
const options = Object.entries(LABELS).map(([id, label]) => ({ id, label }));

/** All sorted as they are, but for those that are named. */
const sorted = (from: number, but: Readonly<Record<string, Sort>> = {}) =>
  statements.map(({ id, sort }, i) =>
    at(from + i * 0.1, { kind: 'answer', id, text: but[id] ?? sort }),
  );

const run = (from: number) =>
  statements.map(({ sql }, i) =>
    at(from + i * 0.2, { kind: 'sql', node: 'standby1', session: 'psql', sql }),
  );

const trap = (
  name: string,
  why: string,
  but: Readonly<Record<string, Sort>>,
  caughtBy: 'refusals' | 'answers',
  says: string,
) => ({ name, why, actions: [...sorted(0.1, but), ...run(2)], caughtBy, says });

const onStandby = (session: string, sql: string) =>
  ({ kind: 'sql', node: 'standby1', session, sql }) as const;
const onPrimary = (session: string, sql: string) =>
  ({ kind: 'sql', node: 'primary', session, sql }) as const;

export const lab: LabSource = {
  name: 'safe-on-a-standby',
  version: 1,
  title: 'Safe on a standby',
  chapter: 4,
  minutes: 15,
  situation: `The cafe’s programmers want to take load off the primary. Here are twelve statements that they would like to send to
\`standby1\` from now on, each with what it is for. The last order was taken a while ago; the primary is up and idle.`,
  tasks: [
    'Sort the twelve: which work on a standby, which are refused, and which succeed and give an answer that is not what was asked for?',
    'Then run each on `standby1`. The buttons send them, or type them yourself.',
  ],
  answers: statements.map(({ id, purpose, sql }) => ({
    kind: 'choice' as const,
    id,
    ask: `${purpose} \`${sql}\``,
    options,
    tries: { node: 'standby1', session: 'psql', sql },
  })),
  seeds: [1, 20, 300, 4_000, 50_000],
  start: {
    nodes: ['primary', 'standby1'],
    settings: {},
    setup: [
      'create table orders (id int primary key, what text not null)',
      'create sequence tickets',
      'create table visits (guest int)',
      'create function roll() returns int volatile language plpgsql as $$ begin return 1 + floor(random() * 6); end $$',
      'create function visit(guest int) returns int volatile language plpgsql as $$ begin insert into visits values (guest); return guest; end $$',
      "select nextval('tickets'), nextval('tickets'), nextval('tickets')",
    ],
    prelude: 40,
    clients: [
      {
        name: 'till',
        node: 'primary',
        sql: "insert into orders values ({key}, 'tea')",
        firstAt: [-39, -38],
        think: [1, 3],
        until: -20,
      },
    ],
    events: [],
  },
  drill: {
    after: 6,
    rounds: [
      {
        name: 'the twelve, once more',
        begin: [
          ...['psql', 'psql2'].map(
            (session) => ({ kind: 'terminate', node: 'primary', session }) as const,
          ),
          { kind: 'terminate', node: 'standby1', session: 'psql' },
          ...statements
            .filter(({ id }) => id !== 'advisory-lock')
            .map(({ id, sql }) => onStandby(`try ${id}`, sql)),
          onStandby(
            'what is missing',
            'select pg_last_wal_receive_lsn() - pg_last_wal_replay_lsn() as bytes',
          ),
          onPrimary('what was handed out', 'select last_value from tickets'),
          onPrimary('nightly job', 'select pg_try_advisory_lock(42)'),
          onStandby('try advisory-lock', 'select pg_try_advisory_lock(42)'),
        ],
        lasts: 1,
        end: [],
      },
    ],
  },
  checks: [
    {
      id: 'refusals',
      claim: 'What PostgreSQL refuses is sorted so',
      concepts: ['R4', 'Q3'],
    },
    { id: 'answers', claim: 'Answers that are wrong are told from right ones', concepts: ['Q3'] },
    { id: 'ran', claim: 'Each was run on the standby', concepts: ['Q3'] },
  ],
  hints: [
    'Which of them would leave something behind, in a table, a catalog, a sequence or a row?',
    'Of those that succeed: ask the primary the same, and compare. Take key 42 there first.',
    'Run `select last_value from tickets` on both. Run the lag twice, ten seconds apart.',
  ],
  solutions: [
    {
      name: 'sorted, then run',
      why: 'Three work, six are refused, and three succeed with an answer to another question.',
      actions: [...sorted(0.1), ...run(2)],
    },
    {
      name: 'run first, and sorted by what came',
      why: 'An experiment is no worse than a guess.',
      actions: [...run(0.5), ...sorted(4)],
    },
  ],
  traps: [
    trap(
      'nextval works',
      'It looks like a SELECT, and writes.',
      { nextval: 'works' },
      'refusals',
      'nextval() writes the sequence',
    ),
    trap(
      'a temporary table is private',
      'Private it is; its rows in the catalog are not.',
      { 'temp-table': 'works' },
      'refusals',
      'a temporary table has rows in the catalog',
    ),
    trap(
      'every volatile function is refused',
      'The label refuses nothing.',
      { 'volatile-read': 'refused' },
      'refusals',
      'the label VOLATILE refuses nothing',
    ),
    trap(
      'a function may do what a statement may not',
      'It may not.',
      { 'volatile-write': 'works' },
      'refusals',
      'what a function does is held to the same rules',
    ),
    trap(
      'a lock that was granted is held',
      'It is, on this one server.',
      { 'advisory-lock': 'works' },
      'answers',
      'each server knows its own advisory locks only',
    ),
    {
      name: 'sorted and never run',
      why: 'Half of the lab is to see it.',
      actions: sorted(0.1),
      caughtBy: 'ran',
      says: 'was not run on standby1',
    },
  ],
};

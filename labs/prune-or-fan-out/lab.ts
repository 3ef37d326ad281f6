import type { LabSource } from '../../src/lab/lab.ts';
import { answer, psql } from '../script.ts';

const YEARS = [2023, 2024, 2025, 2026];
const parts = (table: string) =>
  YEARS.map(
    (year) =>
      `create table ${table}_${year} partition of ${table} for values from ('${year}-01-01') to ('${year + 1}-01-01')`,
  );

/** The four questions: how they stand, the same so that it prunes, and what is to come out. */
const MARCH = {
  slow: 'select sum(quantity_kg) from supply_deliveries\nwhere extract(year from delivery_time) = 2025\n  and extract(month from delivery_time) = 3',
  good: "select sum(quantity_kg) from supply_deliveries where delivery_time >= '2025-03-01' and delivery_time < '2025-04-01'",
};
const WEEK = {
  slow: 'select count(*) from supply_deliveries\nwhere delivery_time::date > current_date - 7',
  good: 'select count(*) from supply_deliveries where delivery_time >= current_date - 6',
};
const SLIP = {
  slow: 'select id, quantity_kg from supply_deliveries\nwhere id = 2345',
  good: "select id, quantity_kg from supply_deliveries where id = 2345 and delivery_time >= '2025-05-09' and delivery_time < '2025-05-10'",
};
const WET = {
  slow: 'select count(*), sum(d.quantity_kg)\nfrom supply_deliveries d join complaints c on c.delivery_id = d.id\nwhere extract(year from c.delivery_time) = 2024',
  good: "select count(*), sum(d.quantity_kg) from supply_deliveries d join complaints c on c.delivery_id = d.id and c.delivery_time = d.delivery_time where d.delivery_time >= '2024-01-01' and d.delivery_time < '2025-01-01'",
};

const queries = [
  answer('march', MARCH.good),
  answer('week', WEEK.good),
  answer('slip', SLIP.good),
  answer('wet', WET.good),
];
const choices = [answer('whole', 'recipes'), answer('key', 'day')];
const pairs = [
  psql(2, 'alter system set enable_partitionwise_join = on'),
  psql(3, 'select pg_reload_conf()'),
];

const PAIRED =
  'select count(*) from supply_deliveries d join complaints c on c.delivery_id = d.id and c.delivery_time = d.delivery_time';
const inspected = (id: string, truth: string) => [
  {
    id: `${id}-plan`,
    node: 'primary',
    sql: `explain (analyze, costs off, timing off, summary off, buffers off, format json) {answer:${id}}`,
  },
  { id: `${id}-rows`, node: 'primary', sql: `{answer:${id}}` },
  { id: `${id}-truth`, node: 'primary', sql: truth },
];
const question = (id: string, ask: string, initial: string, columns: [string, string][]) => ({
  kind: 'sql' as const,
  id,
  ask,
  node: 'primary',
  initial,
  result: {
    columns: columns.map(([name, type]) => ({ name, type })),
    order: 'any' as const,
    rows: 'The same rows as the query that stands here now.',
  },
});

export const lab: LabSource = {
  name: 'prune-or-fan-out',
  version: 1,
  title: 'Prune or fan out',
  chapter: 12,
  minutes: 35,
  situation: `\`supply_deliveries\` and \`complaints\` are cut by year, both by \`delivery_time\`, and four questions have become no
cheaper by it: each of them opens every year. Two more tables are to be judged, and one join is made in one piece.`,
  tasks: [
    'Write the four questions so that they bring the same rows and open only the years that they need.',
    'Let a new session join deliveries and complaints year by year, without a SET of its own.',
    'Say which table had better stay whole, and by what the other one is cut.',
  ],
  answers: [
    question('march', 'The kilograms of March 2025', MARCH.slow, [['kilograms', 'numeric']]),
    question('week', 'How many deliveries came today and in the six days before', WEEK.slow, [
      ['deliveries', 'bigint'],
    ]),
    question('slip', 'Delivery 2345. The slip bears the date 9 May 2025', SLIP.slow, [
      ['id', 'bigint'],
      ['quantity_kg', 'numeric'],
    ]),
    question(
      'wet',
      'Complaints about deliveries of 2024, and how many kilograms they were',
      WET.slow,
      [
        ['complaints', 'bigint'],
        ['kilograms', 'numeric'],
      ],
    ),
    {
      kind: 'choice',
      id: 'whole',
      ask: 'Which table had better stay one table?',
      options: [
        {
          id: 'visits',
          label: 'visits: 800 GB. A month is thrown away each month; reports name the day.',
        },
        {
          id: 'recipes',
          label:
            'recipes: 6 GB. Looked up by primary key, changed now and then, never thrown away.',
        },
        { id: 'neither', label: 'Neither: every large table gains by it.' },
      ],
    },
    {
      kind: 'choice',
      id: 'key',
      ask: 'By what is visits cut?',
      options: [
        { id: 'guest', label: 'HASH of the guest: all parts are equally large' },
        { id: 'day', label: 'RANGE of the day' },
        { id: 'id', label: 'RANGE of the id: it grows with time' },
      ],
    },
  ],
  seeds: [1, 20, 300, 4_000, 50_000],
  start: {
    nodes: ['primary'],
    settings: {},
    setup: [
      'create table supply_deliveries (id bigint generated always as identity, delivery_time timestamptz not null, quantity_kg numeric(7,2) not null, constraint supply_deliveries_pkey primary key (id, delivery_time)) partition by range (delivery_time)',
      ...parts('supply_deliveries'),
      "insert into supply_deliveries (delivery_time, quantity_kg) select timestamptz '2023-01-01' + i * interval '528 minutes', 1 + (i % 500) / 10.0 from generate_series(0, 2999) i",
      'create table complaints (delivery_id bigint not null, delivery_time timestamptz not null, words text) partition by range (delivery_time)',
      ...parts('complaints'),
      "insert into complaints select id, delivery_time, 'wet' from supply_deliveries where id % 5 = 0",
      'vacuum analyze',
    ],
    prelude: 2,
    clients: [
      {
        name: 'dock',
        node: 'primary',
        sql: 'insert into supply_deliveries (delivery_time, quantity_kg) values (now(), {1..40}) /* {key} */',
        firstAt: [-2, -1],
        think: [2, 4],
      },
    ],
    events: [],
  },
  drill: {
    after: 8,
    rounds: [],
    inspect: [
      ...inspected('march', MARCH.good),
      ...inspected('week', WEEK.good),
      ...inspected('slip', SLIP.good),
      ...inspected('wet', WET.good),
      { id: 'pairs', node: 'primary', sql: `explain (costs off, format json) ${PAIRED}` },
      {
        id: 'standing',
        node: 'primary',
        sql: "select exists (select from pg_db_role_setting, unnest(setconfig) as one where one ~* '^enable_partitionwise_join=(on|true|yes|1)$')",
      },
      { id: 'exclusion', node: 'primary', sql: 'show constraint_exclusion' },
    ],
  },
  checks: [
    {
      id: 'four-prune',
      claim: 'Four queries open only the years that they need',
      concepts: ['P2', 'P3'],
    },
    { id: 'pairs', claim: 'The join is made year by year', concepts: ['P4'] },
    {
      id: 'stays-whole',
      claim: 'The table that is better left alone is left alone',
      concepts: ['P8'],
    },
    { id: 'key', claim: 'The other one is cut by what it is thrown away by', concepts: ['P1'] },
  ],
  hints: [
    'EXPLAIN (ANALYZE) each question, and show it as a tree. What stands between the key and the comparison?',
    'A range from the first instant of a month to the first of the next says the same as the year and the month do, and leaves the column alone. Where the id is asked for, what else is known of the row?',
    'For the join: enable_partitionwise_join is off. SET counts for your own session; ALTER SYSTEM and a reload, or ALTER DATABASE, for new ones. It needs equality on the key.',
  ],
  solutions: [
    {
      name: 'ranges of the key, and ALTER SYSTEM',
      why: 'The key alone on its side of each comparison.',
      actions: [...queries, ...choices, ...pairs],
    },
    {
      name: 'between, a range for both sides, and ALTER DATABASE',
      why: 'Equality of the key tells the planner nothing of a range on the other side, unless it joins in pairs: so say both.',
      actions: [
        answer(
          'march',
          "select sum(quantity_kg) from supply_deliveries where delivery_time between '2025-03-01' and '2025-03-31 23:59:59.999999';",
        ),
        answer(
          'week',
          "select count(*) from supply_deliveries where delivery_time >= date_trunc('day', now()) - interval '6 days'",
        ),
        answer(
          'slip',
          "select id, quantity_kg from supply_deliveries where id = 2345 and delivery_time between '2025-05-09' and '2025-05-10'",
        ),
        answer(
          'wet',
          "select count(*), sum(quantity_kg) from complaints c join supply_deliveries d on d.id = c.delivery_id and d.delivery_time = c.delivery_time where c.delivery_time >= '2024-01-01' and c.delivery_time < '2025-01-01' and d.delivery_time >= '2024-01-01' and d.delivery_time < '2025-01-01'",
        ),
        ...choices,
        psql(2, 'alter database postgres set enable_partitionwise_join = on'),
      ],
    },
  ],
  traps: [
    {
      name: 'a function on the key',
      why: 'date_trunc says the month as well as anything, and no label can be compared with it.',
      actions: [
        answer(
          'march',
          "select sum(quantity_kg) from supply_deliveries where date_trunc('month', delivery_time) = '2025-03-01'",
        ),
        ...queries.slice(1),
        ...choices,
        ...pairs,
      ],
      caughtBy: 'four-prune',
      says: 'inside a function or a cast',
      seeds: 'some',
    },
    {
      name: 'the wrong key',
      why: 'The ids of March are known, and an index finds them; but no label speaks of ids.',
      actions: [
        answer(
          'march',
          'select sum(quantity_kg) from supply_deliveries where id between 2156 and 2240',
        ),
        ...queries.slice(1),
        ...choices,
        ...pairs,
      ],
      caughtBy: 'four-prune',
      says: 'does not name delivery_time',
      seeds: 'some',
    },
    {
      name: 'constraint_exclusion',
      why: 'It proves things from CHECK constraints of inheritance children. It prunes no partition.',
      actions: [
        psql(1, 'alter system set constraint_exclusion = on'),
        psql(1.5, 'select pg_reload_conf()'),
        answer('march', MARCH.slow, 2),
        ...queries.slice(1).map((one) => ({ ...one, at: 2 })),
        ...choices.map((one) => ({ ...one, at: 2 })),
        ...pairs,
      ],
      caughtBy: 'four-prune',
      says: 'constraint_exclusion is on',
      seeds: 'some',
    },
    {
      name: 'a day too few',
      why: '“to the 31st” ends at midnight, when the 31st begins.',
      actions: [
        answer(
          'march',
          "select sum(quantity_kg) from supply_deliveries where delivery_time between '2025-03-01' and '2025-03-31'",
        ),
        ...queries.slice(1),
        ...choices,
        ...pairs,
      ],
      caughtBy: 'four-prune',
      says: 'other rows',
      seeds: 'some',
    },
    {
      name: 'SET for the join',
      why: 'It counts for the session that set it.',
      actions: [...queries, ...choices, psql(2, 'set enable_partitionwise_join = on')],
      caughtBy: 'pairs',
      says: 'in one piece',
      seeds: 'some',
    },
    {
      name: 'everything is partitioned',
      why: 'Six gigabytes that are looked up by key and never thrown away gain nothing.',
      actions: [...queries, answer('whole', 'neither'), answer('key', 'day'), ...pairs],
      caughtBy: 'stays-whole',
      says: 'four levels',
      seeds: 'some',
    },
    {
      name: 'cut by a hash',
      why: 'Parts of equal size, none of which ever becomes old.',
      actions: [...queries, answer('whole', 'recipes'), answer('key', 'guest'), ...pairs],
      caughtBy: 'key',
      says: 'row by row',
      seeds: 'some',
    },
  ],
};

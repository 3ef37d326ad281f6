import type { LabSource } from '../../src/lab/lab.ts';
import { psql } from '../script.ts';

/** Tried every second and a half, until nobody is in the way; what has been done already only fails again. */
const again = (from: number, sql: string, times = 5) =>
  Array.from({ length: times }, (_, i) => psql(from + 1.5 * i, sql));

/** An attempt that failed has left its block open. */
const SOON = "rollback; begin; set local lock_timeout = '100ms'";
const month = (name: string, from: string, to: string) =>
  `create table deliveries_${name} partition of supply_deliveries for values from ('${from}') to ('${to}')`;
const FEBRUARY = "for values from ('2026-02-01') to ('2026-03-01')";

const beside =
  'create table deliveries_2026_02 (like supply_deliveries including all excluding identity)';
const moveAndAttach = `${SOON}; lock table deliveries_rest in access exclusive mode; with moved as (delete from deliveries_rest where delivery_time >= '2026-02-01' and delivery_time < '2026-03-01' returning *) insert into deliveries_2026_02 select * from moved; alter table supply_deliveries attach partition deliveries_2026_02 ${FEBRUARY}; commit`;
const withoutDefault = `${SOON}; alter table supply_deliveries detach partition deliveries_rest; commit`;
const detach = (suffix = '') =>
  `alter table supply_deliveries detach partition deliveries_2025_11${suffix}`;

export const lab: LabSource = {
  name: 'retention',
  version: 1,
  title: 'Retention',
  chapter: 12,
  minutes: 30,
  situation: `\`supply_deliveries\` is cut by month and keeps a window of months. It is time: November 2025 is to leave, and February
2026 has no partition yet. What the planner has ordered for February lies in the \`DEFAULT\` partition, \`deliveries_rest\`, and
every second more is ordered. Meanwhile the dock writes, and somebody reads a report of more than a second again and again.`,
  tasks: [
    'Give February 2026 a partition, with all that is ordered for it.',
    'Take November 2025 out of the window. Keep it as a table, `deliveries_2025_11`: the bookkeeper wants it.',
    'No writer may be refused, and none may take more than 200 ms.',
  ],
  seeds: [1, 20, 300, 4_000, 50_000],
  start: {
    nodes: ['primary'],
    settings: {},
    setup: [
      'create table supply_deliveries (id bigint generated always as identity, supplier_id integer not null, delivery_time timestamptz not null, slip int, primary key (id, delivery_time)) partition by range (delivery_time)',
      month('2025_11', '2025-11-01', '2025-12-01'),
      month('2025_12', '2025-12-01', '2026-01-01'),
      month('2026_01', '2026-01-01', '2026-02-01'),
      'create table deliveries_rest partition of supply_deliveries default',
      "insert into supply_deliveries (supplier_id, delivery_time) select 1 + i % 40, timestamptz '2025-11-01' + i * interval '1 hour' from generate_series(0, 1500) i",
      "insert into supply_deliveries (supplier_id, delivery_time) select 1 + i % 40, timestamptz '2026-02-01' + i * interval '8 hours' from generate_series(0, 79) i",
      'vacuum analyze',
    ],
    work: { blockHitMs: 0.1, blockReadMs: 1, walKilobyteMs: 0.2 },
    prelude: 2,
    clients: [
      {
        name: 'dock',
        count: 2,
        node: 'primary',
        sql: 'insert into supply_deliveries (supplier_id, delivery_time, slip) values ({1..40}, now(), {key})',
        firstAt: [-2, -1],
        think: [0.8, 1.4],
      },
      {
        name: 'planner',
        node: 'primary',
        sql: "insert into supply_deliveries (supplier_id, delivery_time, slip) values ({1..40}, timestamptz '2026-02-01' + {1..600} * interval '1 hour', {key})",
        firstAt: [-2, -1],
        think: [0.8, 1.4],
      },
      {
        name: 'report',
        node: 'primary',
        errands: [
          {
            sql: 'select pg_sleep(1.2) from (select count(*) from supply_deliveries) all_of_them /* {key} */',
            kind: 'read',
          },
        ],
        firstAt: [-2, -1],
        think: [0.9, 2.2],
      },
    ],
    events: [],
  },
  drill: {
    after: 36,
    rounds: [],
    inspect: [
      {
        id: 'february',
        node: 'primary',
        sql: "select c.relname, pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', count(*) from supply_deliveries d join pg_class c on c.oid = d.tableoid where delivery_time >= '2026-02-01' and delivery_time < '2026-03-01' group by 1, 2 order by 2 desc",
      },
      {
        id: 'slips',
        node: 'primary',
        sql: 'select slip from supply_deliveries where slip is not null',
      },
      {
        id: 'november',
        node: 'primary',
        sql: "select c.relispartition, (select count(*) from deliveries_2025_11) from pg_class c where c.oid = 'deliveries_2025_11'::regclass",
      },
      {
        id: 'pending',
        node: 'primary',
        sql: "select inhdetachpending from pg_inherits where inhrelid = 'deliveries_2025_11'::regclass",
      },
    ],
  },
  checks: [
    { id: 'window', claim: 'February is in the window, November is not', concepts: ['P7'] },
    { id: 'kept', claim: 'Nothing is lost: not November, not a slip', concepts: ['P7'] },
    { id: 'no-stall', claim: 'No writer was refused or took more than 200 ms', concepts: ['P7'] },
  ],
  hints: [
    'What does CREATE TABLE … PARTITION OF lock, and who stands behind it while the report is being read? What does ATTACH lock?',
    'ATTACH looks through the DEFAULT partition for rows that belong to February. Move them in the same transaction. It wants ACCESS EXCLUSIVE on the DEFAULT partition, which the report reads too: set a lock_timeout, and try again.',
    'Beside a DEFAULT partition nothing is detached CONCURRENTLY. Take the DEFAULT out first, quickly, or detach November the plain way, as quickly.',
  ],
  solutions: [
    {
      name: 'attach, then detach concurrently',
      why: 'February’s table is filled and hung in by one short transaction. Without the DEFAULT, November may take its time to leave.',
      actions: [
        psql(1, beside),
        ...again(3, moveAndAttach),
        ...again(12, withoutDefault),
        psql(20, detach(' concurrently'), 'another'),
      ],
    },
    {
      name: 'plain detach, between two reports',
      why: 'ACCESS EXCLUSIVE on the parent is harmless where it is had at once, or given up at once.',
      actions: [
        psql(1, beside),
        ...again(3, moveAndAttach),
        ...again(12, `${SOON}; ${detach()}; commit`),
      ],
    },
  ],
  traps: [
    {
      name: 'PARTITION OF, behind a report',
      why: 'It wants ACCESS EXCLUSIVE on the parent. While it waits for the report, every writer waits for it.',
      actions: [
        psql(2, "delete from deliveries_rest where delivery_time < '2026-02-01'"),
        psql(3, month('2026_03', '2026-03-01', '2026-04-01')),
        psql(4.5, month('2026_04', '2026-04-01', '2026-05-01')),
        psql(6, month('2026_05', '2026-05-01', '2026-06-01')),
        psql(7.5, month('2026_06', '2026-06-01', '2026-07-01')),
      ],
      caughtBy: 'no-stall',
      says: 'partition of supply_deliveries',
      seeds: 'some',
    },
    {
      name: 'the DEFAULT in the way',
      why: 'ATTACH finds rows of February in the DEFAULT partition and refuses. So does DETACH CONCURRENTLY beside a DEFAULT.',
      actions: [
        psql(1, beside),
        psql(3, `alter table supply_deliveries attach partition deliveries_2026_02 ${FEBRUARY}`),
        psql(6, detach(' concurrently')),
      ],
      caughtBy: 'window',
      says: 'lie in the DEFAULT partition',
      seeds: 'some',
    },
    {
      name: 'DETACH in a transaction with more in it',
      why: 'The lock on the parent lasts until COMMIT, and with it every writer.',
      actions: [
        psql(1, beside),
        ...again(3, moveAndAttach),
        psql(
          12,
          'rollback; begin; alter table supply_deliveries detach partition deliveries_2025_11',
        ),
        psql(14.5, 'create table archive as select * from deliveries_2025_11'),
        psql(16.5, 'commit'),
      ],
      caughtBy: 'no-stall',
      says: 'detach partition deliveries_2025_11',
      seeds: 'some',
    },
    {
      name: 'dropping',
      why: 'DROP TABLE is a DETACH that throws the rows away.',
      actions: [
        psql(1, beside),
        ...again(3, moveAndAttach),
        ...again(12, `${SOON}; drop table deliveries_2025_11; commit`),
      ],
      caughtBy: 'kept',
      says: 'is gone',
      seeds: 'some',
    },
  ],
};

import type { LabSource } from '../../src/lab/lab.ts';
import { psql } from '../script.ts';

const COLUMNS = `supplier_id integer not null, delivery_time timestamptz not null, quantity_kg numeric(7,2) not null,
  checks integer not null default 0, note text not null default repeat('.', 700)`;
const LIST = 'supplier_id, delivery_time, quantity_kg, checks, note';

const parent = `create table parted (id bigint generated always as identity, ${COLUMNS}, primary key (id, delivery_time)) partition by range (delivery_time)`;
const part = (name: string, from: string, to: string) =>
  `create table ${name} partition of parted for values from ('${from}') to ('${to}')`;
const years = (...list: number[]) =>
  list.map((year) => part(`deliveries_${year}`, `${year}-01-01`, `${year + 1}-01-01`)).join('; ');

const UPSERT = `on conflict (id, delivery_time) do update set (${LIST.replace('delivery_time, ', '')}) = (${LIST.replace(
  'delivery_time, ',
  '',
)
  .split(', ')
  .map((column) => `excluded.${column}`)
  .join(', ')})`;

const mirror = `create function mirror() returns trigger language plpgsql as $$
begin
  insert into parted overriding system value values (new.*) ${UPSERT};
  return null;
end $$;
create trigger mirror after insert or update on supply_deliveries for each row execute function mirror()`;

const copy = (from: number, to: number) =>
  `insert into parted overriding system value select * from supply_deliveries where id > ${from} and id <= ${to} on conflict do nothing`;
const batches = (from: number) =>
  [0, 250, 500, 750].map((start, i) =>
    psql(from + 2 * i, copy(start, start === 750 ? 9999 : start + 250)),
  );

const reference = `alter table complaints add constraint complaints_delivery foreign key (delivery_id, delivery_time) references parted (id, delivery_time)`;
const moveOn = `select setval(pg_get_serial_sequence('parted', 'id'), (select max(id) from supply_deliveries))`;
const forget = 'alter table complaints drop constraint complaints_delivery_id_fkey';
const rename = `alter table supply_deliveries rename to supply_deliveries_old; alter table parted rename to supply_deliveries`;
const view = `create or replace view heavy_deliveries as select id, supplier_id, delivery_time, quantity_kg from supply_deliveries where quantity_kg > 40`;
const swap = (...parts: string[]) =>
  `begin; set local lock_timeout = '300ms'; lock table supply_deliveries in access exclusive mode; ${parts.join('; ')}; commit`;
const ANALYZE = 'analyze supply_deliveries';

/** All that the trigger's way does before the swap. */
const mirrored = [
  psql(1, `${parent}; ${years(2023, 2024, 2025, 2026, 2027)}`),
  psql(4, mirror),
  ...batches(6),
];

export const lab: LabSource = {
  name: 'move-the-mountain',
  version: 1,
  title: 'Move the mountain',
  chapter: 12,
  minutes: 90,
  situation: `\`supply_deliveries\` has grown since 2023 and is to be cut by year. Three clerks at the dock write to it all day,
a fourth counts how often a delivery was checked. \`complaints\` refer to it, and the view \`heavy_deliveries\` reads it. The
server is slow: to copy the whole table takes it more than a second.`,
  tasks: [
    'Make `supply_deliveries` a partitioned table with the same rows, under the same numbers, and those that come while you work.',
    'No request may fail, and none may take more than 500 ms.',
    'A query of next month must not open what holds the old years, and the planner must know the whole table.',
    'The complaints’ foreign key and the view belong to the new table in the end.',
  ],
  seeds: [1, 20, 300, 4_000, 50_000],
  start: {
    nodes: ['primary'],
    settings: { primary: { shared_buffers: '2MB' } },
    setup: [
      `create table supply_deliveries (id bigint generated always as identity primary key, ${COLUMNS})`,
      `insert into supply_deliveries (supplier_id, delivery_time, quantity_kg)
       select 1 + i % 40, timestamptz '2023-01-01' + i * interval '1580 minutes', 1 + (i % 500) / 10.0 from generate_series(0, 999) i`,
      `create table complaints (delivery_id bigint not null references supply_deliveries, delivery_time timestamptz not null, words text)`,
      `insert into complaints select id, delivery_time, 'wet' from supply_deliveries where id % 97 = 0`,
      view.replace('or replace ', ''),
      'vacuum analyze',
    ],
    work: { blockHitMs: 0.2, blockReadMs: 3, walKilobyteMs: 0.3 },
    prelude: 3,
    clients: [
      {
        name: 'dock',
        count: 3,
        node: 'primary',
        sql: `insert into supply_deliveries (supplier_id, delivery_time, quantity_kg, note) values ({1..40}, now(), 12.5, 'slip {key}')`,
        firstAt: [-3, -1],
        think: [1.2, 2],
      },
      {
        name: 'desk',
        node: 'primary',
        sql: 'update supply_deliveries set checks = checks + 1 where id = {1..900} /* {key} */',
        firstAt: [-3, -1],
        think: [1.2, 2],
      },
    ],
    events: [],
  },
  drill: {
    after: 34,
    rounds: [],
    inspect: [
      {
        id: 'kind',
        node: 'primary',
        sql: "select relkind from pg_class where oid = 'supply_deliveries'::regclass",
      },
      {
        id: 'old-rows',
        node: 'primary',
        sql: "select count(*), coalesce(sum(id), 0) from supply_deliveries where note not like 'slip %'",
      },
      {
        id: 'checked',
        node: 'primary',
        sql: 'select coalesce(sum(checks), 0) from supply_deliveries',
      },
      {
        id: 'slips',
        node: 'primary',
        sql: "select substr(note, 6) from supply_deliveries where note like 'slip %'",
      },
      {
        id: 'twice',
        node: 'primary',
        sql: 'select id from supply_deliveries group by id having count(*) > 1 order by id limit 1',
      },
      {
        id: 'sequence',
        node: 'primary',
        sql: "select pg_sequence_last_value(pg_get_serial_sequence('supply_deliveries', 'id')::regclass), (select max(id) from supply_deliveries)",
      },
      {
        id: 'plan',
        node: 'primary',
        sql: "explain (format json) select sum(quantity_kg) from supply_deliveries where delivery_time >= '2026-02-01' and delivery_time < '2026-03-01'",
      },
      {
        id: 'old-homes',
        node: 'primary',
        sql: "select distinct c.relname from supply_deliveries d join pg_class c on c.oid = d.tableoid where delivery_time < '2025-01-01'",
      },
      {
        id: 'statistics',
        node: 'primary',
        sql: "select count(*) from pg_stats where tablename = 'supply_deliveries' and inherited",
      },
      {
        id: 'reference',
        node: 'primary',
        sql: "select confrelid::regclass from pg_constraint where conrelid = 'complaints'::regclass and contype = 'f' and conparentid = 0",
      },
      {
        id: 'view',
        node: 'primary',
        sql: "select distinct d.refobjid::regclass from pg_depend d join pg_rewrite r on r.oid = d.objid where r.ev_class = 'heavy_deliveries'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.ev_class",
      },
    ],
  },
  checks: [
    { id: 'no-row-lost', claim: 'No row is lost', concepts: ['P6'] },
    {
      id: 'ids',
      claim: 'No number is given twice, and the next one is larger than all',
      concepts: ['P5'],
    },
    { id: 'no-stall', claim: 'No request failed or took more than 500 ms', concepts: ['P6'] },
    { id: 'plans', claim: 'Plans prune, and the parent is analysed', concepts: ['P1', 'P9'] },
    {
      id: 'nothing-left',
      claim: 'The foreign key and the view belong to the new table',
      concepts: ['P6'],
    },
  ],
  hints: [
    'Which rows does one INSERT … SELECT not see, if nothing is locked? And who waits, if something is?',
    'A trigger can bring every change to the new table from the moment it is there. What is older can come in batches of a fifth of a second, with ON CONFLICT DO NOTHING.',
    'The swap is one transaction: lock, setval, foreign key, view, both renames. Put a lock_timeout in front, so that nobody queues behind you for long; and ANALYZE afterwards.',
  ],
  solutions: [
    {
      name: 'a trigger, batches, and a short swap',
      why: 'Whatever changes is written to both tables; batches bring what is older; the lock is held for the renames alone.',
      actions: [
        ...mirrored,
        psql(16, reference),
        psql(19, swap(moveOn, forget, rename, view)),
        psql(22, ANALYZE),
      ],
    },
    {
      name: 'a log of changes, caught up under the lock',
      why: 'What logical replication does: remember which rows have changed, copy, catch up, and catch up for the last time while nobody writes.',
      actions: [
        psql(1, `${parent}; ${years(2023, 2024, 2025, 2026, 2027)}`),
        psql(
          4,
          `create table changed (id bigint not null);
create function note_change() returns trigger language plpgsql as $$ begin insert into changed values (new.id); return null; end $$;
create trigger note_change after insert or update on supply_deliveries for each row execute function note_change()`,
        ),
        ...batches(6),
        psql(
          14,
          `with due as (delete from changed returning id) insert into parted overriding system value select * from supply_deliveries where id in (select id from due) ${UPSERT}`,
        ),
        psql(16, reference),
        psql(
          19,
          swap(
            `insert into parted overriding system value select * from supply_deliveries where id in (select id from changed) ${UPSERT}`,
            moveOn,
            forget,
            rename,
            view,
          ),
        ),
        psql(22, ANALYZE),
      ],
    },
    {
      name: 'the old table becomes a partition',
      why: 'No row moves. A valid CHECK and a unique index, made without holding anybody up, let ATTACH look at nothing.',
      actions: [
        psql(
          1,
          "alter table supply_deliveries add constraint fits check (delivery_time >= '2023-01-01' and delivery_time < '2026-01-06') not valid",
        ),
        psql(3, 'alter table supply_deliveries validate constraint fits'),
        psql(
          6,
          'create unique index concurrently old_key on supply_deliveries (id, delivery_time)',
        ),
        psql(
          11,
          `${parent}; ${part('deliveries_2026', '2026-01-06', '2027-01-01')}; ${years(2027)}`,
        ),
        psql(
          15,
          swap(
            forget,
            'alter table supply_deliveries alter id drop identity',
            'alter table supply_deliveries drop constraint supply_deliveries_pkey',
            'alter table supply_deliveries add constraint old_key primary key using index old_key',
            moveOn,
            "alter table parted attach partition supply_deliveries for values from ('2023-01-01') to ('2026-01-06')",
            'alter table supply_deliveries rename to deliveries_until_2026',
            'alter table parted rename to supply_deliveries',
            view,
          ),
        ),
        psql(18, reference.replace('references parted', 'references supply_deliveries')),
        psql(21, ANALYZE),
      ],
    },
  ],
  traps: [
    {
      name: 'the rename alone',
      why: 'A rename moves a name. The rows stay where they are.',
      actions: [
        psql(1, `${parent}; ${years(2023, 2024, 2025, 2026, 2027)}`),
        psql(5, swap(rename)),
      ],
      caughtBy: 'no-row-lost',
      says: 'A rename moves a name',
      seeds: 'some',
    },
    {
      name: 'no place for this year',
      why: 'The old years have their partitions. What is delivered today has none.',
      actions: [psql(1, `${parent}; ${years(2023, 2024, 2025)}`), psql(5, swap(moveOn, rename))],
      caughtBy: 'no-stall',
      says: 'no partition of relation',
      seeds: 'some',
    },
    {
      name: 'the identity begins again',
      why: 'The new table’s sequence has never been asked before, so it begins at 1.',
      actions: [
        ...mirrored,
        psql(16, reference),
        psql(19, swap(forget, rename, view)),
        psql(22, ANALYZE),
      ],
      caughtBy: 'ids',
      says: 'is given again',
      seeds: 'some',
    },
    {
      name: 'one copy under a lock',
      why: 'Nothing is lost, and the dock stands until the last row is copied.',
      actions: [
        psql(1, `${parent}; ${years(2023, 2024, 2025, 2026, 2027)}`),
        psql(
          5,
          `begin; lock table supply_deliveries in share row exclusive mode; insert into parted overriding system value select * from supply_deliveries; ${moveOn}; ${rename}; commit`,
        ),
      ],
      caughtBy: 'no-stall',
      says: 'share row exclusive mode',
      seeds: 'some',
    },
    {
      name: 'one copy without a lock',
      why: 'Nobody stands, and what is written while it runs is not in it.',
      actions: [
        psql(1, `${parent}; ${years(2023, 2024, 2025, 2026, 2027)}`),
        psql(5, 'insert into parted overriding system value select * from supply_deliveries'),
        psql(9, swap(moveOn, rename)),
      ],
      caughtBy: 'no-row-lost',
      says: 'while the copy was made',
      seeds: 'some',
    },
    {
      name: 'new numbers for old rows',
      why: 'Without OVERRIDING SYSTEM VALUE a copy draws new numbers. Whoever wrote an old one down does not find it.',
      actions: [
        psql(1, `${parent}; ${years(2023, 2024, 2025, 2026, 2027)}`),
        psql(
          5,
          `insert into parted (${LIST}) select ${LIST} from supply_deliveries order by delivery_time desc`,
        ),
        psql(9, swap(rename)),
      ],
      caughtBy: 'no-row-lost',
      says: 'other numbers',
      seeds: 'some',
    },
    {
      name: 'foreign key and view left behind',
      why: 'Both follow the table by its OID. They go on with the old one, where nothing new comes in.',
      actions: [...mirrored, psql(19, swap(moveOn, rename)), psql(22, ANALYZE)],
      caughtBy: 'nothing-left',
      says: 'supply_deliveries_old',
      seeds: 'some',
    },
    {
      name: 'nobody analysed the whole',
      why: 'The parts may be analysed by autovacuum. The parent never is.',
      actions: [...mirrored, psql(16, reference), psql(19, swap(moveOn, forget, rename, view))],
      caughtBy: 'plans',
      says: 'no statistics of the whole',
      seeds: 'some',
    },
  ],
};

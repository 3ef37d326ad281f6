/** What chapter 12 lets its reader run, in the order of the text. */
const on = (session: string, sql: string) => ({ node: 'primary', session, sql });

const MEASURED = 'explain (analyze, buffers, costs off, timing off, summary off)\n';
const SHAPE = 'explain (costs off)\n';
const columns = 'supplier_id, ingredient_id, delivery_time, quantity_kg';

/** The figure `containers`. */
export const heap = {
  deletes: on(
    'a',
    "explain (analyze, wal, costs off, timing off, summary off, buffers off)\ndelete from heap where delivery_time < '2024-01-01';",
  ),
  left: on('a', "select pg_relation_size('heap') / 8192 as pages, count(*) from heap;"),
  vacuums: on('a', 'vacuum heap;'),
  drops: on(
    'a',
    'begin;\ndrop table supply_deliveries_2023;\nselect count(*) from supply_deliveries;\nrollback;',
  ),
} as const;

export const cut = {
  where: on(
    'a',
    'select tableoid::regclass as container,\n  count(*), min(id), max(id)\nfrom supply_deliveries group by 1 order by 1;',
  ),
  parent: on(
    'a',
    "select count(*), pg_relation_size('supply_deliveries') as bytes\nfrom only supply_deliveries;",
  ),
  homeless: on('a', `insert into supply_deliveries (${columns})\nvalues (1, 1, '2027-05-01', 5);`),
  hash: on(
    'a',
    "create table orders (id bigint not null, what text) partition by hash (id);\ncreate table orders_0 partition of orders for values with (modulus 3, remainder 0);\ncreate table orders_1 partition of orders for values with (modulus 3, remainder 1);\ncreate table orders_2 partition of orders for values with (modulus 3, remainder 2);\ninsert into orders select i, 'tea' from generate_series(1, 3000) i;\nselect tableoid::regclass, count(*) from orders group by 1 order by 1;",
  ),
} as const;

const ofYear =
  "select sum(quantity_kg) from supply_deliveries\nwhere delivery_time >= '2025-01-01' and delivery_time < '2026-01-01';";
const lastMonth =
  "select count(*) from supply_deliveries\nwhere delivery_time >= now() - interval '30 days';";
const byFunction =
  'select sum(quantity_kg) from supply_deliveries\nwhere extract(year from delivery_time) = 2025;';

export const prune = {
  constant: on('a', SHAPE + ofYear),
  now: on('a', SHAPE + lastMonth),
  never: on(
    'a',
    'explain (analyze, costs off, timing off, summary off, buffers off)\nselect * from supply_deliveries\nwhere delivery_time = (select max(delivery_time) from complaints);',
  ),
  prepared: on(
    'a',
    "prepare on_day (timestamptz) as\n  select count(*) from supply_deliveries where delivery_time = $1;\nset plan_cache_mode = force_generic_plan;\nexplain (costs off) execute on_day ('2025-03-01');",
  ),
  byFunction: on('a', MEASURED + byFunction),
  byRange: on('a', MEASURED + ofYear),
  exclusion: on(
    'b',
    `set enable_partition_pruning = off;\nset constraint_exclusion = on;\n${SHAPE}${ofYear}\nreset enable_partition_pruning;\nreset constraint_exclusion;`,
  ),
} as const;

export const fan = {
  heapId: on('a', `${MEASURED}select * from heap where id = 2345;`),
  partsId: on('a', `${MEASURED}select * from supply_deliveries where id = 2345;`),
  withKey: on(
    'a',
    `${MEASURED}select * from supply_deliveries\nwhere id = 2345 and delivery_time = '2025-05-09 11:12+00';`,
  ),
  heapIngredient: on('a', `${MEASURED}select * from heap where ingredient_id = 77;`),
  partsIngredient: on('a', `${MEASURED}select * from supply_deliveries where ingredient_id = 77;`),
} as const;

const pairs =
  'select count(*) from supply_deliveries d\njoin complaints c on c.delivery_id = d.id and c.delivery_time = d.delivery_time;';

export const join = {
  plain: on('a', `reset plan_cache_mode;\n${SHAPE}${pairs}`),
  wise: on('a', `set enable_partitionwise_join = on;\n${SHAPE}${pairs}`),
  idOnly: on(
    'a',
    `${SHAPE}select count(*) from supply_deliveries d\njoin complaints c on c.delivery_id = d.id;`,
  ),
} as const;

export const keys = {
  uniqueId: on('a', 'create unique index on supply_deliveries (id);'),
  twice: on(
    'a',
    `insert into supply_deliveries (id, ${columns})\noverriding system value values (2345, 1, 1, '2026-01-04', 5);\nselect id, count(*), array_agg(tableoid::regclass) from supply_deliveries\ngroup by id having count(*) > 1;`,
  ),
  reference: on(
    'a',
    'create table invoices (delivery_id bigint references supply_deliveries (id));',
  ),
  given: on(
    'a',
    `insert into supply_deliveries (id, ${columns})\nvalues (9000, 1, 1, '2026-01-04', 5);`,
  ),
  everyPart: on(
    'a',
    "create index deliveries_supplier on supply_deliveries (supplier_id);\nselect indrelid::regclass, indexrelid::regclass from pg_index\nwhere indexrelid::regclass::text like '%supplier%' order by 1;",
  ),
  concurrently: on('a', 'create index concurrently on supply_deliveries (quantity_kg);'),
} as const;

export const care = {
  onePart: on(
    'b',
    "create table tips (day date not null, amount int) partition by range (day);\ncreate table tips_2026 partition of tips for values from ('2026-01-01') to ('2027-01-01');\ninsert into tips select date '2026-01-01' + i % 360, i % 10 from generate_series(1, 3000) i;\nanalyze tips_2026;",
  ),
  known: on(
    'b',
    "select tablename, count(*) as columns_known from pg_stats\nwhere tablename like 'tips%' group by 1 order by 1;",
  ),
  parent: on('b', 'analyze tips;'),
} as const;

const newTable = `create table deliveries_by_year (
  id bigint generated always as identity,
  supplier_id integer not null, ingredient_id integer not null,
  delivery_time timestamptz not null,
  quantity_kg numeric(7,2) not null,
  note text not null default repeat('.', 700),
  primary key (id, delivery_time)
) partition by range (delivery_time);`;
const year = (one: number) =>
  `create table supply_deliveries_${one} partition of deliveries_by_year\n  for values from ('${one}-01-01') to ('${one + 1}-01-01');`;

/** The figure `mountain`. */
export const asWritten = {
  parent: on('a', `${newTable}\n${year(2024)}`),
  swap: on(
    'a',
    'begin;\nalter table supply_deliveries rename to supply_deliveries_old;\nalter table deliveries_by_year rename to supply_deliveries;\ncommit;',
  ),
  count: on('b', 'select count(*) from supply_deliveries;'),
  view: on('b', 'select count(*) from heavy_deliveries;'),
  foreignKey: on(
    'b',
    "select conrelid::regclass, confrelid::regclass as refers_to\nfrom pg_constraint where conrelid = 'complaints'::regclass and contype = 'f';",
  ),
  firstId: on(
    'b',
    `insert into supply_deliveries (${columns})\nvalues (1, 1, '2024-07-01', 5) returning id;`,
  ),
} as const;

const batch = (from: number, to: number) =>
  on(
    'a',
    `insert into deliveries_by_year overriding system value\nselect * from supply_deliveries where id > ${from} and id <= ${to}\non conflict do nothing;`,
  );

export const migrate = {
  parents: on('a', `${newTable}\n${[2023, 2024, 2025, 2026, 2027].map(year).join('\n')}`),
  atOnce: on(
    'b',
    'begin;\nlock table supply_deliveries in share mode;\ninsert into deliveries_by_year overriding system value\n  select * from supply_deliveries;\nrollback;',
  ),
  mirror: on(
    'a',
    `create function mirror_delivery() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.delivery_time <> new.delivery_time then
    delete from deliveries_by_year
    where id = old.id and delivery_time = old.delivery_time;
  end if;
  if tg_op <> 'DELETE' then
    insert into deliveries_by_year
      overriding system value values (new.*)
    on conflict (id, delivery_time) do update
      set quantity_kg = excluded.quantity_kg, note = excluded.note;
  end if;
  return null;
end $$;
create trigger mirror after insert or update or delete
  on supply_deliveries for each row execute function mirror_delivery();`,
  ),
  batches: [0, 700, 1400, 2100, 2800].map((from) => batch(from, from === 2800 ? 9999 : from + 700)),
  missing: on(
    'b',
    'select count(*) filter (where p.id is null) as missing, count(*) as all_rows\nfrom supply_deliveries d\nleft join deliveries_by_year p using (id, delivery_time);',
  ),
  newKey: on(
    'a',
    'alter table complaints add delivery_time timestamptz;\nupdate complaints c set delivery_time = d.delivery_time\nfrom supply_deliveries d where d.id = c.delivery_id;\nalter table complaints add constraint complaints_delivery\n  foreign key (delivery_id, delivery_time)\n  references deliveries_by_year (id, delivery_time);',
  ),
  swap: on(
    'a',
    `begin;
set local lock_timeout = '300ms';
lock table supply_deliveries, complaints in access exclusive mode;
select setval(pg_get_serial_sequence('deliveries_by_year', 'id'),
  (select max(id) from supply_deliveries));
alter table complaints drop constraint complaints_delivery_id_fkey;
alter table supply_deliveries rename to supply_deliveries_old;
alter table deliveries_by_year rename to supply_deliveries;
create or replace view heavy_deliveries as
  select * from supply_deliveries where quantity_kg > 40;
commit;`,
  ),
  check: on(
    'b',
    'select (select count(*) from supply_deliveries_old o left join supply_deliveries n using (id, delivery_time)\n    where n.id is null) as lost,\n  (select count(*) from (select id from supply_deliveries group by id having count(*) > 1) t) as twice,\n  (select max(id) from supply_deliveries_old) < (select max(id) from supply_deliveries) as moved_on;',
  ),
  statistics: on('a', 'analyze supply_deliveries;'),
} as const;

export const retain = {
  report: on(
    'b',
    "begin;\nselect count(*) from supply_deliveries where delivery_time < '2023-02-01';",
  ),
  partitionOf: on(
    'd',
    "set lock_timeout = '2s';\ncreate table supply_deliveries_2028 partition of supply_deliveries\n  for values from ('2028-01-01') to ('2029-01-01');",
  ),
  like: on(
    'a',
    'create table supply_deliveries_2028\n  (like supply_deliveries including all excluding identity);',
  ),
  attach: on(
    'a',
    "alter table supply_deliveries attach partition supply_deliveries_2028\n  for values from ('2028-01-01') to ('2029-01-01');",
  ),
  concurrently: on(
    'a',
    'alter table supply_deliveries detach partition supply_deliveries_2023 concurrently;',
  ),
  pending: on(
    'c',
    "select inhrelid::regclass, inhdetachpending from pg_inherits\nwhere inhparent = 'supply_deliveries'::regclass order by 1;",
  ),
  ends: on('b', 'commit;'),
  kept: on('b', 'select count(*) from supply_deliveries_2023;'),
  fallback: on('a', 'create table supply_deliveries_rest partition of supply_deliveries default;'),
  refused: on(
    'a',
    'alter table supply_deliveries detach partition supply_deliveries_2024 concurrently;',
  ),
} as const;

/** Every figure of the course: the cluster that it starts with, and the terminals beside it. Chapters, embeds and recordings read them here. */
import type { ClusterSpec } from '../src/cluster/action.ts';
import { cafe } from '../src/experiment/cafe.ts';
import type { Route } from '../src/ha/clients/client.ts';
import { GOVERNED_NODES, governorSpec } from '../src/ha/patroni-yml/governor-spec.ts';
import { readPatroniYml } from '../src/ha/patroni-yml/patroni-yml.ts';
import { ms, us } from '../src/sim/instant.ts';
import { type CafeYml, cafeYml } from './09-governor.yml.ts';
import { backupFigures } from './backup-figures.ts';

export interface FigureSpec {
  /** Names its run on a reader's device: never changed, never used again. */
  readonly id: string;
  readonly title: string;
  /** The page that it belongs to, below the site's base; an embedded figure leads there. */
  readonly home: string;
  readonly cluster: ClusterSpec;
  readonly terminals: readonly { readonly node: string; readonly session: string }[];
  /** The patroni.yml of a governed cluster: its field begins with it. */
  readonly yml?: string;
}

const terminals = [
  { node: 'primary', session: 'a' },
  { node: 'primary', session: 'b' },
  { node: 'standby1', session: 'c' },
  { node: 'standby2', session: 'd' },
];

const capTerminals = [
  { node: 'primary', session: 'a' },
  { node: 'standby1', session: 'c' },
  { node: 'standby3', session: 'd' },
];

const nodes = ['primary', 'standby1', 'standby2'];

/** Keys are given by the server, so that a sale can be made over and over. */
const sales =
  'create table payments (id int generated always as identity primary key, what text, amount numeric(6,2));';

/** A standby that was held up finds its WAL still there: here a checkpoint would come every few MB, and take it away. */
const ROOM = { max_wal_size: '64MB' };

const YEARS = [2023, 2024, 2025, 2026];

const deliveryColumns = (note: number) =>
  `supplier_id integer not null, ingredient_id integer not null, delivery_time timestamptz not null, quantity_kg numeric(7,2) not null, note text not null default repeat('.', ${note})`;

/** Three thousand deliveries from 2023 to the first days of 2026. */
const fillDeliveries = `insert into supply_deliveries (supplier_id, ingredient_id, delivery_time, quantity_kg)
  select 1 + i % 40, 1 + i % 300, timestamptz '2023-01-01' + i * interval '528 minutes', 1 + (i % 500) / 10.0
  from generate_series(0, 2999) i;`;

const yearsOf = (table: string) =>
  YEARS.map(
    (year) =>
      `create table ${table}_${year} partition of ${table} for values from ('${year}-01-01') to ('${year + 1}-01-01');`,
  );

/** A slow machine: what takes minutes with terabytes takes seconds with three thousand rows. */
const slowMachine = { blockHit: us(200), blockRead: ms(3), walKilobyte: us(300) };

/** The till of chapter 9: it finds the leader through HAProxy. */
const governedTill = {
  name: 'till',
  node: 'node1',
  otherHosts: ['node2', 'node3'],
  route: { kind: 'proxy' },
  count: 1,
  errands: [{ sql: "insert into payments values ({key}, 'tea', 4.20);", kind: 'write' }],
  thinkTime: [ms(400), ms(600)],
} as const;

/** The ledger's night: asynchronous, the watchdog is `automatic`, and no machine has a device. */
export const nightYml = (file: CafeYml = {}): string => cafeYml({ watchdog: 'automatic', ...file });

/** One of the ledger's indexers, at 4 transactions a second in place of 1,000. */
const indexer = (name: string, route?: Route) => ({
  name,
  node: 'node1',
  ...(route && { route, otherHosts: ['node2', 'node3'] }),
  count: 1,
  errands: [
    { sql: `insert into ledger (ref, indexer) values ({key}, '${name}');`, kind: 'write' as const },
  ],
  ratePerSecond: 4,
  thinkTime: [ms(200), ms(300)] as const,
});

export const figures = {
  night: {
    id: 'night',
    title: 'The ledger under Patroni, that night',
    home: 'chapters/incomplete-fence/',
    cluster: {
      nodes: GOVERNED_NODES,
      settings: {},
      seed: 10,
      setup: ['create table ledger (ref int primary key, indexer text not null);'],
      populations: [indexer('east'), indexer('west', { kind: 'proxy' })],
      governor: governorSpec(readPatroniYml(nightYml()), GOVERNED_NODES),
    },
    terminals: [
      { node: 'node1', session: 'a' },
      { node: 'node2', session: 'b' },
      { node: 'node3', session: 'c' },
    ],
    yml: nightYml(),
  },
  governed: {
    id: 'governed',
    title: 'Real servers under Patroni',
    home: 'chapters/governor/',
    cluster: {
      nodes: GOVERNED_NODES,
      settings: {},
      seed: 9,
      setup: ['create table payments (id int primary key, what text, amount numeric(6,2));'],
      populations: [governedTill],
      governor: governorSpec(readPatroniYml(cafeYml())),
    },
    terminals: [
      { node: 'node1', session: 'a' },
      { node: 'node2', session: 'b' },
      { node: 'node3', session: 'c' },
    ],
    yml: cafeYml(),
  },
  cap: {
    id: 'cap',
    title: 'A price, and four servers that know it',
    home: 'chapters/cap-measured/',
    cluster: cafe(11),
    terminals: capTerminals,
  },
  chaos: {
    id: 'chaos',
    title: 'Your cluster',
    home: 'chaos/',
    cluster: cafe(1),
    terminals: capTerminals,
  },
  home: {
    id: 'home',
    title: 'A till and its standby',
    home: '',
    cluster: {
      nodes: ['primary', 'standby1'],
      settings: { primary: { wal_sender_timeout: '0' } },
      seed: 1,
      setup: [
        'create table payments (id int generated always as identity primary key, what text);',
      ],
    },
    terminals: [
      { node: 'primary', session: 'a' },
      { node: 'standby1', session: 'c' },
    ],
  },
  primer: {
    id: 'primer',
    title: 'The cafe’s two servers',
    home: 'chapters/before-you-break-things/',
    cluster: {
      nodes: ['primary', 'standby1'],
      settings: { primary: { wal_sender_timeout: '0' } },
      seed: 10,
      setup: [
        'create table menu (item text primary key, price numeric(6,2)) with (autovacuum_enabled = off);',
        "insert into menu values ('tea', 4.20), ('cake', 5.50), ('soup', 7.80);",
        'create table deliveries (id int primary key, item text, boxes int) with (autovacuum_enabled = off);',
        "insert into deliveries select i, (array['flour', 'milk', 'tea', 'peanuts'])[1 + i % 4], i % 7 from generate_series(1, 10000) as i;",
        'analyze menu, deliveries;',
      ],
    },
    terminals: terminals.slice(0, 3),
  },
  log: {
    id: 'log',
    title: 'One server and its log',
    home: 'chapters/the-log/',
    cluster: {
      nodes: ['primary'],
      settings: {},
      seed: 11,
      setup: [
        'create extension pg_walinspect;',
        'create extension pageinspect;',
        'create table payments (id int generated always as identity primary key, what text, amount numeric(6,2)) with (autovacuum_enabled = off);',
        "insert into payments (what, amount) values ('water', 0);",
        'create table deliveries (id int, what text) with (autovacuum_enabled = off);',
        'create table menu (id int primary key, dish text, price int) with (fillfactor = 45, autovacuum_enabled = off);',
        "insert into menu select g, rpad('dish ' || g, 60, '.'), 5 from generate_series(1, 400) as g;",
        'vacuum menu, payments;',
      ],
    },
    terminals: [
      { node: 'primary', session: 'a' },
      { node: 'primary', session: 'b' },
    ],
  },
  streaming: {
    id: 'streaming',
    title: 'Counter, kitchen, bookkeeper',
    home: 'chapters/streaming-replication/',
    cluster: {
      nodes,
      settings: { primary: { wal_sender_timeout: '0', ...ROOM } },
      seed: 2,
      setup: [
        'create table orders (id bigint generated always as identity primary key, what text);',
        'create table heartbeat (at timestamptz);',
        'insert into heartbeat values (now());',
      ],
    },
    terminals,
  },
  cascade: {
    id: 'cascade',
    title: 'One ocean, two readers',
    home: 'chapters/streaming-replication/',
    cluster: {
      nodes: ['primary', 'standby1', 'standby2', 'standby3'],
      upstreams: { standby3: 'standby2' },
      settings: {
        primary: { wal_sender_timeout: '0', ...ROOM },
        standby2: { wal_sender_timeout: '0', ...ROOM },
      },
      seed: 22,
      setup: [
        'create table orders (id bigint generated always as identity primary key, what text);',
      ],
    },
    terminals: [...terminals, { node: 'standby3', session: 'e' }],
  },
  horizon: {
    id: 'horizon',
    title: 'Guests here, reports there',
    home: 'chapters/xmin-horizon/',
    cluster: {
      nodes: ['primary', 'standby1'],
      settings: {
        primary: { wal_sender_timeout: '0', wal_keep_size: '64MB' },
        standby1: { max_standby_streaming_delay: '20s', wal_receiver_status_interval: '1s' },
      },
      seed: 5,
      setup: [
        'create extension pg_walinspect;',
        'create table orders (id int primary key, dish text not null, served boolean not null);',
        "insert into orders select i, (array['soup', 'cake', 'peanuts', 'tea'])[1 + i % 4], false from generate_series(1, 10000) as i;",
        'create table menu (dish text primary key, price numeric(6,2));',
        "insert into menu values ('soup', 6.50), ('cake', 5.50), ('tea', 4.20);",
        'vacuum analyze;',
      ],
    },
    terminals: [
      { node: 'primary', session: 'a' },
      { node: 'primary', session: 'b' },
      { node: 'standby1', session: 'c' },
      { node: 'standby1', session: 'd' },
    ],
  },
  durability: {
    id: 'durability',
    title: 'The cafe’s cluster',
    home: 'chapters/durability/',
    cluster: {
      nodes,
      settings: {
        primary: { synchronous_standby_names: 'standby1', wal_sender_timeout: '0', ...ROOM },
      },
      seed: 3,
      setup: ['create table payments (id int primary key, what text, amount numeric(6,2));'],
    },
    terminals,
  },
  branches: {
    id: 'branches',
    title: 'Three branches',
    home: 'chapters/durability/',
    cluster: {
      nodes: ['primary', 'standby1', 'standby2', 'standby3'],
      settings: { primary: { synchronous_standby_names: 'standby1' } },
      seed: 33,
      setup: [sales],
    },
    terminals: [...terminals, { node: 'standby3', session: 'e' }],
  },
  power: {
    id: 'power',
    title: 'Two servers and their power switches',
    home: 'chapters/durability/',
    cluster: {
      nodes: ['primary', 'standby1'],
      settings: {
        primary: { synchronous_standby_names: 'standby1', wal_sender_timeout: '0', ...ROOM },
      },
      seed: 34,
      setup: [
        sales,
        'create table clicks (id int generated always as identity primary key, at timestamptz);',
      ],
    },
    terminals: terminals.slice(0, 3),
  },
  failover: {
    id: 'failover',
    title: 'A cafe whose primary will burn down',
    home: 'chapters/failover-by-hand/',
    cluster: {
      nodes,
      settings: { primary: { wal_sender_timeout: '0', ...ROOM } },
      seed: 8,
      setup: [
        'create extension pg_walinspect;',
        'create table payments (id int primary key, what text, amount numeric(6,2));',
      ],
    },
    terminals,
  },
  choosing: {
    id: 'choosing',
    title: 'Two standbys, one crown',
    home: 'chapters/failover-by-hand/',
    cluster: {
      nodes,
      settings: { primary: { wal_sender_timeout: '0', ...ROOM } },
      seed: 81,
      setup: [sales],
    },
    terminals,
  },
  fates: {
    id: 'fates',
    title: 'Four payments in the air',
    home: 'chapters/failover-by-hand/',
    cluster: {
      nodes,
      settings: {
        primary: { synchronous_standby_names: 'standby2', wal_sender_timeout: '0', ...ROOM },
      },
      seed: 82,
      setup: ['create table payments (id int primary key, what text, amount numeric(6,2));'],
    },
    terminals: [...terminals, { node: 'primary', session: 'e' }, { node: 'primary', session: 'f' }],
  },
  menus: {
    id: 'menus',
    title: 'A kitchen and two menus',
    home: 'chapters/reading-from-replicas/',
    cluster: {
      nodes,
      settings: { primary: { wal_sender_timeout: '0' } },
      seed: 4,
      setup: [
        'create table orders (id int generated always as identity primary key, guest text, what text);',
        'create sequence tickets;',
        'create unlogged table baskets (guest text, what text);',
        'create table visits (guest text);',
        'create function roll() returns int volatile language plpgsql as $$ begin return 1 + floor(random() * 6); end $$;',
        'create function visit(guest text) returns int volatile language plpgsql as $$ begin insert into visits values (guest); return 1; end $$;',
        "select nextval('tickets'), nextval('tickets');",
        "select pg_logical_emit_message(false, '', repeat('x', 726000));",
      ],
      // With the message above, the WAL stands just before a position with one digit more.
      walStart: '0/FF00000',
      populations: [
        {
          name: 'guest',
          node: 'primary',
          count: 3,
          errands: [
            {
              sql: "insert into orders (guest, what) values ('guest {client}', 'order {key}')",
              kind: 'write',
            },
          ],
          thinkTime: [ms(500), ms(1_000)],
          pace: 0,
        },
      ],
    },
    terminals,
  },
  containers: {
    id: 'containers',
    title: 'One heap, and the same in four containers',
    home: 'chapters/splitting-the-table/',
    cluster: {
      nodes: ['primary'],
      settings: {},
      seed: 12,
      setup: [
        `create table supply_deliveries (id bigint generated always as identity primary key, ${deliveryColumns(200)});`,
        fillDeliveries,
        'alter table supply_deliveries rename to heap;',
        'create index heap_ingredient on heap (ingredient_id);',
        `create table supply_deliveries (id bigint generated always as identity, ${deliveryColumns(200)}, primary key (id, delivery_time)) partition by range (delivery_time);`,
        ...yearsOf('supply_deliveries'),
        'insert into supply_deliveries overriding system value select * from heap;',
        "select setval(pg_get_serial_sequence('supply_deliveries', 'id'), 3000);",
        'create index on supply_deliveries (ingredient_id);',
        'create table complaints (delivery_id bigint not null, delivery_time timestamptz not null, words text not null) partition by range (delivery_time);',
        ...yearsOf('complaints'),
        "insert into complaints select id, delivery_time, 'wet' from heap where id % 5 = 0;",
        'vacuum analyze;',
      ],
    },
    terminals: [
      { node: 'primary', session: 'a' },
      { node: 'primary', session: 'b' },
    ],
  },
  mountain: {
    id: 'mountain',
    title: 'A table with a dock in front of it',
    home: 'chapters/splitting-the-table/',
    cluster: {
      nodes: ['primary'],
      settings: { primary: { shared_buffers: '2MB' } },
      seed: 121,
      work: slowMachine,
      setup: [
        `create table supply_deliveries (id bigint generated always as identity primary key, ${deliveryColumns(700)});`,
        fillDeliveries,
        'create table complaints (id int generated always as identity primary key, delivery_id bigint references supply_deliveries, words text);',
        "insert into complaints (delivery_id, words) values (2900, 'wet'), (2950, 'late');",
        'create view heavy_deliveries as select * from supply_deliveries where quantity_kg > 40;',
        'vacuum analyze;',
      ],
      populations: [
        {
          name: 'dock',
          node: 'primary',
          count: 4,
          errands: [
            {
              sql: 'insert into supply_deliveries (supplier_id, ingredient_id, delivery_time, quantity_kg) values ({1..40}, {1..300}, now(), 12.5)',
              kind: 'write',
            },
          ],
          thinkTime: [ms(500), ms(1500)],
        },
      ],
    },
    terminals: [
      { node: 'primary', session: 'a' },
      { node: 'primary', session: 'b' },
    ],
  },
  slots: {
    id: 'slots',
    title: 'Kitchen, terrace, and what is kept for them',
    home: 'chapters/slots/',
    cluster: {
      nodes,
      settings: { primary: { checkpoint_timeout: '1h', max_wal_size: '32MB' } },
      seed: 6,
      setup: [
        'create table orders (id bigint generated always as identity primary key, what text);',
      ],
    },
    terminals,
  },
  archive: {
    id: 'archive',
    title: 'A cellar for old WAL',
    home: 'chapters/slots/',
    cluster: {
      nodes: ['primary', 'standby1'],
      settings: {
        primary: {
          archive_mode: 'on',
          archive_command: 'test ! -f /archive/%f && cp %p /archive/%f',
          checkpoint_timeout: '1h',
          max_wal_size: '32MB',
        },
      },
      seed: 66,
      setup: [
        'create table orders (id bigint generated always as identity primary key, what text);',
      ],
    },
    terminals: terminals.slice(0, 3),
  },
  ...backupFigures,
  incident: {
    id: 'incident',
    title: 'A ledger with two captains',
    home: 'chapters/incomplete-fence/',
    cluster: {
      nodes: ['node1', 'node2'],
      settings: { node1: { wal_sender_timeout: '0' }, node2: { wal_receiver_timeout: '0' } },
      seed: 10,
      setup: [
        'create extension pg_walinspect;',
        'create table ledger (id bigint generated always as identity primary key, ref text not null);',
        "insert into ledger (ref) values ('first'), ('second');",
      ],
    },
    terminals: [
      { node: 'node1', session: 'a' },
      { node: 'node1', session: 'b' },
      { node: 'node2', session: 'c' },
      { node: 'node2', session: 'd' },
    ],
  },
} as const satisfies Readonly<Record<string, FigureSpec>>;

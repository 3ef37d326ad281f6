import { expect, it } from 'vitest';
import type { CommandContext, Printout } from '../../src/ui/psql/command.ts';
import { runCommand } from '../../src/ui/psql/commands.ts';
import { printedText } from '../../src/ui/result/printed.ts';
import { psqlTable } from '../../src/ui/result/psql-table.ts';
import type { Expanded } from '../../src/ui/result/Result.tsx';
import { openCluster } from './rig.ts';

const SETUP = [
  'create schema shop',
  `create table orders (id bigint generated always as identity primary key, what text not null default 'tea',
     price numeric(6,2) check (price > 0), "Odd name" varchar(3) collate "C")`,
  'create unique index orders_what on orders (what) where price > 1',
  'create table shop.lines (line int, "order" bigint references orders, unique (line))',
  'create view cheap as select id, what from orders where price < 3',
  'create role joe login',
];

const said = (printouts: readonly Printout[]) =>
  printouts.flatMap(({ title, result, lines, error }) => [
    ...(title === null ? [] : [title]),
    ...(result ? [printedText(psqlTable(result))] : []),
    ...lines,
    ...(error ? [error.message] : []),
  ]);

async function terminal(node = 'primary') {
  const rig = await openCluster({ setup: SETUP });
  let expanded: Expanded = 'off';
  const type = async (line: string) => {
    const context: CommandContext = {
      node,
      session: 'a',
      pid: 123,
      standby: node !== 'primary',
      expanded,
      setExpanded: (value) => {
        expanded = value;
      },
      ask: (sql) => rig.cluster.ask(node, sql),
    };
    return said(await runCommand(line, context))
      .join('\n')
      .replace(/ +$/gm, '');
  };
  return { rig, type };
}

it('\\d describes a table as psql 18 does', async () => {
  const { type } = await terminal();
  expect(await type('\\d orders')).toBe(`Table "public.orders"
  Column  |         Type         | Collation | Nullable |           Default
----------+----------------------+-----------+----------+------------------------------
 id       | bigint               |           | not null | generated always as identity
 what     | text                 |           | not null | 'tea'::text
 price    | numeric(6,2)         |           |          |
 Odd name | character varying(3) | C         |          |
Indexes:
    "orders_pkey" PRIMARY KEY, btree (id)
    "orders_what" UNIQUE, btree (what) WHERE price > 1::numeric
Check constraints:
    "orders_price_check" CHECK (price > 0::numeric)
Referenced by:
    TABLE "shop.lines" CONSTRAINT "lines_order_fkey" FOREIGN KEY ("order") REFERENCES orders(id)`);
  expect(await type('\\d shop.lines')).toContain(`Indexes:
    "lines_line_key" UNIQUE CONSTRAINT, btree (line)
Foreign-key constraints:
    "lines_order_fkey" FOREIGN KEY ("order") REFERENCES orders(id)`);
  expect(await type('\\d orders_pkey')).toBe(`Index "public.orders_pkey"
 Column |  Type  | Key? | Definition
--------+--------+------+------------
 id     | bigint | yes  | id
primary key, btree, for table "public.orders"`);
  expect(await type('\\d orders_id_seq')).toContain(
    'Sequence for identity column: public.orders.id',
  );
  expect(await type('\\d cheap')).toContain('View "public.cheap"');
  expect(await type('\\d pg_stat_replication;')).toContain(' replay_lag       | interval');
});

it('lists of relations, roles, schemas, databases', async () => {
  const { type } = await terminal();
  expect(await type('\\d')).toBe(`List of relations
 Schema |     Name      |   Type   |  Owner
--------+---------------+----------+----------
 public | cheap         | view     | postgres
 public | orders        | table    | postgres
 public | orders_id_seq | sequence | postgres
(3 rows)`);
  expect(await type('\\dt')).toMatch(/^List of tables\n[\s\S]*\(1 row\)$/);
  expect(await type('\\dt *.l*s')).toContain('shop   | lines');
  expect(await type('\\di')).toMatch(
    /List of indexes[\s\S]*orders_pkey \| index \| postgres \| orders/,
  );
  expect(await type('\\dv+')).toMatch(/cheap[\s\S]*no \+ to a command/);
  expect(await type('\\dt ORDERS')).toContain('orders');
  expect(await type('\\dt "ORDERS"')).toBe('Did not find any tables named ""ORDERS"".');
  expect(await type('\\dm')).toBe('Did not find any materialized views.');
  expect(await type('\\d nothing')).toBe('Did not find any relation named "nothing".');
  expect(await type('\\du')).toMatch(
    /joe[\s\S]*postgres\s+\| Superuser, Create role, Create DB, Replication, Bypass RLS/,
  );
  expect(await type('\\dn')).toMatch(/public[\s\S]*shop/);
  expect(await type('\\l')).toContain('UTF8');
});

it('a name cannot get out of its quotes', async () => {
  const { rig, type } = await terminal();
  expect(await type("\\d x'; drop table orders; --")).toMatch(/^Did not find any relation/);
  expect(await type('\\d a(b')).toBe('Did not find any relation named "a(b".');
  expect(await type("\\dt o'rders")).toMatch(/^Did not find/);
  expect(await rig.psql('b').value('select count(*) from orders')).toBe('0');
});

it('asks a standby as well, and leaves no trace in the run', async () => {
  const { rig, type } = await terminal('standby1');
  await rig.settle();
  const before = rig.cluster.hashes();
  expect(await type('\\d orders')).toContain('Table "public.orders"');
  expect(rig.cluster.hashes()).toEqual(before);
  expect(rig.cluster.statements).toHaveLength(0);
});

it('\\x, \\conninfo, \\? and what is not there', async () => {
  const { type } = await terminal();
  expect(await type('\\x')).toBe('Expanded display is on.');
  expect(await type('\\x')).toBe('Expanded display is off.');
  expect(await type('\\x auto')).toBe('Expanded display is used automatically.');
  expect(await type('\\x maybe')).toContain('unrecognized value "maybe"');
  expect(await type('\\conninfo')).toMatch(/Connection Information[\s\S]*Backend PID \| 123/);
  expect(await type('\\?')).toContain('\\d NAME');
  expect(await type('\\! ls')).toBe(
    'This terminal has no \\!. There is no shell behind this page.',
  );
  expect(await type('\\foo')).toBe('invalid command \\foo\nTry \\? for help.');
  expect(await type('\\')).toContain('invalid command');
});

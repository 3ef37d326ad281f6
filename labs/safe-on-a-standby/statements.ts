/** The twelve statements, what each is for, and what PostgreSQL must answer for it to count as one or the other. */

export type Sort = 'works' | 'refused' | 'wrong';

export interface Sorted {
  readonly id: string;
  readonly purpose: string;
  readonly sql: string;
  readonly sort: Sort;
  /** Why, in words for her who sorted it otherwise. */
  readonly why: string;
}

export const statements: readonly Sorted[] = [
  {
    id: 'count',
    purpose: 'How many orders has the kitchen seen?',
    sql: 'select count(*) from orders',
    sort: 'works',
    why: 'it only reads, and says what this standby has replayed',
  },
  {
    id: 'insert',
    purpose: 'A waiter takes an order at the nearest server:',
    sql: "insert into orders values (100000, 'tea')",
    sort: 'refused',
    why: 'rows are written on the primary alone',
  },
  {
    id: 'nextval',
    purpose: 'A number for a ticket, nothing is stored:',
    sql: "select nextval('tickets')",
    sort: 'refused',
    why: 'nextval() writes the sequence, whatever becomes of the number',
  },
  {
    id: 'last-value',
    purpose: 'Which ticket was handed out last?',
    sql: 'select last_value from tickets',
    sort: 'wrong',
    why: 'the WAL of a sequence runs up to 32 numbers ahead of what was handed out',
  },
  {
    id: 'temp-table',
    purpose: 'A report wants a table for itself alone:',
    sql: 'create temp table report as select * from orders',
    sort: 'refused',
    why: 'a temporary table has rows in the catalog, and these are written',
  },
  {
    id: 'cte',
    purpose: 'The same report without one:',
    sql: 'with report as materialized (select * from orders) select count(*), max(id) from report',
    sort: 'works',
    why: 'what a query keeps for itself is in memory or in a scratch file, and in no catalog',
  },
  {
    id: 'advisory-lock',
    purpose: 'The nightly job must run once in the whole house, so it takes key 42 first:',
    sql: 'select pg_try_advisory_lock(42)',
    sort: 'wrong',
    why: 'each server knows its own advisory locks only: the primary had given the same key away, and the standby gave it again',
  },
  {
    id: 'for-update',
    purpose: 'Order 1, and nobody may change it meanwhile:',
    sql: 'select * from orders where id = 1 for update',
    sort: 'refused',
    why: 'a row lock is written into the row',
  },
  {
    id: 'volatile-write',
    purpose: 'A function that counts visits as it goes:',
    sql: 'select visit(7)',
    sort: 'refused',
    why: 'what a function does is held to the same rules, and this one inserts',
  },
  {
    id: 'volatile-read',
    purpose: 'A function that is VOLATILE, and rolls a die:',
    sql: 'select roll()',
    sort: 'works',
    why: 'the label VOLATILE refuses nothing: this function writes nothing',
  },
  {
    id: 'serializable',
    purpose: 'A report in the strictest isolation level:',
    sql: 'set transaction isolation level serializable; select count(*) from orders',
    sort: 'refused',
    why: 'a standby cannot know what transactions of the primary its read would conflict with',
  },
  {
    id: 'replay-time',
    purpose: 'How far behind is this standby?',
    sql: 'select now() - pg_last_xact_replay_timestamp() as lag',
    sort: 'wrong',
    why: 'it tells how long ago the last commit was, and the standby had replayed all there is',
  },
];

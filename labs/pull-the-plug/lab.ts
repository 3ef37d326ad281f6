import type { Action } from '../../src/cluster/action.ts';
import type { LabSource } from '../../src/lab/lab.ts';
import { ms } from '../../src/sim/instant.ts';
import { answer, type Between, psql } from '../script.ts';

/** What the application sends before an INSERT and its COMMIT. */
const CODE = {
  plain: 'begin;',
  off: 'begin; set local synchronous_commit = off;',
  local: 'begin; set local synchronous_commit = local;',
  on: 'begin; set local synchronous_commit = on;',
  outside: 'set local synchronous_commit = off; commit; begin;',
} as const;

const options = [
  { id: CODE.plain, label: 'BEGIN; INSERT …; COMMIT' },
  { id: CODE.off, label: 'BEGIN; SET LOCAL synchronous_commit = off; INSERT …; COMMIT' },
  { id: CODE.local, label: 'BEGIN; SET LOCAL synchronous_commit = local; INSERT …; COMMIT' },
  { id: CODE.on, label: 'BEGIN; SET LOCAL synchronous_commit = on; INSERT …; COMMIT' },
  { id: CODE.outside, label: 'SET LOCAL synchronous_commit = off; then BEGIN; INSERT …; COMMIT' },
];

const client = (name: string, table: string, count: number, think: Between) => ({
  name,
  node: 'primary',
  count,
  sql: `{answer:${table}} insert into ${table} values ({key}); commit`,
  firstAt: [-1.9, -1.2] as Between,
  think,
});

const altered = (setting: string) => [
  psql(2, `alter system set ${setting}`),
  psql(3, 'select pg_reload_conf()'),
];
const FLUSHED = 'select pg_current_wal_flush_lsn()';

/** The code of the till and of the counter of clicks, and what is said of positions and images. */
const chosen = (payments: string, clicks: string, survives = FLUSHED, image = '8') => [
  answer('payments', payments),
  answer('clicks', clicks),
  answer('survives', survives),
  answer('image', image),
];

const slowDisk: Action = { kind: 'fsync', node: 'primary', time: ms(40) };
/** Twice the power goes in the moment in which a customer is told, twice at any. */
const plug = (name: string, lasts: number, spark?: string) => ({
  name,
  begin: [slowDisk],
  lasts,
  plug: 'primary',
  ...(spark && { spark }),
  end: [],
});

export const lab: LabSource = {
  name: 'pull-the-plug',
  version: 1,
  title: 'Pull the plug',
  chapter: 1,
  minutes: 20,
  situation: `The cafe has one server, an old disk that takes 40 ms for an fsync, and a plug in reach of the cleaner. The till
writes payments. The web site counts clicks, two visitors at a time, and each click waits for the disk like a payment does:
the site feels slow. Someone has proposed to switch the waiting off.`,
  tasks: [
    'The power will be cut four times on each seed, twenty times in all, at instants that nobody tells you. No payment that a customer was told is paid may be missing afterwards.',
    'A click may be lost if it is younger than 650 ms when the power goes: three rounds of the walwriter, and the disk. An older one may not.',
    'Clicks: at least 90 % of what the site would do with the waiting switched off for everything.',
    'Say, with a query, up to which position the WAL would survive if the power went now. It is asked three times a second.',
    'Measure the WAL record of `update menu set price = price + 1 where id = 1` when it is the first since a CHECKPOINT (`record_length` of pg_get_wal_records_info), and give it in kilobytes.',
  ],
  answers: [
    {
      kind: 'choice',
      id: 'payments',
      ask: 'The till writes a payment by',
      options,
      initial: CODE.plain,
    },
    {
      kind: 'choice',
      id: 'clicks',
      ask: 'The site writes a click by',
      options,
      initial: CODE.plain,
    },
    {
      kind: 'sql',
      id: 'survives',
      ask: 'The position up to which WAL survives a power cut now',
      node: 'primary',
      initial: 'select null::pg_lsn',
      result: {
        columns: [{ name: 'position', type: 'pg_lsn' }],
        order: 'any',
        rows: 'One row: WAL before this position is there after a power cut, what comes after it is not.',
      },
    },
    {
      kind: 'number',
      id: 'image',
      ask: 'The record of the first UPDATE of a row of menu after a CHECKPOINT is long',
      unit: 'kB',
      min: 0,
      max: 1_000,
    },
  ],
  seeds: [1, 20, 300, 4_000, 50_000],
  start: {
    nodes: ['primary'],
    settings: {},
    setup: [
      'create extension pg_walinspect',
      'create table payments (id int)',
      'create table clicks (id int)',
      'create table menu (id int, dish text, price int) with (fillfactor = 90)',
      "insert into menu select g, rpad('dish ' || g, 60, '.'), 5 from generate_series(1, 400) g",
      'vacuum menu',
    ],
    prelude: 2,
    clients: [client('till', 'payments', 1, [1.5, 2.5]), client('site', 'clicks', 2, [0.15, 0.25])],
    events: [{ at: [-2, -2], action: slowDisk }],
  },
  drill: {
    after: 4,
    read: 'select id from payments union all select id from clicks',
    watchers: [{ name: 'position', node: 'primary', answer: 'survives', every: [0.3, 0.37] }],
    rounds: [
      { name: 'a busy evening', begin: [], lasts: 6, end: [] },
      plug('cut 1', 1.537, 'till'),
      plug('cut 2', 2.311),
      plug('cut 3', 1.149, 'till'),
      plug('cut 4', 1.953),
    ],
  },
  checks: [
    { id: 'payments', claim: 'No acknowledged payment is lost', concepts: ['W2'] },
    { id: 'clicks', claim: 'No click older than 650 ms is lost', concepts: ['W2'] },
    {
      id: 'throughput',
      claim: 'Clicks are as quick as with the waiting switched off',
      concepts: ['W2'],
    },
    { id: 'survives', claim: 'The position that survives is told right', concepts: ['W1'] },
    { id: 'image', claim: 'The first touch after a checkpoint is measured', concepts: ['W5'] },
  ],
  hints: [
    'Who waits for the disk, and who needs to? The level is read at each COMMIT, so each of the two can have its own.',
    'SET LOCAL lasts until the end of its transaction. What is its transaction when it stands alone? psql tells you, in a WARNING.',
    'Three functions tell a position: inserted, written, flushed. Whose memory does the power take?',
    'For the measurement: CHECKPOINT, note pg_current_wal_insert_lsn(), UPDATE, and look at the records from there to pg_current_wal_flush_lsn(). Then do the UPDATE once more without a CHECKPOINT, to see what the first one paid for.',
  ],
  solutions: [
    {
      name: 'off for clicks, nothing for payments',
      why: 'The server’s own level is on, and payments stay with it.',
      actions: chosen(CODE.plain, CODE.off),
    },
    {
      name: 'off for the server, on for payments',
      why: 'What need not wait is the rule, and what must is the exception.',
      actions: [...chosen(CODE.on, CODE.plain), ...altered('synchronous_commit = off')],
    },
    {
      name: 'local for payments, off for clicks',
      why: 'There is no standby to wait for, so local promises what on does.',
      actions: chosen(CODE.local, CODE.off),
    },
  ],
  traps: [
    {
      name: 'off for all',
      why: 'A payment that is answered before the disk has it goes with the power.',
      actions: [...chosen(CODE.plain, CODE.plain), ...altered('synchronous_commit = off')],
      caughtBy: 'payments',
      says: 'before its WAL was on the disk',
    },
    {
      name: 'on for all',
      why: 'Nothing is lost, and every click waits for 40 ms of disk.',
      actions: chosen(CODE.on, CODE.on),
      caughtBy: 'throughput',
      says: 'waited for its own flush',
    },
    {
      name: 'SET LOCAL outside the transaction',
      why: 'It ends with its own transaction, which is the statement itself.',
      actions: chosen(CODE.on, CODE.outside),
      caughtBy: 'throughput',
      says: 'had ended before the transaction began',
    },
    {
      name: 'fsync = off',
      why: 'Everything is quick, and flushed means nothing.',
      actions: [...chosen(CODE.on, CODE.plain), ...altered('fsync = off')],
      caughtBy: 'payments',
      says: 'fsync was off',
    },
    {
      name: 'a lazy walwriter',
      why: 'With rounds of ten seconds a click is safe when a payment happens to take it along.',
      actions: [...chosen(CODE.on, CODE.off), ...altered("wal_writer_delay = '10s'")],
      caughtBy: 'clicks',
      says: 'wal_writer_delay',
      seeds: 'some',
    },
    {
      name: 'the inserted position',
      why: 'It counts what is in the server’s memory only.',
      actions: chosen(CODE.on, CODE.off, 'select pg_current_wal_insert_lsn()'),
      caughtBy: 'survives',
      says: 'in PostgreSQL’s own memory',
    },
    {
      name: 'the written position',
      why: 'What the kernel has, the power takes.',
      actions: chosen(CODE.on, CODE.off, 'select pg_current_wal_lsn()'),
      caughtBy: 'survives',
      says: 'in the kernel’s memory',
    },
    {
      name: 'the second UPDATE',
      why: 'Only the first touch of a page after a checkpoint takes the page along.',
      actions: chosen(CODE.on, CODE.off, FLUSHED, '0.1'),
      caughtBy: 'image',
      says: 'not the first since a checkpoint',
    },
  ],
};

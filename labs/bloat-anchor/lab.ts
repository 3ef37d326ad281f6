import type { LabSource } from '../../src/lab/lab.ts';
import { type Between, event, psql, psqlOn, sent } from '../script.ts';

/** Before the learner comes: a session sends something. */
const earlier = (between: Between, node: string, session: string, sql: string) =>
  event(between, sent(node, session, sql));

const SNAPSHOT = 'begin isolation level repeatable read; select sum(served) from orders';
const FEEDBACK = { hot_standby_feedback: 'on', wal_receiver_status_interval: '1s' };

const END_READER =
  "select pg_terminate_backend(pid) from pg_stat_activity where backend_xmin is not null and state = 'idle in transaction'";
const DROP_SLOT =
  'select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active';
const ROLLBACK = "rollback prepared 'import-2025'";

const endReader = (seconds: number) => psqlOn('standby1')(seconds, END_READER);
const dropSlot = (seconds: number) => psql(seconds, DROP_SLOT);
const rollback = (seconds: number) => psql(seconds, ROLLBACK);

export const lab: LabSource = {
  name: 'bloat-anchor',
  version: 1,
  title: 'The bloat anchor',
  chapter: 5,
  minutes: 25,
  situation: `\`orders\` has doubled in half a minute, and grows on. Autovacuum comes every five seconds and says each time that
hundreds of rows, then thousands, *are dead but not yet removable*. Somebody's snapshot, or somebody's word for one, holds them.

\`standby1\` and \`standby2\` run with \`hot_standby_feedback = on\`, and \`standby2\` has a slot. People are at work on all
servers: the kitchen on \`standby1\` has a transaction open, the desk is connected to the primary.`,
  tasks: [
    'Find what holds the cutoff, and end it within half a minute: autovacuum removes rows again.',
    'End nobody else: no other session, no slot that is in use, no standby.',
    'It may be something else on a server that you do not see: what you do is done on five clusters, each with a culprit of its own. Do what ends the culprit wherever it is.',
  ],
  seeds: [1, 2, 3, 4, 5, 6],
  start: {
    nodes: ['primary', 'standby1', 'standby2'],
    settings: {
      primary: {
        wal_sender_timeout: '10s',
        autovacuum: 'on',
        autovacuum_naptime: '5s',
        autovacuum_vacuum_threshold: '100',
        autovacuum_vacuum_scale_factor: '0',
      },
      standby1: FEEDBACK,
      standby2: FEEDBACK,
    },
    setup: [
      'create table orders (id int primary key, dish text not null, served int not null) with (fillfactor = 90)',
      "insert into orders select i, rpad('soup', 100), 0 from generate_series(1, 1000) as i",
      'create table imports (id int)',
      'create index on orders (served)',
      'vacuum analyze',
    ],
    prelude: 35,
    clients: [
      {
        name: 'waiter',
        node: 'primary',
        sql: 'update orders set served = {key} where id % 10 = {key} % 10',
        firstAt: [-33, -32],
        think: [1, 1.1],
      },
    ],
    events: [
      earlier(
        [-34.8, -34.8],
        'primary',
        'admin',
        "select pg_create_physical_replication_slot('standby2', true)",
      ),
      earlier(
        [-34.5, -34.5],
        'standby2',
        'admin',
        "alter system set primary_slot_name = 'standby2'",
      ),
      earlier([-34.2, -34.2], 'standby2', 'admin', 'select pg_reload_conf()'),
      earlier([-28, -28], 'standby1', 'kitchen', 'begin; select count(*) from imports'),
      earlier([-27, -27], 'primary', 'desk', 'select count(*) from imports'),
    ],
    draws: [
      {
        name: 'culprit',
        at: [-25, -24],
        oneOf: [
          {
            facts: { culprit: 'reader' },
            actions: [sent('standby1', 'auditor', SNAPSHOT)],
          },
          {
            facts: { culprit: 'slot' },
            actions: [{ kind: 'powerOff', node: 'standby2' }],
          },
          {
            facts: { culprit: 'prepared' },
            actions: [
              sent(
                'primary',
                'import',
                "begin; insert into imports values (1); prepare transaction 'import-2025'",
              ),
            ],
          },
        ],
      },
    ],
  },
  drill: { after: 32, rounds: [] },
  checks: [
    { id: 'cutoff-moves', claim: 'Autovacuum removes rows again', concepts: ['H3'] },
    { id: 'innocents-live', claim: 'Nobody else was ended', concepts: ['H3', 'H2'] },
  ],
  hints: [
    'Whose xmin is it? There are four places to look: pg_stat_activity and pg_prepared_xacts on the primary, pg_stat_replication, pg_replication_slots.',
    'A backend_xmin in pg_stat_replication is somebody else’s: ask that standby’s own pg_stat_activity. A slot’s xmin stays when its standby is gone.',
    'Which of the idle transactions has a backend_xmin, and which has not? A READ COMMITTED block between two statements holds nothing.',
  ],
  solutions: [
    {
      name: 'all three, in a row',
      why: 'Each ends one culprit and finds nothing to end where it is another.',
      actions: [endReader(3), dropSlot(4), rollback(5)],
    },
    {
      name: 'by age, the other way round',
      why: 'The oldest xmin is the anchor; how it is ended does not matter.',
      actions: [
        rollback(5),
        psql(
          8,
          'select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active and xmin is not null',
        ),
        psqlOn('standby1')(
          12,
          "select pg_terminate_backend(pid) from pg_stat_activity where backend_xmin is not null and xact_start < now() - interval '20 s'",
        ),
      ],
    },
  ],
  traps: [
    {
      name: 'autovacuum settings',
      why: 'It comes as often as one likes, and may remove as little.',
      actions: [
        psql(3, "alter system set autovacuum_naptime = '1s'"),
        psql(4, "alter system set autovacuum_vacuum_threshold = '50'"),
        psql(5, 'select pg_reload_conf()'),
      ],
      caughtBy: 'cutoff-moves',
      says: 'Autovacuum comes more often now',
    },
    {
      name: 'sessions of the primary only',
      why: 'The desk runs nothing. Whoever holds a snapshot is not among the sessions of this server.',
      actions: [
        psql(
          3,
          "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
        ),
      ],
      caughtBy: 'innocents-live',
      says: 'Session desk on primary was ended',
    },
    {
      name: 'every idle transaction of the standby',
      why: 'One of them has a backend_xmin. The kitchen’s has none.',
      actions: [
        psqlOn('standby1')(
          3,
          "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'",
        ),
        dropSlot(4),
        rollback(5),
      ],
      caughtBy: 'innocents-live',
      says: 'Session kitchen on standby1 was ended',
    },
    {
      name: 'a slot’s xmin missed',
      why: 'pg_stat_replication shows no backend_xmin of a standby that is gone. Its slot does.',
      actions: [endReader(3), rollback(5)],
      caughtBy: 'cutoff-moves',
      says: 'Slot standby2 keeps',
      seeds: 'some',
    },
  ],
};

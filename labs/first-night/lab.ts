import type { LabSource } from '../../src/lab/lab.ts';
import { at, sent } from '../script.ts';

/** When the pager goes, in seconds after the take-over. A minute later each fault has to be over. */
export const PAGES = { payments: 20, disk: 110, menu: 190 } as const;
/** The volume that pg_wal lies on, in MB: where it is full, the primary PANICs. */
export const VOLUME_MB = 7;
/** Below it pg_wal has to come, in MB: the checkpoints of the night leave 2. */
export const ROOM_MB = 4;

/** What the cafe can do again: nobody waits for a standby with it. */
const local = (statement: string): string =>
  `begin; set local synchronous_commit = local; ${statement}; commit`;

const till = (name: string, firstAt: [number, number]) => ({
  name,
  node: 'primary',
  sql: "insert into payments values ({key}, 'tea')",
  firstAt,
  think: [7, 11] as [number, number],
});

const sql = (seconds: number, node: string, text: string, session = 'psql') =>
  at(seconds, sent(node, session, text));
const set = (seconds: number, node: string, name: string, value: string) => [
  sql(seconds, node, `alter system set ${name} = '${value}'`),
  sql(seconds + 1, node, 'select pg_reload_conf()'),
];

const DROP = "select pg_drop_replication_slot('standby1')";
const END_THE_REPORT =
  "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction' and backend_xmin is not null";

const named = set(30, 'primary', 'synchronous_standby_names', 'standby2');
const dropped = [sql(120, 'primary', DROP), sql(121, 'primary', 'checkpoint')];
const ended = [sql(200, 'standby2', END_THE_REPORT)];

const CANCEL = "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'";

/** The kitchen counts portions down, and cron cleans up after it. */
const churn: LabSource['start']['events'] = [
  {
    at: [155, 157],
    action: {
      kind: 'sql',
      node: 'primary',
      session: 'kitchen',
      sql: local('update menu set portions = portions - 1'),
    },
  },
  {
    at: [160, 163],
    action: { kind: 'sql', node: 'primary', session: 'cron', sql: 'vacuum menu' },
  },
];

export const lab: LabSource = {
  name: 'first-night',
  version: 1,
  title: 'The first night on call',
  chapter: 6,
  capstone: true,
  minutes: 45,
  situation: `Your first night with the pager. The cafe is open around the clock: three tills take payments on \`primary\`, an
import writes to it, and a board in the window shows the menu from \`standby2\`. Both standbys have a slot of their name;
\`standby1\` is the one that commits wait for. The cable to \`standby2\` fails for half a minute now and then. The volume of \`pg_wal\` on the primary holds ${VOLUME_MB} MB.

All is well when you take over. Three pages will come, some minutes apart. What each fault is, the pager does not know.`,
  tasks: [
    'Within 60 seconds of a page its trouble is over. The first is about payments, and none that a customer was told is paid may be lost if the primary burns in that moment.',
    `The second is about disk space: the volume never fills up, and from a minute after the page on less than ${ROOM_MB} MB of WAL are kept.`,
    'The third is about the board: a minute after the page `standby2` is at most 5 seconds behind, and stays so.',
    'Restart nothing, and send no till and no board away.',
  ],
  seeds: [6, 66, 606, 6_006, 60_006],
  start: {
    nodes: ['primary', 'standby1', 'standby2'],
    settings: {
      primary: {
        synchronous_standby_names: 'standby1',
        checkpoint_timeout: '30s',
        autovacuum: 'off',
      },
      standby1: { primary_slot_name: 'standby1' },
      standby2: { primary_slot_name: 'standby2', max_standby_streaming_delay: '-1' },
    },
    setup: [
      'create table payments (id int primary key, item text not null)',
      'create table imports (batch int, line int, what text)',
      'create table menu (id int primary key, dish text, portions int)',
      "select pg_create_physical_replication_slot('standby1')",
      "select pg_create_physical_replication_slot('standby2')",
      "insert into menu select i, 'dish ' || i, 100 from generate_series(1, 200) i",
    ],
    prelude: 40,
    clients: [
      till('till1', [-38, -33]),
      till('till2', [-36, -31]),
      till('till3', [-34, -29]),
      {
        name: 'import',
        node: 'primary',
        sql: local(
          "insert into imports select {key}, line, repeat('x', 900) from generate_series(1, 560) line",
        ),
        firstAt: [-30, -25],
        think: [18, 20],
      },
      {
        name: 'board',
        node: 'standby2',
        errands: [{ sql: 'select sum(portions) from menu', kind: 'read' }],
        firstAt: [-20, -15],
        think: [17, 20],
      },
    ],
    events: [
      {
        at: [-30, -30],
        action: { kind: 'walVolume', node: 'primary', bytes: VOLUME_MB * 1_048_576 },
      },
      { at: [6, 9], action: { kind: 'powerOff', node: 'standby1' } },
      { at: [9.5, 10], action: { kind: 'cut', a: 'primary', b: 'standby2' } },
      { at: [40, 43], action: { kind: 'heal', a: 'primary', b: 'standby2' } },
      {
        at: [135, 140],
        action: {
          kind: 'sql',
          node: 'standby2',
          session: 'report',
          sql: 'begin isolation level repeatable read; select count(*) from payments',
        },
      },
      ...churn,
    ],
    pages: [
      {
        at: PAGES.payments,
        text: 'payments: no payment has been confirmed for more than 8 seconds. primary answers.',
      },
      {
        at: PAGES.disk,
        text: `disk: pg_wal on primary holds 4 MB, grows by 2 MB a minute and does not shrink. The volume holds ${VOLUME_MB} MB.`,
      },
      {
        at: PAGES.menu,
        text: 'board: the menu in the window is more than 20 seconds old. standby2 answers, and streams.',
      },
    ],
  },
  drill: { after: 260, rounds: [] },
  checks: [
    {
      id: 'payments-move',
      claim: 'First page: payments move within a minute',
      concepts: ['D4', 'D5'],
    },
    {
      id: 'nothing-lost',
      claim: 'First page: nothing acknowledged was lost',
      concepts: ['D2', 'D4'],
    },
    { id: 'disk-has-room', claim: 'Second page: the disk has room again', concepts: ['S1', 'S2'] },
    { id: 'board-is-fresh', claim: 'Third page: the board is fresh', concepts: ['H1', 'R3'] },
    { id: 'no-restart', claim: 'Nothing was restarted, nobody sent away', concepts: [] },
  ],
  hints: [
    'First page: what does every till wait for, and who should answer? pg_stat_activity, pg_stat_replication, show synchronous_standby_names.',
    'Second page: who still asks for old WAL? pg_replication_slots says whose it is, and whether anybody uses it.',
    'Second page: what lets go of WAL is removed at the next checkpoint.',
    'Third page: what is the startup process of standby2 waiting for, and which session there has an old snapshot? pg_stat_activity on standby2, backend_xmin.',
    'Third page: a new delay is read when replay goes on. It does not, as long as that session lives.',
  ],
  solutions: [
    {
      name: 'name standby2, drop the slot, end the report',
      why: 'Each trouble is ended where it comes from: who is waited for, who keeps WAL, who holds the snapshot.',
      actions: [...named, ...dropped, ...ended],
    },
    {
      name: 'ANY 1, a limit for slots, and the report’s connection',
      why: 'A limit lets the dead standby’s slot go at the next checkpoint, and any other that nobody comes back for.',
      actions: [
        ...set(35, 'primary', 'synchronous_standby_names', 'ANY 1 (standby1, standby2)'),
        ...set(125, 'primary', 'max_slot_wal_keep_size', '2MB'),
        sql(128, 'primary', 'checkpoint'),
        at(205, { kind: 'terminate', node: 'standby2', session: 'report' }),
      ],
    },
  ],
  traps: [
    {
      name: 'cancelling the waits',
      why: 'A cancelled wait acknowledges what only the primary has.',
      actions: [...Array.from({ length: 12 }, (_, i) => sql(22 + 4 * i, 'primary', CANCEL))],
      caughtBy: 'nothing-lost',
      says: 'A cancelled wait acknowledges',
    },
    {
      name: 'emptying the names',
      why: 'Nobody is asked any more.',
      actions: [...set(30, 'primary', 'synchronous_standby_names', ''), ...dropped, ...ended],
      caughtBy: 'nothing-lost',
      says: 'the list of names was empty',
    },
    {
      name: 'only checkpoints',
      why: 'A checkpoint removes what nobody asks for. The dead standby’s slot still asks.',
      actions: [
        ...named,
        sql(120, 'primary', 'checkpoint'),
        sql(140, 'primary', 'checkpoint'),
        ...ended,
      ],
      caughtBy: 'disk-has-room',
      says: 'the slot standby1 still asks for it',
    },
    {
      name: 'a smaller max_wal_size',
      why: 'It says when checkpoints come, not what a slot keeps.',
      actions: [...named, ...set(120, 'primary', 'max_wal_size', '2MB'), ...ended],
      caughtBy: 'disk-has-room',
      says: 'the slot standby1 still asks for it',
    },
    {
      name: 'a shorter delay while replay waits',
      why: 'The startup process reads its settings when it goes on, and it waits.',
      actions: [...named, ...dropped, ...set(200, 'standby2', 'max_standby_streaming_delay', '1s')],
      caughtBy: 'board-is-fresh',
      says: 'a new delay is read when replay goes on',
    },
    {
      name: 'feedback while replay waits',
      why: 'It keeps later VACUUMs from taking rows. This one has been.',
      actions: [...named, ...dropped, ...set(200, 'standby2', 'hot_standby_feedback', 'on')],
      caughtBy: 'board-is-fresh',
      says: 'feedback speaks for VACUUMs to come',
    },
    {
      name: 'restarting standby2',
      why: 'It ends the report, and the board’s connection, and every commit waits meanwhile.',
      actions: [
        ...named,
        ...dropped,
        at(200, { kind: 'kill', node: 'standby2' }),
        at(201, { kind: 'start', node: 'standby2' }),
      ],
      caughtBy: 'no-restart',
      says: 'was restarted',
    },
  ],
};

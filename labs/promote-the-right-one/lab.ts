import type { Action } from '../../src/cluster/action.ts';
import type { LabSource } from '../../src/lab/lab.ts';
import type { LabAction } from '../../src/lab/lab-action.ts';

const at = (seconds: number, action: LabAction) => ({ at: seconds, action });
const event = (seconds: [number, number], action: Action) => ({ at: seconds, action });
const sends = (from: number, session: string, sql: string) =>
  event([from, from + 1], { kind: 'sql', node: 'primary', session, sql });
const cut = (from: number, b: string) => event([from, from + 2], { kind: 'cut', a: 'primary', b });
const heal = (b: string) => event([-0.6, -0.4], { kind: 'heal', a: 'primary', b });

const till = (name: string, firstAt: [number, number]) => ({
  name,
  node: 'primary',
  sql: "begin; set local synchronous_commit = local; insert into payments values ({key}, 'tea'); commit",
  firstAt,
  think: [2, 4] as [number, number],
  until: -1.5,
});

const FATES = [
  { id: 'aborted', label: 'Aborted: it never committed' },
  { id: 'lost', label: 'Lost: its client was told that it is done' },
  { id: 'doubt', label: 'In doubt: its client was told nothing, and it is there' },
  { id: 'prepared', label: 'Prepared: it waits, with its locks' },
  { id: 'kept', label: 'Kept: its client was told, and it is there' },
];
const fate = (id: string, ask: string) => ({
  kind: 'choice' as const,
  id,
  ask,
  options: FATES,
});

const RIGHT = {
  table1: 'aborted',
  table2: 'prepared',
  table3: 'lost',
  table4: 'kept',
  table5: 'doubt',
};
const sheet = (seconds: number, fates: Readonly<Record<string, string>> = RIGHT) =>
  Object.entries(fates).map(([id, text]) => at(seconds, { kind: 'answer', id, text }));

const promote = (seconds: number, node: string) => at(seconds, { kind: 'promote', node });
const follow = (seconds: number, node: string, upstream: string) =>
  at(seconds, { kind: 'follow', node, upstream });
const start = (seconds: number, node: string) => at(seconds, { kind: 'start', node });
const rewind = (seconds: number, upstream: string) =>
  at(seconds, { kind: 'rewind', node: 'primary', upstream });

const STANDBYS = ['standby1', 'standby2', 'standby3'];
const takeover = (king: string) => [
  promote(3, king),
  ...STANDBYS.filter((one) => one !== king).map((one) => follow(6, one, king)),
];
const ROWS =
  "select pg_is_in_recovery(), coalesce(string_agg(id::text, ',' order by id), '') from payments";
const STREAMS =
  "select application_name from pg_stat_replication where state = 'streaming' order by 1";

export const lab: LabSource = {
  name: 'promote-the-right-one',
  version: 1,
  title: 'Promote the right one',
  chapter: 8,
  minutes: 40,
  situation: `The cellar of the primary is under water. Its network failed cable by cable, and then its power. Three standbys are up, and
none is like another: somebody has paused the replay of \`standby2\` for a report. \`standby3\` is the one that the primary was to wait for
where a payment asked for it; the tills did not ask. Five guests stand at the counter with payments that were under way.`,
  tasks: [
    'Promote the standby that loses least.',
    'Let the other two follow it.',
    'The machine of `primary` is dry again. Bring it back as a standby, with what the others have and nothing else.',
    'Say what became of the five payments, 9001 to 9005. `select * from log_of_tables` tells what each table did.',
  ],
  answers: [
    fate('table1', 'Table 1: began a block, inserted 9001, and went for the purse.'),
    fate('table2', 'Table 2: inserted 9002 and prepared the transaction, a minute before the end.'),
    fate('table3', 'Table 3: inserted 9003 at the level local, in the last seconds. INSERT 0 1.'),
    fate('table4', 'Table 4: inserted 9004 at the level local, ten seconds before. INSERT 0 1.'),
    fate(
      'table5',
      'Table 5: inserted 9005 at the level on. It waited for standby3 until the line went dead.',
    ),
  ],
  seeds: [8, 80, 808, 8_008, 80_008],
  start: {
    nodes: ['primary', ...STANDBYS],
    settings: {
      primary: {
        synchronous_standby_names: 'standby3',
        wal_sender_timeout: '0',
        wal_keep_size: '64MB',
      },
      ...Object.fromEntries(STANDBYS.map((one) => [one, { wal_receiver_timeout: '0' }])),
    },
    setup: [
      'create table payments (id int primary key, item text not null)',
      'create table log_of_tables (said text)',
      "insert into log_of_tables values ('table 1: begin; insert 9001'), ('table 2: insert 9002; prepare transaction'), ('table 3: insert 9003 at local, the last seconds'), ('table 4: insert 9004 at local, ten seconds before'), ('table 5: insert 9005 at on, no answer')",
    ],
    prelude: 60,
    clients: [till('till1', [-50, -48]), till('till2', [-49, -47])],
    events: [
      event([-56, -55], {
        kind: 'sql',
        node: 'standby2',
        session: 'report',
        sql: 'select pg_wal_replay_pause()',
      }),
      sends(
        -53,
        'table2',
        "begin; insert into payments values (9002, 'soup'); prepare transaction 'table-2'",
      ),
      cut(-40, 'standby1'),
      cut(-27, 'standby3'),
      sends(-20, 'table1', "begin; insert into payments values (9001, 'soup')"),
      sends(-16, 'table5', "insert into payments values (9005, 'soup')"),
      sends(
        -11,
        'table4',
        "set synchronous_commit = local; insert into payments values (9004, 'soup')",
      ),
      event([-5, -4], { kind: 'cut', a: 'primary', b: 'standby2' }),
      sends(
        -3.5,
        'table3',
        "set synchronous_commit = local; insert into payments values (9003, 'soup')",
      ),
      event([-1.2, -0.9], { kind: 'powerOff', node: 'primary' }),
      heal('standby1'),
      heal('standby2'),
      heal('standby3'),
    ],
  },
  drill: {
    after: 40,
    rounds: [],
    inspect: [
      { id: 'rows-primary', node: 'primary', sql: ROWS },
      { id: 'rows-standby2', node: 'standby2', sql: ROWS },
      { id: 'streams', node: 'standby2', sql: STREAMS },
    ],
  },
  checks: [
    { id: 'least-loss', claim: 'The standby that has most was promoted', concepts: ['F1', 'F3'] },
    { id: 'others-follow', claim: 'The other standbys follow it', concepts: ['F1'] },
    {
      id: 'old-one-rejoins',
      claim: 'The old primary is a standby, and has what the others have',
      concepts: ['F4'],
    },
    { id: 'fates', claim: 'Each of the five payments is sorted by its fate', concepts: ['F2'] },
  ],
  hints: [
    'What does a promotion do first with WAL that was received and not replayed?',
    'Ask each standby for pg_last_wal_receive_lsn() and pg_last_wal_replay_lsn(). The greater of the two counts.',
    'The old primary has payments that nobody else has. What takes them away?',
  ],
  solutions: [
    {
      name: 'standby2, and pg_rewind',
      why: 'It has received most. What the old primary alone had goes with the rewind.',
      actions: [...takeover('standby2'), rewind(14, 'standby2'), ...sheet(30)],
    },
    {
      name: 'standby2 by SQL, and a base backup',
      why: 'pg_promote() and primary_conninfo do the same. A new base backup needs nothing of the old files.',
      actions: [
        at(2, { kind: 'sql', node: 'standby2', session: 'psql', sql: 'select pg_promote()' }),
        ...['standby1', 'standby3'].flatMap((node) => [
          at(5, {
            kind: 'sql' as const,
            node,
            session: 'psql',
            sql: `alter system set primary_conninfo = 'host=standby2 application_name=${node}'`,
          }),
        ]),
        ...['standby1', 'standby3'].map((node) =>
          at(7, { kind: 'sql', node, session: 'psql', sql: 'select pg_reload_conf()' }),
        ),
        at(12, { kind: 'baseBackup', node: 'primary', upstream: 'standby2' }),
        ...sheet(30),
      ],
    },
  ],
  traps: [
    {
      name: 'the first that answers',
      why: 'It is up, and it has the number 1. Its cable failed first.',
      actions: [...takeover('standby1'), rewind(14, 'standby1'), ...sheet(30)],
      caughtBy: 'least-loss',
      says: 'had neither received nor replayed most',
    },
    {
      name: 'the one that has replayed most',
      why: 'Its tables are the newest that one can see. Received counts as much.',
      actions: [...takeover('standby3'), rewind(14, 'standby3'), ...sheet(30)],
      caughtBy: 'least-loss',
      says: 'had replayed most',
    },
    {
      name: 'back without a rewind',
      why: 'It runs as a standby, with its own history.',
      actions: [
        ...takeover('standby2'),
        follow(14, 'primary', 'standby2'),
        start(15, 'primary'),
        ...sheet(30),
      ],
      caughtBy: 'old-one-rejoins',
      says: 'still shows payments that nobody else has',
    },
    {
      name: 'back as it is',
      why: 'Nobody has told it anything. It takes money.',
      actions: [...takeover('standby2'), start(14, 'primary'), ...sheet(30)],
      caughtBy: 'old-one-rejoins',
      says: 'There are two primaries',
    },
    {
      name: 'forgetting the others',
      why: 'They go on asking for a server that is gone.',
      actions: [promote(3, 'standby2'), rewind(14, 'standby2'), ...sheet(30)],
      caughtBy: 'others-follow',
      says: 'does not stream from',
    },
    {
      name: 'no answer means not done',
      why: 'Its commit record had reached standby2 before the cable failed.',
      actions: [
        ...takeover('standby2'),
        rewind(14, 'standby2'),
        ...sheet(30, { ...RIGHT, table5: 'aborted' }),
      ],
      caughtBy: 'fates',
      says: 'Table 5',
    },
    {
      name: 'a receipt means done',
      why: 'A receipt at the level local is worth one disk, and that one was under water.',
      actions: [
        ...takeover('standby2'),
        rewind(14, 'standby2'),
        ...sheet(30, { ...RIGHT, table3: 'kept' }),
      ],
      caughtBy: 'fates',
      says: 'Table 3',
    },
  ],
};

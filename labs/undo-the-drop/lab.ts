import type { Action } from '../../src/cluster/action.ts';
import type { LabSource } from '../../src/lab/lab.ts';

const at = (seconds: number, action: Action) => ({ at: seconds, action });
const sql = (seconds: number, text: string, node = 'primary') =>
  at(seconds, { kind: 'sql', node, session: 'psql', sql: text });
/** The past is the same on every seed, to the transaction: what is found out of it on one is so on all. */
const past = (seconds: number, session: string, text: string) => ({
  at: [seconds, seconds] as [number, number],
  action: { kind: 'sql', node: 'primary', session, sql: text } as const,
});

const RESTORE = "restore_command = 'cp /archive/%f %p'";
/** The chef's last recipe, and the drop: transactions that follow from the past above. */
const LAST_RECIPE = 1007;
const DROP = 1008;

const restore = (seconds: number, lines: readonly string[], backup = 'nightly') =>
  at(seconds, {
    kind: 'restore',
    node: 'restored',
    backup,
    signal: 'recovery',
    conf: [RESTORE, ...lines].join('\n'),
  });
const copy = (seconds: number, from = 'restored') =>
  at(seconds, { kind: 'copyTable', node: 'primary', from, table: 'recipes' });
const backup = (seconds: number, name = 'tonight') =>
  at(seconds, { kind: 'backup', node: 'primary', name });

const mend = [
  sql(5, "alter system set archive_command = 'cp %p /archive/%f'"),
  sql(6, 'select pg_reload_conf()'),
  sql(7, 'select pg_switch_wal()'),
];
const TIME = "recovery_target_time = '2026-01-05 12:01:40.35+00'";
const XID = `recovery_target_xid = '${DROP}'`;
const PROMOTE = 'recovery_target_action = promote';

export const lab: LabSource = {
  name: 'undo-the-drop',
  version: 1,
  title: 'Undo the drop',
  chapter: 7,
  minutes: 45,
  situation: `At 12:01:40 the new intern meant the test database, and typed \`drop table recipes\` into this one. \`standby1\`
was told within milliseconds, and obeyed. The tills go on selling: they do not need the recipes. The kitchen does.

Every night at 12:00:10 the base backup \`nightly\` of the primary goes to \`/backup\`, which every machine sees, as it sees
\`/archive\`. The chef has changed recipes since, the last time moments before the drop. \`restored\` is a spare machine without a
data directory: in the controls of a server you restore a backup there, with the lines of \`postgresql.conf\` that you write, take
backups, and carry a table from one server to another. The extension \`pg_walinspect\` is installed.`,
  tasks: [
    'Make `restored` a server of the last moment before the drop: with every row that was committed before it.',
    'Bring `recipes` home to `primary`, while the tills go on. No payment may be lost, and nothing may be stopped there.',
    'Take a base backup named `tonight`. It will be restored on `standby1`, as a drill: see to it that this works.',
  ],
  seeds: [7, 71, 707, 7_007, 70_007],
  start: {
    nodes: ['primary', 'standby1', 'restored'],
    spares: ['restored'],
    settings: {
      primary: { archive_mode: 'on', archive_command: 'cp %p /archive/%f' },
      restored: { archive_mode: 'on', archive_command: 'cp %p /archive/%f' },
    },
    setup: [
      'create extension pg_walinspect',
      'create table recipes (id int primary key, dish text not null, price numeric(6, 2) not null)',
      "insert into recipes select g, 'dish ' || g, 3 + g * 0.25 from generate_series(1, 40) as g",
      'create table payments (id int primary key, item text not null)',
      // The next transaction is number 1000, whatever the data directory was made by.
      'do $$ begin loop exit when pg_current_xact_id()::text::bigint >= 999; commit; end loop; end $$',
    ],
    prelude: 120,
    clients: [
      {
        name: 'till',
        node: 'primary',
        count: 2,
        sql: "insert into payments values ({key}, 'tea')",
        firstAt: [-15, -13],
        think: [1, 3],
      },
    ],
    events: [
      { at: [-110, -110], action: { kind: 'backup', node: 'primary', name: 'nightly' } },
      past(-90, 'chef', "insert into recipes values (41, 'ginger cake', 6.50)"),
      past(-70, 'chef', 'update recipes set price = 9.50 where id = 7'),
      ...[-60, -50, -40, -30, -22].map((seconds, index) =>
        past(seconds, 'counter', `insert into payments values (${900_001 + index}, 'cake')`),
      ),
      past(-45, 'dba', "alter system set archive_command = 'cp %p /archiv/%f'"),
      past(-44.5, 'dba', 'select pg_reload_conf()'),
      past(-19.9, 'chef', "insert into recipes values (42, 'elderflower cake', 7.25)"),
      past(-19.65, 'intern', 'drop table recipes'),
    ],
    pages: [{ at: 1, text: 'Kitchen: the recipes are gone. What do we bake?' }],
  },
  drill: {
    after: 40,
    rounds: [
      {
        name: 'the restore drill',
        begin: [
          {
            kind: 'restore',
            node: 'standby1',
            backup: 'tonight',
            signal: 'recovery',
            conf: [
              RESTORE,
              'recovery_target = immediate',
              'recovery_target_timeline = current',
              PROMOTE,
            ].join('\n'),
          },
        ],
        lasts: 4,
        end: [],
      },
    ],
    inspect: [
      {
        id: 'home',
        node: 'primary',
        sql: 'select count(*), count(*) filter (where id = 42), count(*) filter (where id = 7 and price = 9.50) from recipes',
      },
      { id: 'payments', node: 'primary', sql: 'select id from payments' },
      { id: 'there', node: 'restored', sql: 'select count(*), max(id) from recipes' },
      { id: 'drill', node: 'standby1', sql: 'select count(*) from recipes' },
    ],
  },
  checks: [
    {
      id: 'exact',
      claim: '`restored` stands at the last moment before the drop',
      concepts: ['B3', 'B4'],
    },
    {
      id: 'home',
      claim: '`recipes` is back on the primary, with every row that it had',
      concepts: ['B1', 'B4'],
    },
    { id: 'cafe', claim: 'The tills went on, and no payment is lost', concepts: ['B4'] },
    { id: 'drill', claim: 'The backup of tonight could be restored', concepts: ['B2', 'B6'] },
  ],
  hints: [
    'Who still has the table? Not the standby. What was copied, and what has been written down since: where is it?',
    'Ask pg_stat_archiver on the primary. A segment that is not in the archive cannot be replayed; the one in use goes there when it is full, or at pg_switch_wal().',
    'The clock on the wall said 12:01:40, and 60 commits fit into a second. The log of events has milliseconds; pg_get_wal_records_info of pg_walinspect has the number of every transaction. A transaction as a target is replayed, unless recovery_target_inclusive is off.',
    'Replay stops before the drop’s commit and after its lock: who waits for the lock of a transaction that is not replayed to its end? Let recovery end there (pg_wal_replay_resume), and it is rolled back.',
  ],
  solutions: [
    {
      name: 'the time of the drop, to the millisecond',
      why: 'The target lies between the last recipe and the drop; with promote the drop’s transaction, which has not ended, is rolled back.',
      actions: [...mend, restore(10, [TIME, PROMOTE]), copy(14), backup(20)],
    },
    {
      name: 'the drop’s transaction, exclusive',
      why: 'Paused before that commit, the table is locked by a transaction whose end is never replayed. When recovery ends, so does it.',
      actions: [
        ...mend,
        restore(10, [XID, 'recovery_target_inclusive = off']),
        sql(14, 'select pg_wal_replay_resume()', 'restored'),
        copy(18),
        backup(20),
      ],
    },
    {
      name: 'the last recipe’s transaction, inclusive',
      why: 'It stops right after that commit, before the drop has taken its lock: the paused server can be read, and stays one that could go on.',
      actions: [
        ...mend,
        restore(10, [`recovery_target_xid = '${LAST_RECIPE}'`]),
        copy(14),
        backup(20),
      ],
    },
  ],
  traps: [
    {
      name: 'from the standby',
      why: 'A standby has every row of the primary, and every mistake, milliseconds later.',
      actions: [...mend, copy(8, 'standby1'), backup(20)],
      caughtBy: 'home',
      says: 'has replayed the drop as it replays everything',
    },
    {
      name: 'a backup taken after the drop',
      why: 'Replay begins where the backup ends, and cannot go back: with a time as the target nobody complains.',
      actions: [...mend, backup(8, 'now'), restore(10, [TIME, PROMOTE], 'now'), backup(20)],
      caughtBy: 'exact',
      says: 'was taken after the drop',
      seeds: 'some',
    },
    {
      name: 'the drop’s transaction, inclusive',
      why: 'recovery_target_inclusive is on by default: it stops right after that commit.',
      actions: [...mend, restore(10, [XID, PROMOTE]), copy(14), backup(20)],
      caughtBy: 'exact',
      says: 'is replayed too, unless recovery_target_inclusive is off',
    },
    {
      name: 'the next full second',
      why: 'The drop was committed at 12:01:40.35.',
      actions: [
        ...mend,
        restore(10, ["recovery_target_time = '2026-01-05 12:01:41+00'", PROMOTE]),
        backup(20),
      ],
      caughtBy: 'exact',
      says: 'lies behind the drop',
      seeds: 'some',
    },
    {
      name: 'the full second before',
      why: 'The chef’s last recipe was committed in the same second as the drop.',
      actions: [
        ...mend,
        restore(10, ["recovery_target_time = '2026-01-05 12:01:40+00'", PROMOTE]),
        copy(14),
        backup(20),
      ],
      caughtBy: 'exact',
      says: 'The last recipe, committed at 12:01:40.1',
      seeds: 'some',
    },
    {
      name: 'the last segment is not archived',
      why: 'The archive ends before the target: archive_command has failed since it was changed.',
      actions: [restore(10, [TIME, PROMOTE]), backup(20)],
      caughtBy: 'exact',
      says: 'never reached the archive',
    },
    {
      name: 'a second try on the new timeline',
      why: 'The first try was promoted too early and archived its history. The second follows it, as recovery_target_timeline = latest says, and the rows after the fork are on timeline 1.',
      actions: [
        ...mend,
        restore(10, ["recovery_target_time = '2026-01-05 12:01:40+00'", PROMOTE]),
        sql(13, 'select pg_switch_wal()', 'restored'),
        restore(16, [`recovery_target_xid = '${LAST_RECIPE}'`, PROMOTE]),
        backup(20),
      ],
      caughtBy: 'exact',
      says: 'followed timeline 2',
      seeds: 'some',
    },
    {
      name: 'no backup for tonight',
      why: 'A restore that nobody has tried is a hope.',
      actions: [...mend, restore(10, [TIME, PROMOTE]), copy(14)],
      caughtBy: 'drill',
      says: 'There is no backup named',
      seeds: 'some',
    },
  ],
};

import type { LabSource } from '../../src/lab/lab.ts';
import { at, event, psqlOn, sent } from '../script.ts';

/** When the pager goes, in seconds after the take-over. */
export const PAGES = { maintenance: 5, payments: 90, books: 147 } as const;
/** When the machine of primary has no power, as announced. */
export const MAINTENANCE = { from: 45, to: 55 } as const;
/** By then it is a standby again, and the other one follows, too. */
export const REJOINED = 65;
/** When the new primary's machine burns, from and to. */
export const BURNS = [85, 86] as const;
/** When somebody forgets a WHERE: 12:03:22.35 on the servers' clocks. */
export const MISTAKE = 142.35;
/** For so long payments may stand while the primary is changed as planned, and while a table comes home. */
export const MOST_AWAY = 20;
/** From a page to the end of its trouble. */
export const LIMITS = { payments: 40, books: 90 } as const;
/** A machine to restore on: no server of the cafe. */
export const SPARE = 'restored';

const archived = { archive_mode: 'on', archive_command: 'cp %p /archive/%f' };
const server = {
  ...archived,
  wal_sender_timeout: '5s',
  wal_receiver_timeout: '5s',
  wal_keep_size: '64MB',
};

const stop = (seconds: number, node: string) => at(seconds, { kind: 'stop', node });
const promote = (seconds: number, node: string) => at(seconds, { kind: 'promote', node });
const start = (seconds: number, node: string) => at(seconds, { kind: 'start', node });
const follow = (seconds: number, node: string, upstream: string) =>
  at(seconds, { kind: 'follow', node, upstream });
const rewind = (seconds: number, node: string, upstream: string) =>
  at(seconds, { kind: 'rewind', node, upstream });
const restore = (seconds: number, lines: readonly string[], node: string = SPARE) =>
  at(seconds, {
    kind: 'restore',
    node,
    backup: 'nightly',
    signal: 'recovery',
    conf: ["restore_command = 'cp /archive/%f %p'", ...lines].join('\n'),
  });
const carry = (seconds: number, node: string, table: string) =>
  at(seconds, { kind: 'copyTable', node, from: SPARE, table });
const restored = psqlOn(SPARE);
const standby2 = psqlOn('standby2');
const cut = (between: [number, number], a: string, b: string) =>
  event(between, { kind: 'cut', a, b });
const heal = (seconds: number, a: string, b: string) =>
  event([seconds, seconds + 1], { kind: 'heal', a, b });

const PROMOTE = 'recovery_target_action = promote';
const until = (time: string) => `recovery_target_time = '2026-01-05 ${time}+00'`;
const TIME = until('12:03:22.35');
const SWITCH_WAL = 'select pg_switch_wal()';
const RENAME = 'alter table payments rename to payments_before';
const MERGE = 'insert into payments select * from payments_before on conflict do nothing';

const changeover = [
  stop(12, 'primary'),
  promote(14, 'standby1'),
  follow(15, 'standby2', 'standby1'),
];
const switchover = [...changeover, follow(16, 'primary', 'standby1'), start(17, 'primary')];
const takeover = [promote(93, 'standby2'), follow(94, 'primary', 'standby2')];
const failover = [...takeover, rewind(97, 'standby1', 'standby2')];
/** What is there before anybody has looked into the books. */
const untilTheBooks = [...switchover, ...failover];
const archiveIt = standby2(149, SWITCH_WAL);
const bringHome = (from: number) => [
  restored(from, RENAME),
  carry(from + 2, 'standby2', 'payments_before'),
  standby2(from + 4, MERGE),
];

export const lab: LabSource = {
  name: 'second-night',
  version: 1,
  title: 'The second night on call',
  chapter: 11,
  capstone: true,
  minutes: 45,
  situation: `The pager again. Two tills take payments on \`primary\`; \`standby1\` and \`standby2\` follow it, and nobody waits for them.
The tills know all three servers: where their connection is over, they go to the first one that takes writes. Every server archives to
\`/archive\`, and the base backup \`nightly\`, of 12:00:10, is in \`/backup\`. \`restored\` is a spare machine without a data directory. The clocks of the
servers said 12:00:00 in second 0 of the run, so second 65 is 12:01:05.

Choose a server in the drawing to shut it down, promote it, let it follow another, rewind it, or restore a backup on it. Three pages will come. Your work is
done again on other nights: there the same happens in the same seconds, and other payments come at other moments. The number of a
transaction, or a position, is another one there. A time is not.`,
  tasks: [
    'The first page announces a maintenance. Let another server take the payments before, so that none is lost, two servers never take them at once, and nobody stands at a till for more than 20 seconds.',
    'By second 125 the other two follow it, the one that was down for maintenance among them.',
    'The second page is about payments. Within 40 seconds they go on, on the server that loses least; the other one follows it, and the one that failed comes back as a standby with what they have.',
    'The third page is about the books. Within 90 seconds every payment of before is back among those of since. The tills go on meanwhile.',
  ],
  seeds: [11, 110, 1_101, 11_011, 110_110],
  start: {
    nodes: ['primary', 'standby1', 'standby2', SPARE],
    spares: [SPARE],
    settings: { primary: server, standby1: server, standby2: server, [SPARE]: archived },
    setup: ['create table payments (id int primary key, item text not null)'],
    prelude: 60,
    clients: [
      {
        name: 'till',
        node: 'primary',
        otherHosts: ['standby1', 'standby2'],
        count: 2,
        sql: "insert into payments values ({key}, 'tea')",
        firstAt: [-40, -36],
        think: [4, 6],
        attempts: 3,
      },
    ],
    events: [
      event([-50, -50], { kind: 'backup', node: 'primary', name: 'nightly' }),
      cut([-13, -12], 'primary', 'standby2'),
      heal(26, 'primary', 'standby2'),
      event([MAINTENANCE.from, MAINTENANCE.from], { kind: 'powerOff', node: 'primary' }),
      event([MAINTENANCE.to, MAINTENANCE.to], { kind: 'start', node: 'primary' }),
      event([66, 66.5], sent('{last-standby}', 'report', 'select pg_wal_replay_pause()')),
      cut([71.5, 72], '{primary}', '{first-standby}'),
      cut([78, 78.5], '{primary}', '{last-standby}'),
      event([...BURNS], { kind: 'powerOff', node: '{primary}' }),
      heal(87, 'primary', 'standby1'),
      heal(87, 'primary', 'standby2'),
      heal(87, 'standby1', 'standby2'),
      event([MISTAKE, MISTAKE], sent('{primary}', 'intern', 'delete from payments')),
    ],
    pages: [
      {
        at: PAGES.maintenance,
        text: 'operations: the power supply of the machine of `primary` is changed at 12:01:45 (second 105). Whatever runs there is cut off for ten seconds, then it starts again as it is.',
      },
      {
        at: PAGES.payments,
        text: 'payments: none has been confirmed for some seconds. The machine of the primary has been on fire. It is out now; whether it holds, nobody knows. Put the payments on another one.',
      },
      {
        at: PAGES.books,
        text: 'books: the list of payments is almost empty. It was complete at 12:03:20. The tills say that all is well.',
      },
    ],
  },
  drill: {
    after: PAGES.books + LIMITS.books,
    rounds: [],
    inspect: [
      {
        id: 'end',
        node: '{primary}',
        sql: "select 'payment', id::text from payments union all select 'stream', application_name from pg_stat_replication where state = 'streaming'",
      },
    ],
  },
  checks: [
    {
      id: 'switchover',
      claim: 'First page: a planned switchover, and nothing was lost',
      concepts: ['F5'],
    },
    {
      id: 'back-in-line',
      claim: 'First page: the other two follow, the old primary among them',
      concepts: ['F4', 'F5'],
    },
    {
      id: 'least-loss',
      claim: 'Second page: the one that had most was promoted',
      concepts: ['F1', 'F3'],
    },
    {
      id: 'one-primary',
      claim: 'Second page: one primary, and two that follow it',
      concepts: ['F4'],
    },
    {
      id: 'books-whole',
      claim: 'Third page: every payment of before the mistake is back',
      concepts: ['B3', 'B4'],
    },
    {
      id: 'night-goes-on',
      claim: 'Third page: the tills went on, and nothing since is lost',
      concepts: ['B4'],
    },
  ],
  hints: [
    'First page: in which order? One must not take payments any more before another does. And who has all of its WAL: ask both standbys for pg_last_wal_receive_lsn(), and look at where the WAL of primary ends.',
    'First page: a server that starts looks into its own files only. What says there that it is a standby?',
    'Second page: timeline first, then the greater of received and replayed. One of the two has its replay paused.',
    'Second page: did the burnt one still take payments when its cables had failed already? Then it has WAL that the others lack.',
    'Third page: who sent what, and when, to the millisecond? What happened tells. The segment in use is not in the archive before it is full, or pg_switch_wal() was called.',
    'Third page: payments is there on both servers. Under another name it can be carried, and its rows put among the others: insert … select … on conflict do nothing. A restored server that is paused takes no ALTER TABLE: let its recovery end.',
    'Third page, a second try: your first one is a timeline of its own, with a history file in the archive. recovery_target_timeline = latest goes there.',
  ],
  solutions: [
    {
      name: 'standby1, then standby2, then the time of the mistake',
      why: 'Each takes over what it has all of, and what nobody has all of comes from the archive.',
      actions: [...untilTheBooks, archiveIt, restore(151, [TIME, PROMOTE]), ...bringHome(155)],
    },
    {
      name: 'standby2 once its cable is mended, a base backup, and a pause at the target',
      why: 'There is time until the maintenance. A base backup needs nothing of the burnt files, and a paused restore can still be looked at before it is let go.',
      actions: [
        stop(30, 'primary'),
        promote(32, 'standby2'),
        follow(33, 'standby1', 'standby2'),
        follow(34, 'primary', 'standby2'),
        start(35, 'primary'),
        promote(93, 'standby1'),
        follow(94, 'primary', 'standby1'),
        at(97, { kind: 'baseBackup', node: 'standby2', upstream: 'standby1' }),
        psqlOn('standby1')(149, SWITCH_WAL),
        restore(151, [TIME]),
        restored(155, 'select pg_wal_replay_resume()'),
        restored(157, 'create table lost as select * from payments'),
        carry(159, 'standby1', 'lost'),
        psqlOn('standby1')(
          161,
          'insert into payments select * from lost where id not in (select id from payments)',
        ),
      ],
    },
  ],
  traps: [
    {
      name: 'promoted first, then stopped',
      why: 'So nobody waits at a till, and for two seconds both take money.',
      actions: [promote(12, 'standby1'), stop(18, 'primary')],
      caughtBy: 'switchover',
      says: 'Stop first, then promote',
      seeds: 'some',
    },
    {
      name: 'killed in place of shut down',
      why: 'It is gone sooner. Nobody has waited for the last of its WAL.',
      actions: [at(12, { kind: 'kill', node: 'primary' }), promote(14, 'standby1')],
      caughtBy: 'switchover',
      says: 'without its last checkpoint',
      seeds: 'some',
    },
    {
      name: 'the standby whose cable had failed',
      why: 'A fast shutdown waits for the standbys that are connected. This one was not.',
      actions: [stop(12, 'primary'), promote(14, 'standby2')],
      caughtBy: 'switchover',
      says: 'Its cable had failed',
      seeds: 'some',
    },
    {
      name: 'left alone',
      why: 'It is down anyway. When its machine has power again, so has its PostgreSQL.',
      actions: changeover,
      caughtBy: 'back-in-line',
      says: 'no standby.signal lay beside its files',
    },
    {
      name: 'the one that has replayed most',
      why: 'Its tables are the newest that one can see, and it was the primary before.',
      actions: [...switchover, promote(93, 'primary'), follow(94, 'standby2', 'primary')],
      caughtBy: 'least-loss',
      says: 'It had replayed further',
      seeds: 'some',
    },
    {
      name: 'the burnt one, as it is',
      why: 'Nobody has told it anything. It takes money.',
      actions: [...switchover, ...takeover, start(97, 'standby1')],
      caughtBy: 'one-primary',
      says: 'was started as it was',
      seeds: 'some',
    },
    {
      name: 'the burnt one, unrewound',
      why: 'With standby.signal it is a standby, of a history that nobody continues.',
      actions: [
        ...switchover,
        ...takeover,
        follow(97, 'standby1', 'standby2'),
        start(98, 'standby1'),
      ],
      caughtBy: 'one-primary',
      says: 'it has WAL behind the fork',
      seeds: 'some',
    },
    {
      name: 'the next full second',
      why: 'The mistake was committed 350 ms after 12:03:22.',
      actions: [...untilTheBooks, archiveIt, restore(151, [until('12:03:23'), PROMOTE])],
      caughtBy: 'books-whole',
      says: 'replayed the mistake too',
      seeds: 'some',
    },
    {
      name: 'the second that the page names',
      why: 'It was complete then. Two seconds later it was not, and somebody had paid in between.',
      actions: [
        ...untilTheBooks,
        archiveIt,
        restore(151, [until('12:03:20'), PROMOTE]),
        ...bringHome(155),
      ],
      caughtBy: 'books-whole',
      says: 'the restore had stopped before it',
      seeds: 'some',
    },
    {
      name: 'the segment in use',
      why: 'It is archived when it is full, and at this pace it is full tomorrow.',
      actions: [...untilTheBooks, restore(151, [TIME, PROMOTE])],
      caughtBy: 'books-whole',
      says: 'the segment with the mistake was not in it',
      seeds: 'some',
    },
    {
      name: 'a second try on the new timeline',
      why: 'The first was promoted, and archived 00000004.history. latest goes there.',
      actions: [
        ...untilTheBooks,
        archiveIt,
        restore(151, [until('12:03:20'), PROMOTE]),
        restored(155, SWITCH_WAL),
        restore(157, [TIME, PROMOTE]),
      ],
      caughtBy: 'books-whole',
      says: 'followed the timeline of an earlier try',
      seeds: 'some',
    },
    {
      name: 'restored and left there',
      why: 'The rows are back, on a server that no till asks.',
      actions: [...untilTheBooks, archiveIt, restore(151, [TIME, PROMOTE])],
      caughtBy: 'books-whole',
      says: 'must still be carried to the primary',
      seeds: 'some',
    },
    {
      name: 'restored over the primary',
      why: 'Everything of before is back where it was. Everything of since is not.',
      actions: [
        ...untilTheBooks,
        archiveIt,
        stop(151, 'standby2'),
        restore(153, [TIME, PROMOTE], 'standby2'),
      ],
      caughtBy: 'night-goes-on',
      says: 'was restored over',
      seeds: 'some',
    },
    {
      name: 'the table replaced',
      why: 'What is carried home is the table of then. Those who paid since are in the one that was dropped.',
      actions: [
        ...untilTheBooks,
        archiveIt,
        restore(151, [TIME, PROMOTE]),
        standby2(155, 'drop table payments'),
        carry(155.2, 'standby2', 'payments'),
      ],
      caughtBy: 'night-goes-on',
      says: 'the table was replaced',
      seeds: 'some',
    },
  ],
};

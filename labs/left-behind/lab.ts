import type { LabSource } from '../../src/lab/lab.ts';
import { at, event, psqlOn, sent } from '../script.ts';

/** So many megabytes of WAL at once. */
const importOf = (days: string, megabytes: number) =>
  sent(
    'primary',
    'import',
    `insert into deliveries select '${days}', repeat('flour, sugar, butter; ', 45) from generate_series(1, ${900 * megabytes})`,
  );

const till = (name: string, firstAt: [number, number]) => ({
  name,
  node: 'primary',
  sql: "insert into payments values ({key}, 'tea')",
  firstAt,
  think: [2, 4] as [number, number],
});

const RESTORE = "alter system set restore_command = 'cp /archive/%f %p'";
const RELOAD = 'select pg_reload_conf()';
const DROP = "select pg_drop_replication_slot('standby2')";
const CREATE = "select pg_create_physical_replication_slot('standby2', true)";

const fetch = (from: number) => [
  psqlOn('standby2')(from, RESTORE),
  psqlOn('standby2')(from + 1, RELOAD),
];
const renew = (from: number) => [
  psqlOn('primary')(from, DROP),
  psqlOn('primary')(from + 1, CREATE),
];

export const lab: LabSource = {
  name: 'left-behind',
  version: 1,
  title: 'Left behind',
  chapter: 6,
  minutes: 20,
  situation: `\`standby2\` was off while the month’s deliveries were imported. It is up again, answers with old rows, and does
not stream. The primary archives every complete segment: \`archive_command\` is \`cp %p /archive/%f\`, and every server sees that
directory. The data directory is two terabytes in real life: nobody wants to copy it over this line.`,
  tasks: [
    'Bring `standby2` back within 90 seconds: it streams, and has every payment.',
    'Take no base backup, and leave the tills and `standby1` alone.',
    'It will be off again, for the next import. Then it must come back by itself.',
  ],
  seeds: [6, 61, 606, 6_006, 60_006],
  start: {
    nodes: ['primary', 'standby1', 'standby2'],
    settings: {
      primary: {
        archive_mode: 'on',
        archive_command: 'cp %p /archive/%f',
        max_slot_wal_keep_size: '2MB',
        max_wal_size: '8MB',
        wal_sender_timeout: '0',
      },
      standby2: { primary_slot_name: 'standby2' },
    },
    setup: [
      'create table payments (id int primary key, item text not null)',
      'create table deliveries (day text, what text)',
      "select pg_create_physical_replication_slot('standby2')",
    ],
    prelude: 60,
    clients: [till('till1', [-59, -58]), till('till2', [-57, -56])],
    events: [
      event([-48, -45], { kind: 'kill', node: 'standby2' }),
      event([-42, -40], importOf('1 to 15', 3)),
      event([-33, -30], importOf('16 to 30', 3)),
      event([-26, -25], { kind: 'sql', node: 'primary', session: 'dba', sql: 'checkpoint' }),
      event([-22, -18], { kind: 'start', node: 'standby2' }),
    ],
  },
  drill: {
    after: 100,
    rounds: [
      {
        name: 'the next import',
        begin: [{ kind: 'kill', node: 'standby2' }, importOf('next', 1)],
        lasts: 8,
        end: [
          { kind: 'sql', node: 'primary', session: 'dba', sql: 'checkpoint' },
          { kind: 'start', node: 'standby2' },
        ],
        rest: 20,
      },
    ],
  },
  checks: [
    { id: 'back', claim: '`standby2` streams, and has every payment', concepts: ['S3'] },
    { id: 'no-copy', claim: 'Nothing was copied anew', concepts: ['S3'] },
    { id: 'next-time', claim: 'It comes back by itself the next time', concepts: ['S1', 'S3'] },
    { id: 'undisturbed', claim: 'The tills and `standby1` were left alone', concepts: [] },
  ],
  hints: [
    'What does standby2 ask for, and what is it told? The log of events says it every five seconds.',
    'Two things are missing: something to stream through, and the WAL of the past. Look at pg_replication_slots for the one, and at archive_command for the other.',
    'A lost slot must be dropped and made anew, on the primary. The WAL comes from the archive with restore_command, on standby2; it is read at a reload.',
  ],
  solutions: [
    {
      name: 'the archive, then a new slot',
      why: 'The archive brings the past, and the slot reserves the future.',
      actions: [...fetch(5), ...renew(15)],
    },
    {
      name: 'a new slot, then the archive',
      why: 'In the other order it is refused once more in between, for another reason.',
      actions: [...renew(3), ...fetch(20)],
    },
    {
      name: 'the archive, and no slot',
      why: 'With an archive that never fails a standby needs no slot: it fetches there what the primary has let go.',
      actions: [
        psqlOn('standby2')(4, 'alter system reset primary_slot_name'),
        psqlOn('standby2')(5, "alter system set primary_slot_name = ''"),
        ...fetch(6),
        psqlOn('primary')(10, DROP),
      ],
    },
  ],
  traps: [
    {
      name: 'a base backup',
      why: 'It works, and copies two terabytes.',
      actions: [...renew(3), at(6, { kind: 'baseBackup', node: 'standby2', upstream: 'primary' })],
      caughtBy: 'no-copy',
      says: 'was copied anew',
    },
    {
      name: 'the slot made anew, and nothing else',
      why: 'A slot keeps what is there. What standby2 needs is older.',
      actions: renew(3),
      caughtBy: 'back',
      says: 'older than anything on the primary',
    },
    {
      name: 'the archive, and the lost slot left as it is',
      why: 'It fetches what is archived, and still asks for a slot that is dead: the newest segment never comes.',
      actions: fetch(3),
      caughtBy: 'back',
      says: 'still asks for a slot that it cannot have',
    },
    {
      name: 'the slot dropped, and none made',
      why: 'The standby still names it.',
      actions: [psqlOn('primary')(3, DROP), ...fetch(5)],
      caughtBy: 'back',
      says: 'names a slot that is not there',
    },
    {
      name: 'a restore_command that is never read',
      why: 'ALTER SYSTEM writes a file. The startup process reads it at a reload.',
      actions: [...renew(3), psqlOn('standby2')(6, RESTORE)],
      caughtBy: 'back',
      says: 'written and never read',
    },
    {
      name: 'a larger wal_keep_size',
      why: 'It keeps WAL from now on, and brings none back.',
      actions: [
        ...renew(3),
        psqlOn('primary')(6, "alter system set wal_keep_size = '1GB'"),
        psqlOn('primary')(7, RELOAD),
      ],
      caughtBy: 'back',
      says: 'keeps what is written from now on',
    },
    {
      name: 'the primary restarted',
      why: 'The tills lose their connections, and nothing comes back by it.',
      actions: [
        at(3, { kind: 'kill', node: 'primary' }),
        at(4, { kind: 'start', node: 'primary' }),
        ...fetch(8),
        ...renew(12),
      ],
      caughtBy: 'undisturbed',
      says: 'was stopped',
    },
  ],
};

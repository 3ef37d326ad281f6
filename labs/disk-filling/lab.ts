import type { Action } from '../../src/cluster/action.ts';
import type { LabSource } from '../../src/lab/lab.ts';
import { at, event, psql, sent } from '../script.ts';

/** Bytes of the volume that holds the primary's pg_wal. */
export const VOLUME = 16 * 2 ** 20;

const dba = (sql: string, session = 'dba') => sent('primary', session, sql);
/** So many megabytes of WAL at once. */
const importOf = (megabytes: number): Action =>
  dba(
    `insert into deliveries select repeat('flour, sugar, butter; ', 45) from generate_series(1, ${900 * megabytes})`,
    'import',
  );

const DROP_INACTIVE =
  'select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active';
const MEND = "alter system set archive_command = 'cp %p /archive/%f'";
const RELOAD = 'select pg_reload_conf()';
const CHECKPOINT = 'checkpoint';
const limitOf = (size: string) => `alter system set max_slot_wal_keep_size = '${size}'`;

/** A statement each half second, from the third second on. */
const oneByOne = (...statements: readonly string[]) =>
  statements.map((sql, i) => psql(3 + i / 2, sql));

export const lab: LabSource = {
  name: 'disk-filling',
  version: 2,
  title: 'The disk is filling',
  chapter: 6,
  minutes: 30,
  situation: `The pager: the volume with the primary’s \`pg_wal\` is more than two thirds full, and fills. It holds 16 MB, a
segment is 1 MB, and the ovens write about 60 kB of WAL a second. \`standby1\` and \`standby2\` each have a slot of their own name.
The primary archives to \`/archive\`. Something has not let go of WAL for the last minute. There is no shell on that machine, but for one
command: choose the node, and you find an \`rm\` that somebody has left there.`,
  tasks: [
    'Keep at least 10 % of the volume free, from now on: at most 14 segments.',
    '`standby1` is well. It must stay so, and keep its slot.',
    'See to the next outage of `standby1`: if 3 MB are written meanwhile it must come back by itself; if 15 MB are, the volume must still have 10 %.',
    'What leaves pg_wal must be in the archive, and a crash must always find the WAL that its recovery begins with.',
    'You write a runbook: your work is done again on other clusters, and there one of two things is wrong, a standby that is gone or an archive that cannot be written. It must help in both cases, and harm in neither.',
  ],
  seeds: [7, 71, 707, 7_008, 70_009],
  start: {
    nodes: ['primary', 'standby1', 'standby2'],
    settings: {
      primary: {
        archive_mode: 'on',
        archive_command: 'cp %p /archive/%f',
        max_wal_size: '8MB',
        wal_sender_timeout: '0',
      },
      standby1: { primary_slot_name: 'standby1' },
      standby2: { primary_slot_name: 'standby2' },
    },
    setup: [
      'create table orders (id int primary key, what text)',
      'alter table orders alter column what set storage external',
      'create table deliveries (what text)',
      "select pg_create_physical_replication_slot('standby1')",
      "select pg_create_physical_replication_slot('standby2')",
    ],
    prelude: 60,
    clients: [
      {
        name: 'oven',
        node: 'primary',
        sql: "insert into orders values ({key}, repeat(md5('{key}'), 5600))",
        firstAt: [-59, -57],
        think: [2.5, 3.5],
      },
    ],
    events: [
      event([-59.9, -59.8], { kind: 'walVolume', node: 'primary', bytes: VOLUME }),
      event([-59, -58], dba(CHECKPOINT)),
      event([-42, -40], importOf(3)),
      event([-32, -30], importOf(3)),
      event([-22, -20], importOf(2)),
      event([-2, -1.5], dba(CHECKPOINT)),
    ],
    draws: [
      {
        name: 'cause',
        at: [-50, -48],
        oneOf: [
          { facts: { cause: 'slot' }, actions: [{ kind: 'kill', node: 'standby2' }] },
          {
            facts: { cause: 'archive' },
            actions: [
              dba("alter system set archive_command = 'cp %p /mnt/cellar/%f'"),
              dba(RELOAD, 'dba2'),
            ],
          },
        ],
      },
    ],
  },
  drill: {
    after: 60,
    rounds: [
      {
        name: 'a short outage',
        begin: [{ kind: 'kill', node: 'standby1' }, importOf(2)],
        lasts: 8,
        end: [dba(CHECKPOINT), { kind: 'start', node: 'standby1' }],
        rest: 10,
      },
      {
        name: 'a long outage',
        begin: [{ kind: 'kill', node: 'standby1' }, importOf(4)],
        lasts: 5,
        end: [importOf(4)],
        rest: 5,
      },
      {
        name: 'a long outage goes on',
        begin: [importOf(4)],
        lasts: 5,
        end: [importOf(3)],
        rest: 5,
      },
    ],
  },
  checks: [
    { id: 'room', claim: 'At least 10 % of the volume stay free', concepts: ['S2'] },
    {
      id: 'standby1-lives',
      claim: '`standby1` streams all the time, and keeps its slot',
      concepts: ['S1'],
    },
    {
      id: 'short-outage',
      claim: 'After a short outage `standby1` comes back by itself',
      concepts: ['S1', 'S2'],
    },
    { id: 'long-outage', claim: 'A long outage does not fill the volume', concepts: ['S2'] },
    { id: 'archive-whole', claim: 'What leaves pg_wal is in the archive', concepts: ['S3'] },
    {
      id: 'recovers',
      claim: 'The WAL from which recovery would begin is always there',
      concepts: ['S2'],
    },
  ],
  hints: [
    'Who still needs old WAL? Ask pg_replication_slots for restart_lsn and active, and pg_stat_archiver for failed_count.',
    'When does WAL leave pg_wal? Neither when a slot is dropped nor when a segment is archived.',
    'A limit for slots must hold what a short outage needs, 3 MB and the segment that is begun. And the volume must hold the limit, and what is written until the next checkpoint looks at it: max_wal_size makes one after four segments.',
    'Write each step so that it does nothing where it is not needed: drop the slots that are *not active*, set archive_command to what it should be, set the limit, reload, give the archiver a second, CHECKPOINT.',
  ],
  solutions: [
    {
      name: 'drop what nobody uses, mend the archive, set a limit',
      why: 'The abandoned slot goes, the archive takes what waits, and no other slot can do it again.',
      actions: [...oneByOne(DROP_INACTIVE, MEND, limitOf('6MB'), RELOAD), psql(7, CHECKPOINT)],
    },
    {
      name: 'let the limit do it',
      why: 'The checkpoint invalidates the slot that asks for too much. It is still there to be seen, and keeps nothing.',
      actions: [...oneByOne(limitOf('5MB'), MEND, RELOAD), psql(7, CHECKPOINT)],
    },
  ],
  traps: [
    {
      name: 'every slot dropped, whoever uses it',
      why: 'The error says that it is active. Terminating its walsender gets it out of the way, and standby1 out of the cluster.',
      actions: [
        psql(2, 'select pg_terminate_backend(active_pid) from pg_replication_slots where active'),
        psql(2.001, 'select pg_drop_replication_slot(slot_name) from pg_replication_slots'),
        ...oneByOne(MEND, limitOf('6MB'), RELOAD),
        psql(7, CHECKPOINT),
      ],
      caughtBy: 'standby1-lives',
      says: 'the slot of a standby that was well',
    },
    {
      name: 'no checkpoint',
      why: 'What nobody needs any more is removed by a checkpoint. The next one is due after four more segments: too late.',
      actions: oneByOne(DROP_INACTIVE, MEND, limitOf('6MB'), RELOAD),
      caughtBy: 'room',
      says: 'no checkpoint came',
    },
    {
      name: 'a limit beyond the volume',
      why: 'It limits nothing that this volume can hold.',
      actions: [...oneByOne(MEND, limitOf('64MB'), RELOAD), psql(7, CHECKPOINT)],
      caughtBy: 'room',
      says: 'keeps everything',
      seeds: 'some',
    },
    {
      name: 'the slots alone',
      why: 'No limit for slots applies to what waits for the archive.',
      actions: [...oneByOne(DROP_INACTIVE, limitOf('6MB'), RELOAD), psql(7, CHECKPOINT)],
      caughtBy: 'room',
      says: 'not archived is not removed',
      seeds: 'some',
    },
    {
      name: 'no limit',
      why: 'It has gone well for today. The next standby that goes away does the same again.',
      actions: [...oneByOne(DROP_INACTIVE, MEND, RELOAD), psql(7, CHECKPOINT)],
      caughtBy: 'long-outage',
      says: 'Nothing limits what a slot keeps',
    },
    {
      name: 'a limit that is too tight',
      why: 'A standby that is away for a minute loses its slot, and has to be rescued.',
      actions: [...oneByOne(DROP_INACTIVE, MEND, limitOf('1MB'), RELOAD), psql(7, CHECKPOINT)],
      caughtBy: 'short-outage',
      says: 'lost its slot',
    },
    {
      name: 'the files of pg_wal deleted',
      why: 'The room is there at once. But the server needs these files, and does not look whether it still has them before it crashes.',
      actions: [at(25, { kind: 'deleteWal', node: 'primary' })],
      caughtBy: 'recovers',
      says: 'the one in which crash recovery begins',
    },
    {
      name: 'the files of pg_wal deleted, then all the rest done well',
      why: 'With the checkpoint the server could crash again. What the archive had not taken yet is gone for good.',
      actions: [
        at(2, { kind: 'deleteWal', node: 'primary' }),
        ...oneByOne(DROP_INACTIVE, MEND, limitOf('6MB'), RELOAD),
        psql(7, CHECKPOINT),
      ],
      caughtBy: 'archive-whole',
      says: 'no restore from the archive gets past that hole',
      seeds: 'some',
    },
    {
      name: 'an archive_command that only says yes',
      why: 'The volume is free, and what has left it is nowhere.',
      actions: [
        ...oneByOne(
          DROP_INACTIVE,
          "alter system set archive_command = 'true'",
          limitOf('6MB'),
          RELOAD,
        ),
        psql(7, CHECKPOINT),
      ],
      caughtBy: 'archive-whole',
      says: 'kept nothing',
    },
  ],
};

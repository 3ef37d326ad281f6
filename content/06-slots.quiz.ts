import type { QuizItem } from '../src/ui/quiz.ts';

/** Chapter 6's questions. An id stays as long as its item asks the same. */
export const slotsQuiz: readonly QuizItem[] = [
  {
    id: 's1-lazy-slot',
    question:
      'You make a physical slot, giving no more than its name, and build its standby tomorrow. What does the slot keep tonight?',
    choices: [
      {
        id: 'all',
        label: 'All WAL since its creation',
        why: 'That is what most people expect of “reserve”. restart_lsn is NULL until someone uses the slot, and a slot without a position keeps nothing.',
      },
      {
        id: 'none',
        label: 'Nothing',
        why: 'Its restart_lsn is NULL. Give immediately_reserve => true, and it keeps WAL from the last checkpoint’s redo position on.',
        right: true,
      },
      {
        id: 'segment',
        label: 'The segment that was open at its creation',
        why: 'With immediately_reserve it would keep from the last redo position on. Without, there is no position at all.',
      },
    ],
  },
  {
    id: 's1-what-moves-it',
    question: 'A standby streams through its slot. What moves restart_lsn forward?',
    choices: [
      {
        id: 'sent',
        label: 'What the walsender has sent',
        why: 'Sent WAL may still be lost on the way, or with the standby’s memory. It must be sent again then, so it must stay.',
      },
      {
        id: 'flushed',
        label: 'What the standby reports as flushed',
        why: 'What is on its disk it never asks for again.',
        right: true,
      },
      {
        id: 'replayed',
        label: 'What the standby has replayed',
        why: 'Replay reads the standby’s own files. A report that stalls replay for an hour keeps no WAL on the primary.',
      },
      {
        id: 'checkpoint',
        label: 'The primary’s checkpoints',
        why: 'They remove what nobody needs, and they write the slot’s position to disk. They do not move it.',
      },
    ],
  },
  {
    id: 's1-drop-active',
    question:
      'pg_drop_replication_slot says: replication slot "kitchen" is active for PID 54. What is PID 54?',
    choices: [
      {
        id: 'walsender',
        label: 'The walsender that serves a living standby through this slot',
        why: 'Ask pg_stat_replication for that pid before you do anything else: the slot that you want to drop is not the abandoned one.',
        right: true,
      },
      {
        id: 'stuck',
        label: 'A process that hangs and must be terminated first',
        why: 'Terminating it and dropping the slot in one go works. It takes the WAL away from a standby that was fine.',
      },
      {
        id: 'checkpointer',
        label: 'The checkpointer, which is saving the slot',
        why: 'It saves slots without taking them. active_pid is always a walsender, or a session that holds the slot for a moment.',
      },
    ],
  },
  {
    id: 's2-default-limit',
    question:
      'A standby with a slot is down, everything else is as delivered. How much WAL will the primary keep for it?',
    choices: [
      {
        id: 'max-wal',
        label: 'max_wal_size, 1 GB',
        why: 'max_wal_size says when to make a checkpoint. It limits nothing that somebody still needs.',
      },
      {
        id: 'keep',
        label: 'wal_keep_size',
        why: 'wal_keep_size is a least, for those without a slot, and 0 as delivered.',
      },
      {
        id: 'disk',
        label: 'All of it, until the disk is full',
        why: 'max_slot_wal_keep_size is −1 and idle_replication_slot_timeout is 0: no limit of bytes, none of time.',
        right: true,
      },
    ],
  },
  {
    id: 's2-limit-when',
    question:
      'max_slot_wal_keep_size is 64 MB, and the slot’s restart_lsn is now 98 MB back. What is the state of the slot?',
    choices: [
      {
        id: 'lost',
        label: 'lost',
        why: 'It will be, at the next checkpoint. Nobody looks at the limit before.',
      },
      {
        id: 'unreserved',
        label: 'unreserved, if no checkpoint has come since it went over the limit',
        why: 'The WAL is still there, and safe_wal_size is negative. A standby that connects now still gets everything.',
        right: true,
      },
      {
        id: 'extended',
        label: 'extended',
        why: 'extended means: beyond max_wal_size, but within the limit for slots, or without one.',
      },
    ],
  },
  {
    id: 's2-after-drop',
    question:
      'The disk is 96 % full. You have dropped the abandoned slot; pg_wal is as large as before. What is missing?',
    choices: [
      {
        id: 'vacuum',
        label: 'A VACUUM',
        why: 'It removes dead rows from tables, and it writes WAL: the last thing that this disk needs.',
      },
      {
        id: 'checkpoint',
        label: 'A CHECKPOINT',
        why: 'Segments are removed at checkpoints only. The next one on schedule may be minutes away.',
        right: true,
      },
      {
        id: 'rm',
        label: 'rm in pg_wal',
        why: 'The server cannot know what you took. If it was the WAL since the last checkpoint, it will not start again.',
      },
      {
        id: 'restart',
        label: 'A restart',
        why: 'The shutdown’s checkpoint would do it, at the price of every connection. CHECKPOINT does the same and ends none.',
      },
    ],
  },
  {
    id: 's2-idle-timeout',
    question:
      'idle_replication_slot_timeout is one day. Which slots are invalidated at a checkpoint?',
    choices: [
      {
        id: 'inactive',
        label: 'Those that reserve WAL and have been inactive for more than a day',
        why: 'inactive_since is what counts. A slot that has never been used keeps nothing, and is left alone.',
        right: true,
      },
      {
        id: 'quiet',
        label: 'Those whose standby got no WAL for a day',
        why: 'A connected standby of an idle primary is active all the time.',
      },
      {
        id: 'all',
        label: 'Every slot that is older than a day',
        why: 'Age does not matter. An active slot lives for years.',
      },
    ],
  },
  {
    id: 's2-lost-slot',
    question: 'wal_status is lost. The standby has come back. What does it get from this slot?',
    choices: [
      {
        id: 'rest',
        label: 'What is left, from the oldest segment on',
        why: 'With a gap it would be another database. WAL is replayed without gaps or not at all.',
      },
      {
        id: 'error',
        label: 'An error, at every attempt: can no longer access replication slot',
        why: 'A lost slot does not come to life again. Drop it, make a new one, and find the missing WAL elsewhere.',
        right: true,
      },
      {
        id: 'backup',
        label: 'A new base backup, by itself',
        why: 'PostgreSQL never copies a data directory unasked.',
      },
    ],
  },
  {
    id: 's3-basebackup-needed',
    question:
      'A standby without a slot gets “requested WAL segment … has already been removed”. The primary archives its WAL without a gap. What does the standby need?',
    choices: [
      {
        id: 'backup',
        label: 'A new base backup',
        why: 'One of our books says so. It works, and copies everything. It is needed only where the WAL is nowhere any more.',
      },
      {
        id: 'restore',
        label: 'A restore_command',
        why: 'It fetches the missing segments one by one, replays them, and streams again from where the primary’s own WAL begins.',
        right: true,
      },
      {
        id: 'slot',
        label: 'A slot on the primary',
        why: 'A slot keeps what is there. It brings nothing back.',
      },
      {
        id: 'keep',
        label: 'A larger wal_keep_size',
        why: 'It would have helped yesterday. Removed segments stay removed.',
      },
    ],
  },
  {
    id: 's3-keep-size',
    question:
      'wal_keep_size is 8 GB, and nobody uses a slot. A standby is away for an hour. Will it catch up?',
    choices: [
      {
        id: 'yes',
        label: 'Yes, an hour is no problem for 8 GB',
        why: 'It depends on how much is written in that hour. On the day of the big import it is not enough.',
      },
      {
        id: 'depends',
        label: 'If less than 8 GB of WAL is written meanwhile',
        why: 'It is a number of bytes that is kept for everyone, needed or not. It knows no standby.',
        right: true,
      },
      {
        id: 'no',
        label: 'No, only slots keep WAL',
        why: 'wal_keep_size keeps WAL too, as a guess. It is what one had before slots.',
      },
    ],
  },
  {
    id: 's3-failing-archive',
    question:
      'archive_command fails for a day. No slot is inactive. What happens to pg_wal on the primary?',
    choices: [
      {
        id: 'grows',
        label: 'It grows: a segment that is not archived is never removed',
        why: 'And no limit for slots applies to it. pg_stat_archiver says failed_count and last_failed_wal.',
        right: true,
      },
      {
        id: 'gap',
        label: 'Nothing; the archive has a gap',
        why: 'PostgreSQL keeps the segment and tries again until it succeeds: gaps come from commands that say 0 and have not copied.',
      },
      {
        id: 'stops',
        label: 'The primary refuses writes',
        why: 'It writes until the disk is full. Then it stops for everyone.',
      },
    ],
  },
  {
    id: 's3-true',
    question:
      'Somebody sets archive_command to true, “so that it stops complaining”. What is the price?',
    choices: [
      {
        id: 'none',
        label: 'None: archived_count goes up and failed_count does not',
        why: 'The counters believe the exit code, as the server does.',
      },
      {
        id: 'gap',
        label:
          'The segments are removed, and are in no archive: nothing can be restored across this gap',
        why: 'An exit code of 0 says “I have it”. From then on the primary may forget it.',
        right: true,
      },
      {
        id: 'slow',
        label: 'Segments are archived later, when the command is set right',
        why: 'They count as archived. Nobody will try them again.',
      },
    ],
  },
];

import type { QuizItem } from '../src/ui/quiz.ts';

/** Chapter 2's questions. An id stays as long as its item asks the same. */
export const streamingQuiz: readonly QuizItem[] = [
  {
    id: 'r1-who-writes',
    question: 'Which process of a standby changes the pages of its tables?',
    choices: [
      {
        id: 'walsender',
        label: 'walsender',
        why: 'It runs where the WAL comes from, and only reads it. A standby has one only if it serves a standby of its own.',
      },
      {
        id: 'walreceiver',
        label: 'walreceiver',
        why: 'It takes the WAL in, so it seems to do the work. It writes WAL files, never a table.',
      },
      {
        id: 'startup',
        label: 'startup process',
        why: 'It reads the flushed WAL and applies it, as in crash recovery.',
        right: true,
      },
      {
        id: 'checkpointer',
        label: 'checkpointer',
        why: 'It brings changed pages to disk, at restartpoints. Someone else has changed them.',
      },
    ],
  },
  {
    id: 'r1-streaming-means',
    question: 'A walsender’s state is streaming. What do you know for certain?',
    choices: [
      {
        id: 'visible',
        label: 'The standby shows what the primary shows',
        why: 'The word sounds like it. A standby with a frozen startup process streams for hours.',
      },
      {
        id: 'alive',
        label: 'The standby has answered within the last minute',
        why: 'Only if wal_sender_timeout is on and 60 s. The state itself says nothing about replies.',
      },
      {
        id: 'sent',
        label: 'At some moment since it connected, all WAL there was had been sent',
        why: 'That is the step from catchup to streaming, and nothing takes it back while the connection lives.',
        right: true,
      },
    ],
  },
  {
    id: 'r2-power-cut',
    question:
      'The primary is lost for good. At the same moment the standby’s machine loses power, and comes back. Which of the primary’s commits are certain to be there?',
    choices: [
      {
        id: 'sent',
        label: 'Those up to sent_lsn',
        why: 'Sent bytes may be in a kernel’s buffers, or on the cable. Both are gone.',
      },
      {
        id: 'write',
        label: 'Those up to write_lsn',
        why: 'Enough if only PostgreSQL had crashed: written is in the kernel’s memory, which the power cut empties.',
      },
      {
        id: 'flush',
        label: 'Those up to flush_lsn',
        why: 'Flushed is on the disk, and the startup process replays it after the boot.',
        right: true,
      },
      {
        id: 'replay',
        label: 'Only those up to replay_lsn',
        why: 'Replay is about being seen. What is flushed and not replayed is replayed later.',
      },
    ],
  },
  {
    id: 'r2-slow-replay',
    question:
      'sent, write and flush are level with the primary; replay is 2 GB behind. Readers complain of old data. What helps?',
    choices: [
      {
        id: 'network',
        label: 'A faster network',
        why: 'The first thing to blame for lag. But all the WAL is there already.',
      },
      {
        id: 'disk',
        label: 'A faster disk for the standby’s WAL',
        why: 'Flushed is level, so that disk keeps up.',
      },
      {
        id: 'replay',
        label: 'Finding out what holds the startup process up',
        why: 'One process replays. It waits for a query, is paused, or has more than it can apply.',
        right: true,
      },
    ],
  },
  {
    id: 'r3-night-alarm',
    question:
      'Every night an alert on now() - pg_last_xact_replay_timestamp() fires, and every morning all is well. Why?',
    choices: [
      {
        id: 'vacuum',
        label: 'Nightly VACUUM slows replay down',
        why: 'It can, and then bytes would be behind. Here nothing is.',
      },
      {
        id: 'idle',
        label: 'Nobody commits at night',
        why: 'It measures the time since the last replayed transaction. Without transactions it grows by a second a second.',
        right: true,
      },
      {
        id: 'clock',
        label: 'The two clocks drift apart',
        why: 'A real weakness of this query, since it subtracts one machine’s time from the other’s. Drift does not come and go with the night.',
      },
    ],
  },
  {
    id: 'r3-null-lag',
    question: 'replay_lag is NULL in a row of pg_stat_replication. What can be the reason?',
    choices: [
      {
        id: 'idle',
        label: 'The standby has replayed everything, and nothing has been written for a while',
        why: 'Once it has said so twice, the columns are cleared.',
        right: true,
      },
      {
        id: 'silent',
        label: 'The columns were cleared while idle, and the standby has not answered since',
        why: 'Without a reply there is nothing to measure, however much has been written.',
        right: true,
      },
      {
        id: 'gone',
        label: 'The standby has been gone for an hour',
        why: 'Then there is no row that could hold a NULL.',
      },
      {
        id: 'async',
        label: 'The standby is asynchronous',
        why: 'The columns are measured for every standby, waited for or not.',
      },
    ],
  },
  {
    id: 'r3-alert-on-rows',
    question:
      'An alert fires when max(pg_current_wal_lsn() - replay_lsn) over pg_stat_replication exceeds 100 MB. Which trouble does it miss?',
    choices: [
      {
        id: 'frozen',
        label: 'A standby whose walreceiver is frozen',
        why: 'Its replay_lsn stands still while the primary writes on: it fires after 100 MB.',
      },
      {
        id: 'vanished',
        label: 'A standby that has lost its connection',
        why: 'It has no row, so it cannot be in the maximum. The last standby’s going even makes it NULL, which exceeds nothing.',
        right: true,
      },
      {
        id: 'unsent',
        label: 'WAL that could not be sent',
        why: 'sent_lsn - replay_lsn would miss it. This one starts from the primary’s own position.',
      },
    ],
  },
  {
    id: 'r4-temp-table',
    question: 'A report creates a temporary table. It is to run on a standby. What happens?',
    choices: [
      {
        id: 'works',
        label: 'It works: temporary tables write no WAL',
        why: 'Their rows write none. But their names are entered in the system catalogs, and these are read-only here.',
      },
      {
        id: 'refused',
        label: '25006: cannot execute CREATE TABLE in a read-only transaction',
        why: 'The report needs a WITH query, or another server.',
        right: true,
      },
      {
        id: 'setting',
        label: 'It works after SET transaction_read_only = off',
        why: 'On a primary, this is how one leaves a read-only default. In recovery it is refused with 0A000.',
      },
    ],
  },
  {
    id: 'r6-async-loss',
    question:
      'Asynchronous replication, wal_writer_delay 200 ms. The primary burns. How many acknowledged commits can be lost?',
    choices: [
      {
        id: 'delay',
        label: 'Those of the last 200 ms',
        why: 'One of our books says so. That setting is about commits at synchronous_commit = off on one server; the stream does not know it.',
      },
      {
        id: 'unbounded',
        label: 'All that had not reached the standby: no setting limits it',
        why: 'If the standby had been cut off for an hour, it is an hour’s worth.',
        right: true,
      },
      {
        id: 'some',
        label: 'At least one, always',
        why: 'A risk, not a certainty. If all WAL had arrived, nothing is lost.',
      },
    ],
  },
  {
    id: 'r7-watch-the-last',
    question:
      's3 streams from s2, and s2 from the primary. An alert on the primary’s pg_stat_replication watches all standbys. What of s3 does it see?',
    choices: [
      {
        id: 'nothing',
        label: 'Nothing: s3 has no row there',
        why: 'A row is a walsender of that server. The one that serves s3 runs on s2.',
        right: true,
      },
      {
        id: 'lag',
        label: 'Its lag, by way of s2',
        why: 'A standby hands WAL down. News of its own standbys it does not hand up.',
      },
      {
        id: 'async',
        label: 'A row whose sync_state is async',
        why: 'That is what the row on s2 says.',
      },
    ],
  },
  {
    id: 'r8-raise-max-connections',
    question:
      'max_connections is to go from 100 to 300 on a primary with two hot standbys. Which order is right?',
    choices: [
      {
        id: 'primary',
        label: 'The primary first: the standbys take the value over by WAL',
        why: 'They do hear of it by WAL. They cannot take it over without a restart, so they pause replay, and their readers grow stale.',
      },
      {
        id: 'standbys',
        label: 'The standbys first, then the primary',
        why: 'A standby may have more than its primary, never less. To lower it, go the other way round.',
        right: true,
      },
      {
        id: 'any',
        label: 'Any order: it is a setting of each server',
        why: 'True of most settings. Five of them size the memory in which a standby keeps the primary’s transactions and locks.',
      },
    ],
  },
];

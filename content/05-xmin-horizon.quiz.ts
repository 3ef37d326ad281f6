import type { QuizItem } from '../src/ui/quiz.ts';

/** Chapter 5's questions. An id stays as long as its item asks the same. */
export const xminHorizonQuiz: readonly QuizItem[] = [
  {
    id: 'h1-other-table',
    question:
      'A report on a standby reads the table menu only. The primary deletes from orders and vacuums it. Can that cancel the report?',
    choices: [
      {
        id: 'yes',
        label: 'Yes',
        why: 'The horizon is compared with the snapshot’s xmin. Which tables the snapshot will be used for nobody knows.',
        right: true,
      },
      {
        id: 'no',
        label: 'No: it has no lock on orders',
        why: 'So it is for conflicts of locks. A conflict of snapshots asks for no table.',
      },
      {
        id: 'repeatable',
        label: 'Only at REPEATABLE READ',
        why: 'A running statement has a snapshot at every level. Between statements only the higher levels keep one.',
      },
    ],
  },
  {
    id: 'h1-exact-delay',
    question:
      'Reports take 20 minutes, so max_standby_streaming_delay is set to 20min. Some are cancelled after five. Why?',
    choices: [
      {
        id: 'receipt',
        label: 'The time counts from the receipt of WAL, and others had used it up',
        why: 'While replay lags the count does not begin anew. Whoever comes late gets what is left.',
        right: true,
      },
      {
        id: 'archive',
        label: 'max_standby_archive_delay is five minutes',
        why: 'It counts only for WAL that did not come from a stream.',
      },
      {
        id: 'statement',
        label: 'A statement_timeout of five minutes',
        why: 'That would say “canceling statement due to statement timeout”, with 57014.',
      },
    ],
  },
  {
    id: 'h1-fatal',
    question: 'When does a recovery conflict end the whole connection and not just a statement?',
    choices: [
      {
        id: 'idle',
        label: 'When the session is idle in its transaction, or stands in a savepoint',
        why: 'An idle client cannot be told of an error; a subtransaction could go on as if nothing were.',
        right: true,
      },
      {
        id: 'twice',
        label: 'When its statement has been cancelled twice',
        why: 'Nobody counts how often a session was hit.',
      },
      {
        id: 'lock',
        label: 'When a lock is in the way, not a snapshot',
        why: 'Both kinds end statements where one runs, and connections where none does.',
      },
    ],
  },
  {
    id: 'h1-remote-apply',
    question:
      'standby1 is named in synchronous_standby_names, tills commit at remote_apply, and a report on standby1 may keep replay waiting for ever. What do the guests notice?',
    choices: [
      {
        id: 'hang',
        label: 'Payments hang until the report ends',
        why: 'Their commit records lie behind the one for which replay waits.',
        right: true,
      },
      {
        id: 'nothing',
        label: 'Nothing: the WAL is flushed there',
        why: 'That is enough for on. remote_apply waits for the replay.',
      },
      {
        id: 'stale',
        label: 'Old menus on standby1, and nothing else',
        why: 'Those too. And the tills wait with them.',
      },
    ],
  },
  {
    id: 'h2-locks',
    question:
      'hot_standby_feedback is on and well. Which of these still cancels a query on the standby?',
    choices: [
      {
        id: 'alter',
        label: 'ALTER TABLE on a table that it reads',
        why: 'Feedback sends a transaction id. A lock is another matter.',
        right: true,
      },
      {
        id: 'vacuum',
        label: 'VACUUM removing rows that were deleted after the query began',
        why: 'VACUUM knows the xmin and leaves them.',
      },
      {
        id: 'update',
        label: 'Many UPDATEs of a table that it reads',
        why: 'They make versions and remove none.',
      },
    ],
  },
  {
    id: 'h2-what-is-sent',
    question: 'What does a standby with hot_standby_feedback send, and when?',
    choices: [
      {
        id: 'xmin',
        label: 'The oldest xmin of its queries, every wal_receiver_status_interval',
        why: 'Ten seconds, as delivered. A younger snapshot is not covered yet.',
        right: true,
      },
      {
        id: 'lsn',
        label: 'The LSN up to which it has replayed, with each reply',
        why: 'It sends that, too, but VACUUM does not look at it.',
      },
      {
        id: 'queries',
        label: 'A list of its queries, whenever one begins',
        why: 'One number, now and then: the primary knows no query of a standby.',
      },
    ],
  },
  {
    id: 'h3-slot-view',
    question:
      'A standby uses a slot, with feedback on. pg_stat_replication.backend_xmin is NULL. What does that tell?',
    choices: [
      {
        id: 'slot',
        label: 'Nothing: the xmin stands in pg_replication_slots',
        why: 'With a slot the walsender holds none of its own.',
        right: true,
      },
      {
        id: 'idle',
        label: 'No query runs on the standby',
        why: 'An idle standby reports an xmin as well, a fresh one each time.',
      },
      {
        id: 'off',
        label: 'Feedback does not arrive',
        why: 'Without a slot one could conclude that. Look into the slot first.',
      },
    ],
  },
  {
    id: 'h3-culprit',
    question:
      'VACUUM (VERBOSE) says that 2 million rows are dead but not yet removable. pg_stat_activity on the primary shows no old transaction. Where else do you look?',
    choices: [
      {
        id: 'three',
        label: 'Standbys, slots and prepared transactions',
        why: 'pg_stat_replication, pg_replication_slots, pg_prepared_xacts: the oldest age is the anchor.',
        right: true,
      },
      {
        id: 'settings',
        label: 'autovacuum_naptime and its cost limits',
        why: 'VACUUM came and looked. It was not allowed to remove, however often it comes.',
      },
      {
        id: 'locks',
        label: 'pg_locks',
        why: 'A lock keeps VACUUM from a table altogether. It would not have counted the rows then.',
      },
    ],
  },
  {
    id: 'h3-after',
    question:
      'The anchor is gone and VACUUM has removed all dead rows. Why is the table still four times as long?',
    choices: [
      {
        id: 'end',
        label: 'VACUUM gives back only empty pages at the end of the file',
        why: 'The room inside is for rows to come. Rows are not moved together.',
        right: true,
      },
      {
        id: 'analyze',
        label: 'ANALYZE has to run first',
        why: 'It counts, and moves nothing.',
      },
      {
        id: 'standby',
        label: 'The standby has not replayed it yet',
        why: 'The size of a table is the primary’s own.',
      },
    ],
  },
  {
    id: 'h4-where',
    question: 'Where and how do you see that queries are cancelled by conflicts, and why?',
    choices: [
      {
        id: 'standby',
        label: 'pg_stat_database_conflicts on the standby, one column a reason',
        why: 'They are counted where they happen.',
        right: true,
      },
      {
        id: 'primary',
        label: 'pg_stat_database_conflicts on the primary',
        why: 'There it counts nothing: a primary replays nothing.',
      },
      {
        id: 'deadlocks',
        label: 'pg_stat_database.deadlocks on the standby',
        why: 'Those are deadlocks of sessions. Its column conflicts has the sum of all reasons.',
      },
    ],
  },
];

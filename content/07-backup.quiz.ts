import type { QuizItem } from '../src/ui/quiz.ts';

/** Chapter 7's questions. An id stays as long as its item asks the same. */
export const backupQuiz: readonly QuizItem[] = [
  {
    id: 'b1-three-standbys',
    question: 'You have three standbys in three cities. Against which of these do they help?',
    choices: [
      {
        id: 'delete',
        label: 'DELETE without WHERE',
        why: 'It is committed, written to WAL, and replayed in three cities.',
      },
      {
        id: 'bug',
        label: 'A release that writes wrong prices',
        why: 'Wrong prices replicate as well as right ones.',
      },
      {
        id: 'fire',
        label: 'A fire in one of them',
        why: 'Hardware that is gone is what copies elsewhere are for.',
        right: true,
      },
    ],
  },
  {
    id: 'b2-what-is-needed',
    question:
      'A base backup of Sunday ended at 02:10. What else do you need to have the server as of Wednesday, 14:00?',
    choices: [
      {
        id: 'nothing',
        label: 'Nothing',
        why: 'The backup is the server as of 02:10 on Sunday, and not sound before its WAL is replayed.',
      },
      {
        id: 'all',
        label: 'All WAL from the backup’s start to Wednesday, 14:00, without a gap',
        why: 'Replay goes record by record. One missing segment is the end of the journey.',
        right: true,
      },
      {
        id: 'since',
        label: 'The segments of Wednesday',
        why: 'They say how pages changed that you do not have.',
      },
      {
        id: 'daily',
        label: 'One base backup a day',
        why: 'More backups make the replay shorter. None of them is needed for this.',
      },
    ],
  },
  {
    id: 'b2-failed-archiver',
    question:
      'failed_count in pg_stat_archiver has risen since Monday. Everybody works. What is wrong?',
    choices: [
      {
        id: 'nothing',
        label: 'Nothing, as long as the standbys stream',
        why: 'They stream the mistakes of Tuesday as well, and you cannot go back to before them.',
      },
      {
        id: 'frozen',
        label: 'No restore can get beyond Monday, and pg_wal grows',
        why: 'Segments that are not archived stay in pg_wal, and are nowhere else.',
        right: true,
      },
      {
        id: 'lost',
        label: 'The WAL since Monday is lost',
        why: 'Not yet: it waits in pg_wal. Mend the command, and it goes to the archive.',
      },
    ],
  },
  {
    id: 'b2-last-segment',
    question:
      'The server has burned. archive_timeout was 0, and its segments are 16 MB. What is lost at the most?',
    choices: [
      {
        id: 'none',
        label: 'Nothing that was committed',
        why: 'The open segment was only on that machine.',
      },
      {
        id: 'segment',
        label: 'What was written since the last segment was complete',
        why: 'Up to 16 MB of WAL: on a quiet Sunday that may be the whole day.',
        right: true,
      },
      {
        id: 'minute',
        label: 'The last minute',
        why: 'With archive_timeout = 60 it would be about that.',
      },
    ],
  },
  {
    id: 'b3-inclusive',
    question:
      'You know the number of the transaction that did the damage. Which settings bring you to just before it?',
    choices: [
      {
        id: 'xid',
        label: 'recovery_target_xid alone',
        why: 'The target is replayed: inclusive is the default.',
      },
      {
        id: 'off',
        label: 'recovery_target_xid, with recovery_target_inclusive = off',
        why: 'It stops before that commit.',
        right: true,
      },
      {
        id: 'minus',
        label: 'recovery_target_xid, one less',
        why: 'Transactions commit in another order than they take their numbers. That one may have committed later, or never.',
      },
    ],
  },
  {
    id: 'b3-paused',
    question:
      'The restored server is paused at its target and has what you want. What does pg_wal_replay_resume() do?',
    choices: [
      {
        id: 'on',
        label: 'It goes on replaying to the end of the archive',
        why: 'Beyond a target it never replays.',
      },
      {
        id: 'ends',
        label: 'It ends recovery: the server takes writes on a new timeline',
        why: 'The HINT in the log says so: “to promote”.',
        right: true,
      },
      { id: 'next', label: 'It replays one more transaction', why: 'There is no single step.' },
    ],
  },
  {
    id: 'b3-locked',
    question:
      'Paused just before the commit of a DROP TABLE, a count of that table does not come back. Why?',
    choices: [
      {
        id: 'slow',
        label: 'Its pages must be fetched from the backup first',
        why: 'They are all there.',
      },
      {
        id: 'lock',
        label: 'The drop’s lock is replayed, and its end is not',
        why: 'It is held until recovery ends. Then the transaction is rolled back.',
        right: true,
      },
      {
        id: 'conflict',
        label: 'It will be cancelled because of a conflict with recovery',
        why: 'Replay stands still: it has nobody to cancel for.',
      },
    ],
  },
  {
    id: 'b4-late',
    question:
      'The mistake was at 12:01. You take a base backup at 12:10 and restore it with recovery_target_time = 12:00. What do you get?',
    choices: [
      {
        id: 'fatal',
        label: 'A FATAL',
        why: 'With an LSN you would. A time before everything is met by the first commit that comes.',
      },
      {
        id: 'noon',
        label: 'The server as of 12:00',
        why: 'Replay starts in 12:10’s files and goes forward.',
      },
      {
        id: 'ten',
        label: 'The server as of 12:10, and not a word',
        why: 'The quiet trap. The backup must end before the target.',
        right: true,
      },
    ],
  },
  {
    id: 'b4-home',
    question: 'One table is lost; the shop has gone on selling for an hour. Where do you restore?',
    choices: [
      { id: 'over', label: 'Over the primary: it is quickest', why: 'It costs an hour of sales.' },
      {
        id: 'beside',
        label: 'On another machine, and carry the table home',
        why: 'The shop keeps its hour, and you may try as often as you like.',
        right: true,
      },
      {
        id: 'standby',
        label: 'On the standby, and promote it',
        why: 'That too leaves the hour behind.',
      },
    ],
  },
  {
    id: 'b5-delay',
    question:
      'A standby has recovery_min_apply_delay = 1h. When does it help against a dropped table?',
    choices: [
      { id: 'always', label: 'Always', why: 'After an hour it drops the table too.' },
      {
        id: 'hour',
        label: 'When somebody notices within the hour, and pauses replay',
        why: 'The delay is the time to notice.',
        right: true,
      },
      {
        id: 'promote',
        label: 'When it is promoted within the hour',
        why: 'A promotion does not wait: it replays all that is there, the drop among it.',
      },
    ],
  },
  {
    id: 'b6-verify',
    question: 'pg_verifybackup finds nothing wrong with last night’s backup. What do you know?',
    choices: [
      {
        id: 'restore',
        label: 'That it can be restored to any time since',
        why: 'It has not looked at the archive since, nor at your restore_command.',
      },
      {
        id: 'files',
        label:
          'That its files are those that were copied, and the WAL of the backup itself is readable',
        why: 'No more. A drill knows the rest.',
        right: true,
      },
      { id: 'data', label: 'That the data are right', why: 'A dropped table verifies well.' },
    ],
  },
  {
    id: 'b6-cut-file',
    question:
      'In a backup, a table’s file of 8192 bytes was cut to 4096. It is restored, and the server is up. What does count(*) say?',
    choices: [
      {
        id: 'error',
        label: 'invalid page in block 0',
        why: 'There is no block 0 any more: a page is a page from 8192 bytes on.',
      },
      {
        id: 'zero',
        label: '0, without an error',
        why: 'A table is as long as its file has whole pages. Only the manifest knows how long it was.',
        right: true,
      },
      {
        id: 'refused',
        label: 'Nothing: recovery has ended with a FATAL',
        why: 'Recovery does not look at files that the WAL does not change.',
      },
    ],
  },
];

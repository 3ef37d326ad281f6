import type { QuizItem } from '../src/ui/quiz.ts';

/** Chapter 3's questions. An id stays as long as its item asks the same. */
export const durabilityQuiz: readonly QuizItem[] = [
  {
    id: 'd1-remote-write-kill',
    question:
      'A commit at remote_write was acknowledged. Then the standby’s PostgreSQL was killed, and the primary burned down. Is the row safe?',
    choices: [
      {
        id: 'yes',
        label: 'Yes, once that PostgreSQL is started again',
        why: 'Written means: in the kernel’s memory, and the kernel lived.',
        right: true,
      },
      {
        id: 'no',
        label: 'No',
        why: 'It would be right had the standby’s machine lost power. A killed process takes only its own memory along.',
      },
      {
        id: 'fsync',
        label: 'Only if the standby runs with fsync = on',
        why: 'fsync matters when a machine dies. Nothing had been fsynced here anyway.',
      },
    ],
  },
  {
    id: 'd1-off-window',
    question:
      'synchronous_commit = off, everything else as delivered. PostgreSQL on the primary crashes. What may be missing of the acknowledged commits?',
    choices: [
      {
        id: 'delay',
        label: 'Those of the last 200 ms',
        why: 'wal_writer_delay is 200 ms, so this is what one reads out of it. But a round may write only whole pages and leave the rest to the next.',
      },
      {
        id: 'three',
        label: 'Those of up to the last 600 ms',
        why: 'Up to three rounds of the walwriter.',
        right: true,
      },
      {
        id: 'corrupt',
        label: 'More: half-written rows, a damaged table',
        why: 'That is the danger of fsync = off. Here whole transactions are missing, the newest ones.',
      },
    ],
  },
  {
    id: 'd1-on-no-names',
    question:
      'A server has synchronous_commit = on and an empty synchronous_standby_names. What is on two machines when a client is answered?',
    choices: [
      {
        id: 'commit',
        label: 'The commit: on waits for the standby’s flush',
        why: 'It does, once a standby is named. The level cannot wait for someone who is not on the list.',
      },
      {
        id: 'nothing',
        label: 'Nothing that anyone has promised',
        why: 'With no names every level but off means: flushed here. The standbys may have it, or not.',
        right: true,
      },
      {
        id: 'written',
        label: 'At least what remote_write would give',
        why: 'There is no such fallback.',
      },
    ],
  },
  {
    id: 'd1-availability',
    question: 'The only named standby is dead. At which levels do commits go on?',
    choices: [
      {
        id: 'off',
        label: 'off',
        why: 'It does not even wait for its own disk.',
        right: true,
      },
      { id: 'local', label: 'local', why: 'Its own flush is enough for it.', right: true },
      {
        id: 'remote_write',
        label: 'remote_write',
        why: 'Asks for less than on, yet of the same standby. A dead one does not even write.',
      },
      {
        id: 'on',
        label: 'on',
        why: 'Nobody is left who could flush.',
      },
    ],
  },
  {
    id: 'd2-plain-list',
    question: "synchronous_standby_names = 's1, s2, s3'. What does pg_stat_replication show?",
    choices: [
      {
        id: 'three',
        label: 'sync, sync, sync',
        why: 'That is FIRST 3. A plain list is FIRST 1.',
      },
      {
        id: 'potential',
        label: 'sync, potential, potential',
        why: 'One counts, the others are next in line.',
        right: true,
      },
      {
        id: 'quorum',
        label: 'quorum, quorum, quorum',
        why: 'That is ANY n: rank does not matter there.',
      },
    ],
  },
  {
    id: 'd2-typo',
    question:
      "An operator writes 'standy1' for 'standby1' in the names and reloads. What does he see?",
    choices: [
      {
        id: 'error',
        label: 'An error in the log, and the old names stay',
        why: 'A list that breaks the grammar is refused so. This one is well formed; any name might connect one day.',
      },
      {
        id: 'async',
        label: 'Commits go on, asynchronously',
        why: 'The view says async for every standby, so one might think so. But somebody is named, and so it is waited for.',
      },
      {
        id: 'hang',
        label: 'No message, and commits that do not come back',
        why: 'Nobody bears the name, so nobody can confirm.',
        right: true,
      },
    ],
  },
  {
    id: 'd3-any-2',
    question:
      'Three standbys answer after 2, 9 and 70 ms. How long do commits at on take with ANY 2 and with FIRST 2 (slow, middle, fast)?',
    choices: [
      {
        id: 'nine-seventy',
        label: '9 ms and 70 ms',
        why: 'The second answer of all; and the slower of the first two in the list, which are the 70 ms and the 9 ms one.',
        right: true,
      },
      {
        id: 'nine-nine',
        label: '9 ms each',
        why: 'FIRST goes by the list, not by the clock.',
      },
      {
        id: 'seventy',
        label: '70 ms each',
        why: 'A quorum does not wait for who comes third.',
      },
    ],
  },
  {
    id: 'd3-syncrep-cause',
    question: 'Half of all sessions show the wait event SyncRep. Which of these can be the cause?',
    choices: [
      {
        id: 'cable',
        label: 'A long or full cable',
        why: 'Every answer travels it twice. write_lag grows.',
        right: true,
      },
      {
        id: 'disk',
        label: 'A slow disk of the standby',
        why: 'At on and above. flush_lag grows, write_lag need not.',
        right: true,
      },
      {
        id: 'replay',
        label: 'A report that holds up replay on the standby',
        why: 'At remote_apply. Only replay_lag grows.',
        right: true,
      },
      {
        id: 'own-disk',
        label: 'A slow WAL disk of the primary',
        why: 'That wait comes before, and has another name: IO, WalSync.',
      },
    ],
  },
  {
    id: 'd4-cancelled',
    question:
      'An application gives up after 5 s and cancels a COMMIT that waited for a standby. What is so afterwards?',
    choices: [
      {
        id: 'committed',
        label: 'The transaction is committed',
        why: 'It was flushed here before the wait began.',
        right: true,
      },
      {
        id: 'warning',
        label: 'The client has been told so, in a WARNING',
        why: '01000, with a detail that says it. Drivers often hide warnings.',
        right: true,
      },
      {
        id: 'rollback',
        label: 'The transaction is rolled back',
        why: 'What one expects of a cancel. There is nothing left to roll back.',
      },
      {
        id: 'safe',
        label: 'The row is on the standby',
        why: 'That is the one thing nobody knows.',
      },
    ],
  },
  {
    id: 'd4-seen-early',
    question:
      'A commit waits for standby1. Can a reader see its row somewhere before the client is answered?',
    choices: [
      {
        id: 'never',
        label: 'No, a row is visible when its commit is done',
        why: 'On the primary it is so, and the commit is not done before the wait is over.',
      },
      {
        id: 'standby',
        label: 'Yes, on any standby that has replayed it',
        why: 'A standby shows what the log says; it asks nobody.',
        right: true,
      },
      {
        id: 'primary',
        label: 'Yes, on the primary',
        why: 'It is on that disk, yet the transaction counts as running there.',
      },
    ],
  },
  {
    id: 'd5-frozen',
    question:
      "Names: 'FIRST 2 (s1, s2, s3)'. All three stream. Which loss stops commits until wal_sender_timeout?",
    choices: [
      {
        id: 'stopped',
        label: 's1’s PostgreSQL is stopped',
        why: 'Its connection is closed at once, and s3 moves up.',
      },
      {
        id: 'frozen',
        label: 's2 is frozen',
        why: 'Its connection stays open, so it goes on counting as one of the two.',
        right: true,
      },
      {
        id: 's3',
        label: 's3’s cable is cut',
        why: 's3 does not count while s1 and s2 stream.',
      },
    ],
  },
  {
    id: 'd5-who-has-it',
    question:
      'ANY 2 of three standbys, level on. The primary is lost. How many standbys must be asked for their positions to be sure of finding every acknowledged commit?',
    choices: [
      {
        id: 'one',
        label: 'One: all synchronous standbys have it',
        why: 'Two of the three have it. The one that is asked may be the third.',
      },
      {
        id: 'two',
        label: 'Two',
        why: '3 − 2 + 1. At most one lacks the commit, so one of any two has it.',
        right: true,
      },
      {
        id: 'three',
        label: 'All three',
        why: 'Better still, and more than needed. With one of them dead you could never promote.',
      },
    ],
  },
  {
    id: 'd6-money',
    question: 'Payments: which is the least with which a receipt survives the loss of the primary?',
    choices: [
      {
        id: 'remote_write',
        label: 'remote_write, with a standby named',
        why: 'One of our books says so. A power cut at the standby in the wrong minute takes the receipt’s row.',
      },
      {
        id: 'on',
        label: 'on, with a standby named, and promoted',
        why: 'Flushed on two disks, and the one that has it must be chosen.',
        right: true,
      },
      {
        id: 'remote_apply',
        label: 'remote_apply, with a standby named',
        why: 'It keeps as much as on does. What it adds is being seen, and reports that stall the till.',
      },
    ],
  },
  {
    id: 'd6-set-local',
    question: 'SET LOCAL synchronous_commit = off is sent outside a transaction block. What then?',
    choices: [
      {
        id: 'session',
        label: 'It holds for the rest of the session',
        why: 'That would be SET without LOCAL.',
      },
      {
        id: 'next',
        label: 'It holds for the next transaction',
        why: 'It looks like a preparation for one. Its transaction was the statement itself.',
      },
      {
        id: 'nothing',
        label: 'Nothing but a warning, 25P01',
        why: 'And a pooler or a driver may swallow the warning. The commits stay as slow and as safe as they were.',
        right: true,
      },
    ],
  },
];

import type { QuizItem } from '../src/ui/quiz.ts';

/** Chapter 8's questions. An id stays as long as its item asks the same. */
export const failoverQuiz: readonly QuizItem[] = [
  {
    id: 'f1-who-promotes',
    question: 'The primary is gone. How long until PostgreSQL promotes a standby by itself?',
    choices: [
      {
        id: 'timeout',
        label: 'wal_receiver_timeout, 60 seconds',
        why: 'Then the walreceiver gives up its connection. The standby tries the next one, and the next.',
      },
      {
        id: 'never',
        label: 'It never does',
        why: 'Somebody must say so: a person, or a program such as Patroni.',
        right: true,
      },
      {
        id: 'quorum',
        label: 'As soon as a majority of the standbys agrees',
        why: 'Standbys do not speak with one another at all.',
      },
    ],
  },
  {
    id: 'f1-same-timeline',
    question:
      'Two standbys of one primary are promoted apart, by mistake, and no archive is shared. What are their timelines?',
    choices: [
      {
        id: 'two-three',
        label: '2 and 3',
        why: 'The second would have to know of the first. It looks for history files, and finds none.',
      },
      {
        id: 'both-two',
        label: 'Both 2',
        why: 'Each takes the next number after the newest that it knows of. The same number now means two histories.',
        right: true,
      },
      {
        id: 'one',
        label: 'Both 1, until they meet',
        why: 'Every promotion begins a new timeline, whoever else is there.',
      },
    ],
  },
  {
    id: 'f1-paused-replay',
    question:
      'Replay of a standby is paused, and it is promoted. What becomes of the WAL that it has received and not replayed?',
    choices: [
      {
        id: 'replayed',
        label: 'It is replayed first; the pause ends',
        why: 'All that can still be had is replayed before recovery ends.',
        right: true,
      },
      {
        id: 'lost',
        label: 'It is lost: the new timeline begins at the pause',
        why: 'That is what a recovery target does, at which a pause is asked for beforehand. A pause by hand is over with the promotion.',
      },
      {
        id: 'waits',
        label: 'The promotion waits until somebody resumes replay',
        why: 'It would be one more thing to forget at night. The promotion resumes it.',
      },
    ],
  },
  {
    id: 'f3-null',
    question: 'pg_last_wal_receive_lsn() of a standby is null. What does that say?',
    choices: [
      {
        id: 'empty',
        label: 'It has no WAL: leave it out',
        why: 'It may have more than the others, replayed from its own disk or from the archive.',
      },
      {
        id: 'not-streamed',
        label: 'It has not streamed since it was started',
        why: 'So look at the replayed position too, and take the greater of the two.',
        right: true,
      },
      {
        id: 'primary',
        label: 'It has been promoted',
        why: 'After a promotion the function goes on naming the last position.',
      },
    ],
  },
  {
    id: 'f3-higher-lsn',
    question:
      'One server is on timeline 1 at 0/9000000, another on timeline 2 at 0/8000000. Which history is to be continued?',
    choices: [
      {
        id: 'higher',
        label: 'Timeline 1: its position is higher',
        why: 'It only says that more bytes were written there. Positions of two histories cannot be compared.',
      },
      {
        id: 'newer',
        label: 'Timeline 2: somebody has promoted it, and clients have been told so since',
        why: 'The timeline comes first, the position second.',
        right: true,
      },
      {
        id: 'merge',
        label: 'Both: replay the one after the other',
        why: 'WAL describes changes of pages. It fits no pages but those of its own history.',
      },
    ],
  },
  {
    id: 'f4-behind-not-diverged',
    question:
      'A standby had replayed up to 0/5000000 when another one was promoted at 0/6000000. Can it follow, as it is?',
    choices: [
      {
        id: 'rewind',
        label: 'No: it needs pg_rewind',
        why: 'It has nothing that the new primary lacks. There is nothing to undo.',
      },
      {
        id: 'follows',
        label: 'Yes: it replays the rest of timeline 1 up to the fork, then timeline 2',
        why: 'Behind is not diverged.',
        right: true,
      },
      {
        id: 'base',
        label: 'Only with a new base backup',
        why: 'That is for a standby whose WAL is no longer to be had, or whose history has left the new one.',
      },
    ],
  },
  {
    id: 'f2-receipt',
    question:
      'A client sent COMMIT, and the connection broke before an answer came. What should it do?',
    choices: [
      {
        id: 'assume-failed',
        label: 'Count it as failed and sell it anew',
        why: 'The record may have reached the new primary. Then it is sold twice.',
      },
      {
        id: 'assume-done',
        label: 'Count it as done: it was sent',
        why: 'It may have died with the old primary.',
      },
      {
        id: 'retry-key',
        label: 'Send it again, under the same key',
        why: 'If it is there, the key says so (23505). If it is not, it is now.',
        right: true,
      },
    ],
  },
  {
    id: 'f5-order',
    question: 'A planned switchover, with asynchronous standbys. What keeps it free of loss?',
    choices: [
      {
        id: 'promote-first',
        label: 'Promote the standby, then shut the old primary down quickly',
        why: 'Between the two there are two primaries, and the old one takes payments that nobody will ever see.',
      },
      {
        id: 'stop-first',
        label: 'Shut the primary down in good order, then promote',
        why: 'A fast shutdown does not end before connected standbys have all its WAL.',
        right: true,
      },
      {
        id: 'kill',
        label: 'Kill the primary, then promote the one that is furthest',
        why: 'What was on its way at that moment is lost. A kill sends nothing more.',
      },
    ],
  },
];

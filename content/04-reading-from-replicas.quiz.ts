import type { QuizItem } from '../src/ui/quiz.ts';

/** Chapter 4's questions. An id stays as long as its item asks the same. */
export const readingQuiz: readonly QuizItem[] = [
  {
    id: 'q1-what-it-is',
    question:
      'An order was acknowledged on the primary at level on, with no names set. 5 ms later a standby does not show it. What is that?',
    choices: [
      {
        id: 'bug',
        label: 'A fault of replication',
        why: 'Nothing has failed: the standby shows all that it has replayed so far.',
      },
      {
        id: 'stale',
        label: 'A stale read: a right answer of some moments ago',
        why: 'Every answer of a standby is one. Most are too fresh to be noticed.',
        right: true,
      },
      {
        id: 'dirty',
        label: 'A dirty read',
        why: 'That would be a row of a transaction that has not committed. A standby never shows one.',
      },
    ],
  },
  {
    id: 'q1-error',
    question: 'A standby is an hour behind. What does it do with a SELECT?',
    choices: [
      {
        id: 'refuses',
        label: 'Refuse it: it is too far behind',
        why: 'No setting of PostgreSQL refuses a read because of lag.',
      },
      {
        id: 'waits',
        label: 'Let it wait until it has caught up',
        why: 'A query does not wait for replay. Now and then replay waits for a query.',
      },
      {
        id: 'answers',
        label: 'Answer at once, as of an hour ago',
        why: 'It cannot know what it has not received, and does not compare what it has.',
        right: true,
      },
    ],
  },
  {
    id: 'q1-remote-write',
    question:
      'The page after a payment is read from a standby, the only named one. At which levels of the payment does it always show it?',
    choices: [
      {
        id: 'write',
        label: 'remote_write',
        why: 'Written to the standby’s kernel is not replayed.',
      },
      {
        id: 'on',
        label: 'on',
        why: 'Flushed on the standby is not replayed either: that is durability, not visibility.',
      },
      {
        id: 'apply',
        label: 'remote_apply',
        why: 'It returns when that standby has replayed the commit.',
        right: true,
      },
    ],
  },
  {
    id: 'q2-token-when',
    question: 'When does an app take the token that lets a guest read her own write?',
    choices: [
      {
        id: 'begin',
        label: 'At BEGIN',
        why: 'Everything that she writes comes behind that position.',
      },
      {
        id: 'before',
        label: 'As the last thing before COMMIT',
        why: 'The row may lie before it, and the commit record does not. Without that record nobody sees the row.',
      },
      {
        id: 'after',
        label: 'After COMMIT has returned',
        why: 'Now the commit record lies before the primary’s position.',
        right: true,
      },
    ],
  },
  {
    id: 'q2-token-which',
    question:
      'synchronous_commit = off. Which function gives a token that covers the commit, asked right after it?',
    choices: [
      {
        id: 'insert',
        label: 'pg_current_wal_insert_lsn()',
        why: 'Where the next record will go: behind all that was generated, the commit among it.',
        right: true,
      },
      {
        id: 'write',
        label: 'pg_current_wal_lsn()',
        why: 'Where WAL has been written out to the kernel. An asynchronous commit may still be in memory.',
      },
      {
        id: 'flush',
        label: 'pg_current_wal_flush_lsn()',
        why: 'Where WAL has been flushed. An asynchronous commit returns before that.',
      },
    ],
  },
  {
    id: 'q2-text',
    question: 'A router compares token and replay position as strings. When does it go wrong?',
    choices: [
      {
        id: 'always',
        label: 'At nearly every read',
        why: 'Positions of one length sort as text just as they do as numbers, so it works for long.',
      },
      {
        id: 'letters',
        label: 'When a digit above 9 comes in',
        why: 'PostgreSQL prints capital letters, and these sort after the digits, as they should.',
      },
      {
        id: 'longer',
        label: 'When a number gets one digit more',
        why: '0/10000028 is later than 0/FFFFFA8, and sorts before it. Until all standbys have passed the mark, those that are behind count as ahead.',
        right: true,
      },
    ],
  },
  {
    id: 'q2-pin',
    question:
      'Sessions read on the primary for one second after a write. Which guests still miss their own rows?',
    choices: [
      {
        id: 'none',
        label: 'None, if the usual lag is 20 ms',
        why: 'The usual lag is not the longest one. A long transaction, a full disk or a cable makes it seconds.',
      },
      {
        id: 'lag',
        label: 'Those whose standby is more than a second behind',
        why: 'A fixed time is a guess about lag.',
        right: true,
      },
      {
        id: 'moved',
        label: 'Those whose next request comes without the session',
        why: 'The pin is kept there. What does not know of it reads anywhere.',
        right: true,
      },
    ],
  },
  {
    id: 'q2-any',
    question: 'names: ANY 1 (s1, s2), level remote_apply. Which reads are sure to show the commit?',
    choices: [
      {
        id: 'primary',
        label: 'Those on the primary',
        why: 'It shows what it has acknowledged.',
        right: true,
      },
      {
        id: 'both',
        label: 'Those on s1 and on s2',
        why: 'One of them has replayed it, and nobody says which.',
      },
      {
        id: 'none',
        label: 'None',
        why: 'The primary is there, too.',
      },
    ],
  },
  {
    id: 'q3-fine',
    question: 'Which of these works on a standby, and is right?',
    choices: [
      {
        id: 'cte',
        label: 'A report with WITH … AS MATERIALIZED',
        why: 'What a query keeps for itself needs no catalog.',
        right: true,
      },
      {
        id: 'temp',
        label: 'A report with a temporary table',
        why: 'Its rows in the catalog would be written: 25006.',
      },
      {
        id: 'rr',
        label: 'BEGIN ISOLATION LEVEL REPEATABLE READ',
        why: 'Snapshots are there. Only SERIALIZABLE is refused.',
        right: true,
      },
      {
        id: 'volatile',
        label: 'A VOLATILE function that only reads',
        why: 'The label decides nothing. What it does is held to the rules.',
        right: true,
      },
    ],
  },
  {
    id: 'q3-worse',
    question: 'Which of these succeed on a standby, and must not be relied on?',
    choices: [
      {
        id: 'advisory',
        label: 'pg_try_advisory_lock(42), to keep others out',
        why: 'Each server knows its own locks only.',
        right: true,
      },
      {
        id: 'last',
        label: 'last_value of a sequence, as the number handed out last',
        why: 'WAL knows a sequence up to 32 numbers ahead.',
        right: true,
      },
      {
        id: 'nextval',
        label: 'nextval(), for a number',
        why: 'It does not succeed: 25006.',
      },
      {
        id: 'count',
        label: 'count(*), for what has been replayed',
        why: 'That is what a standby is for.',
      },
    ],
  },
  {
    id: 'q4-tokens',
    question:
      'Every read carries the token of the guest’s last write. What can still happen to her?',
    choices: [
      {
        id: 'own',
        label: 'She misses an order of her own',
        why: 'Her token sees to that, wherever she reads.',
      },
      {
        id: 'back',
        label: 'Orders of others that she saw are gone on her next page',
        why: 'The next standby has her own write, and not yet what the one before had shown.',
        right: true,
      },
      {
        id: 'old',
        label: 'She sees others’ orders late',
        why: 'Every standby is a little behind, and her token is of her own write alone.',
        right: true,
      },
    ],
  },
  {
    id: 'q4-eventual',
    question: 'Eventual consistency: what does it promise a reader?',
    choices: [
      {
        id: 'soon',
        label: 'That a standby is equal to the primary within a moment',
        why: 'It names no time.',
      },
      {
        id: 'stops',
        label: 'That copies become equal once writes stop',
        why: 'And nothing of what she sees until then.',
        right: true,
      },
      {
        id: 'order',
        label: 'That she never sees less than before',
        why: 'That is monotonic reads. One standby alone gives it, several do not.',
      },
    ],
  },
];

import type { QuizItem } from '../src/ui/quiz.ts';

/** Chapter 0's questions. An id stays as long as its item asks the same. */
export const primerQuiz: readonly QuizItem[] = [
  {
    id: 'p0-xmax-not-zero',
    question: 'A row that you can read has an xmax that is not 0. What may that mean?',
    choices: [
      {
        id: 'rolled-back',
        label: 'A transaction deleted or updated it and was rolled back',
        why: 'The mark stays; readers look up how that transaction ended.',
        right: true,
      },
      {
        id: 'open',
        label: 'A transaction that is still open has deleted or updated it',
        why: 'Until it commits, this version is the one that all others see.',
        right: true,
      },
      {
        id: 'committed',
        label: 'It was deleted, and the delete has committed long ago',
        why: 'Then a new snapshot does not show this version at all.',
      },
    ],
  },
  {
    id: 'p0-rollback-cost',
    question:
      'A transaction has updated a million rows and rolls back. How long does the rollback take?',
    choices: [
      {
        id: 'as-long',
        label: 'About as long as the updates took',
        why: 'So it is where an undo log has to be played back. PostgreSQL has none.',
      },
      {
        id: 'quick',
        label: 'Next to nothing',
        why: 'No page is touched. What it leaves is a million dead versions for VACUUM.',
        right: true,
      },
      {
        id: 'vacuum',
        label: 'Until VACUUM has been there',
        why: 'VACUUM comes later and nobody waits for it. The rows are readable at once.',
      },
    ],
  },
  {
    id: 'p0-delete-half',
    question:
      'A table of 100 GB: every second row is deleted, then VACUUM runs. How large is the file?',
    choices: [
      {
        id: 'half',
        label: '50 GB',
        why: 'That needs the table to be written anew: VACUUM FULL, which locks everybody out meanwhile.',
      },
      {
        id: 'whole',
        label: '100 GB, with room for new rows in it',
        why: 'Every page still holds living rows. Only empty pages at the end are cut off.',
        right: true,
      },
      {
        id: 'until-checkpoint',
        label: '100 GB, and 50 after the next checkpoint',
        why: 'A checkpoint writes pages out. It frees none.',
      },
    ],
  },
  {
    id: 'p0-not-removable',
    question: 'VACUUM VERBOSE says: 5000 are dead but not yet removable. What helps?',
    choices: [
      {
        id: 'again',
        label: 'Running VACUUM again, or more often',
        why: 'It would find the same oldest transaction and leave the same rows.',
      },
      {
        id: 'settings',
        label: 'A lower autovacuum_vacuum_scale_factor',
        why: 'Then it comes earlier, and may still not take them.',
      },
      {
        id: 'holder',
        label: 'Ending the transaction that could still ask for them',
        why: 'They become removable once no snapshot is older than their death.',
        right: true,
      },
    ],
  },
  {
    id: 'p0-explain-runs',
    question: 'Which of these changes rows?',
    choices: [
      {
        id: 'explain',
        label: 'EXPLAIN DELETE FROM menu',
        why: 'It only plans.',
      },
      {
        id: 'analyze',
        label: 'EXPLAIN ANALYZE DELETE FROM menu',
        why: 'It runs the statement to measure it. Put BEGIN and ROLLBACK around it.',
        right: true,
      },
      {
        id: 'statistics',
        label: 'ANALYZE menu',
        why: 'It reads a sample and writes statistics. The rows stay as they are.',
      },
    ],
  },
  {
    id: 'p0-guess',
    question: 'In a plan: rows=1, actual rows=4000.00. What do you try first?',
    choices: [
      {
        id: 'index',
        label: 'An index on the column of the filter',
        why: 'It may help another day. A planner that expects one row chooses badly with any index.',
      },
      {
        id: 'analyze',
        label: 'ANALYZE on that table',
        why: 'The guess comes from statistics; these are older than the rows.',
        right: true,
      },
      {
        id: 'vacuum-full',
        label: 'VACUUM FULL',
        why: 'It makes the file smaller. Guesses about values do not come from the file’s size.',
      },
    ],
  },
  {
    id: 'p0-two-reads',
    question:
      'Where can two identical SELECTs in one transaction give two answers, though it wrote nothing itself?',
    choices: [
      {
        id: 'committed',
        label: 'In READ COMMITTED',
        why: 'Each statement takes a snapshot of its own.',
        right: true,
      },
      {
        id: 'repeatable',
        label: 'In REPEATABLE READ',
        why: 'One snapshot, taken by the first statement, serves to the end.',
      },
      {
        id: 'serializable',
        label: 'In SERIALIZABLE',
        why: 'Its snapshot holds as well. It refuses more, and shows no more.',
      },
    ],
  },
  {
    id: 'p0-lost-update',
    question:
      'A program reads a balance, subtracts in its own memory and writes the result, in READ COMMITTED. Two run at once. What happens?',
    choices: [
      {
        id: 'error',
        label: 'The second gets an error, 40001',
        why: 'In REPEATABLE READ it would, and could be run again.',
      },
      {
        id: 'lost',
        label: 'One of the two subtractions can be lost, without an error',
        why: 'The later write wins, made from what was read before the other.',
        right: true,
      },
      {
        id: 'waits',
        label: 'The second waits and then reads the new balance',
        why: 'Its UPDATE may wait for the first. What it writes was worked out before.',
      },
    ],
  },
  {
    id: 'p0-lsn-bytes',
    question: 'From 0/2FFFFF0 to 0/3000010: how many bytes are that?',
    choices: [
      {
        id: 'thirty-two',
        label: '32',
        why: '10 in hexadecimal is 16: 16 up to 0/3000000, and 16 beyond it.',
        right: true,
      },
      {
        id: 'twenty',
        label: '20',
        why: 'So it would be if LSNs were written in decimal.',
      },
      {
        id: 'segment',
        label: 'It cannot be said: a new segment begins in between',
        why: 'The count of bytes runs on across segments.',
      },
    ],
  },
];

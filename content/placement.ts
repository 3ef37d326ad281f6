/** The placement quiz of chapter 0: who you are, what you know. An id stays as long as its question asks the same. */
import type { KnowledgeQuestion, PlacementQuestion } from '../src/course/placement.ts';

const unknown = { id: 'unknown', label: 'I do not know' } as const;

const knows = (
  id: string,
  taughtIn: KnowledgeQuestion['taughtIn'],
  question: string,
  right: string,
  wrong: readonly string[],
  why: string,
  /** Where the right choice stands among the wrong ones. */
  place: number,
): KnowledgeQuestion => {
  const choices = [
    ...wrong.map((label, i) => ({ id: `wrong-${i + 1}`, label })),
    unknown,
  ] as KnowledgeQuestion['choices'];
  return {
    kind: 'knowledge',
    id,
    taughtIn,
    question,
    why,
    choices: choices.toSpliced(place, 0, { id: 'right', label: right, right: true }),
  };
};

export const placement: readonly PlacementQuestion[] = [
  {
    kind: 'work',
    id: 'work-night',
    question: 'Three in the morning, and no payment goes through. Where are you?',
    choices: [
      { id: 'pager', label: 'At the keyboard: the pager is mine', route: 'on-call' },
      {
        id: 'code',
        label: 'Asleep. In the morning I am asked what my code did',
        route: 'developer',
      },
      {
        id: 'plan',
        label: 'Asleep. In the morning I am asked why one server was enough',
        route: 'architect',
      },
    ],
  },
  {
    kind: 'work',
    id: 'work-change',
    question: 'What of it can you change next week?',
    choices: [
      { id: 'settings', label: 'Settings, alerts, the way we respond', route: 'on-call' },
      { id: 'code', label: 'The statements, the transactions, the retries', route: 'developer' },
      { id: 'servers', label: 'How many servers there are, and where', route: 'architect' },
    ],
  },
  {
    kind: 'work',
    id: 'work-wish',
    question: 'Which sentence would you most like to say, and be right?',
    choices: [
      { id: 'hangs', label: 'I know what hangs, and what I may do about it now', route: 'on-call' },
      {
        id: 'promise',
        label: 'I know what an answer from the database promises',
        route: 'developer',
      },
      { id: 'price', label: 'I know what each level of safety costs us', route: 'architect' },
    ],
  },
  knows(
    'know-update',
    { section: 'A row is never overwritten' },
    'One row is updated and committed. What lies in the table’s file right after?',
    'The old version and the new one',
    ['The new version, where the old one was', 'The new version; the old one is in an undo log'],
    'PostgreSQL writes a new version beside the old one. Who began earlier may still read the old one.',
    2,
  ),
  knows(
    'know-vacuum',
    { section: 'What VACUUM gives back' },
    'Half of the rows of a big table are deleted, then it is vacuumed. How large is its file?',
    'About as large as before',
    ['About half as large', 'Smaller by what was deleted, once a checkpoint has run'],
    'VACUUM makes the room usable for new rows of this table. It cuts off only what is empty at the very end.',
    1,
  ),
  knows(
    'know-explain',
    { section: 'Ask for the plan' },
    'A plan says rows=1 and, once it has run, actual rows=4000.00. What is wrong?',
    'What the planner knows about the table is out of date',
    ['An index is missing', 'The query ran 4,000 times'],
    'rows=1 was a guess from statistics. ANALYZE brings those up to date, and the plan may change.',
    0,
  ),
  knows(
    'know-isolation',
    { section: 'Which rows may I see?' },
    'As delivered, a transaction runs the same SELECT twice. Can the second answer differ?',
    'Yes: each statement sees what was committed before it began',
    ['No: a transaction sees one state', 'Only if it wrote the row itself'],
    'As delivered is READ COMMITTED: each statement takes a snapshot of its own. REPEATABLE READ takes one for the whole transaction.',
    1,
  ),
  knows(
    'know-lsn',
    { section: 'Arithmetic with the log' },
    'A standby has replayed up to 0/3000000, the primary is at 0/3000100. How far behind is it?',
    '256 bytes',
    ['100 bytes', '100 records'],
    'An LSN counts bytes of WAL, and it is written in hexadecimal.',
    1,
  ),
  knows(
    'know-log',
    { chapter: 'the-log' },
    'A client is told COMMIT, and the server’s power fails at once. The row was in no data file on disk yet. Where is it?',
    'In the log, which was flushed before the client was told',
    [
      'Lost: data files are written at the next checkpoint',
      'In the battery of the disk, if it has one',
    ],
    'The commit record is flushed, then the client is told. After a crash, the log is read again.',
    1,
  ),
  knows(
    'know-stages',
    { chapter: 'streaming-replication' },
    'A standby has flushed the WAL of a commit. Does a query there see the row?',
    'Not necessarily: it sees what has been replayed',
    ['Yes: flushed is the last step', 'Yes, unless it is read in another session'],
    'Sent, written, flushed and replayed are four positions, and each can stop without the others.',
    2,
  ),
  knows(
    'know-names',
    { chapter: 'durability' },
    'synchronous_commit is on, and synchronous_standby_names is empty. Whose disk does a commit wait for?',
    'The primary’s alone',
    ['The primary’s and that of the fastest standby', 'Nobody’s'],
    'A level can ask only standbys that are named. With no names, on means: flushed here.',
    0,
  ),
];

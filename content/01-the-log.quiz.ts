import type { QuizItem } from '../src/ui/quiz.ts';

/** Chapter 1's questions. An id stays as long as its item asks the same. */
export const logQuiz: readonly QuizItem[] = [
  {
    id: 'w1-what-commit-waits-for',
    question:
      'synchronous_commit is on, and no standby is named. What must have happened when a client is answered?',
    choices: [
      {
        id: 'log',
        label: 'The WAL is on the disk up to the end of the COMMIT record',
        why: 'One fsync of the log. Everything before that record is there with it.',
        right: true,
      },
      {
        id: 'page',
        label: 'The changed pages are in their files',
        why: 'That happens at the next checkpoint, or when the buffers are needed for something else.',
      },
      {
        id: 'both',
        label: 'Both',
        why: 'It would be safe, and slow: every page that was touched would be written at a place of its own.',
      },
    ],
  },
  {
    id: 'w1-lsn-difference',
    question: 'pg_current_wal_lsn() says 0/3000100, and redo_lsn is 0/2F00100. What follows?',
    choices: [
      {
        id: 'bytes',
        label: 'A recovery now would read 1,048,576 bytes of WAL',
        why: 'LSNs are counted in bytes: hexadecimal 100000 is 1 MB.',
        right: true,
      },
      {
        id: 'records',
        label: 'A recovery now would redo 100,000 records',
        why: 'An LSN counts bytes, not records, and in hexadecimal.',
      },
      {
        id: 'nothing',
        label: 'Nothing: LSNs can only be compared, not subtracted',
        why: 'pg_lsn knows minus; the difference is a numeric.',
      },
    ],
  },
  {
    id: 'w1-checkpoint-does',
    question: 'What does a checkpoint do?',
    choices: [
      {
        id: 'pages',
        label: 'It writes the dirty pages to their files',
        why: 'All that were dirty when it began.',
        right: true,
      },
      {
        id: 'redo',
        label: 'It moves the point from which recovery would begin',
        why: 'pg_control names it.',
        right: true,
      },
      {
        id: 'segments',
        label: 'It removes segments that nobody needs any more',
        why: 'Or renames them for later use.',
        right: true,
      },
      {
        id: 'commits',
        label: 'It makes commits durable',
        why: 'They were durable before. Without a checkpoint only recovery would take longer.',
      },
    ],
  },
  {
    id: 'w1-page-lsn',
    question:
      'Recovery meets a record at LSN 0/500, and the page on disk has LSN 0/600. What happens?',
    choices: [
      {
        id: 'skip',
        label: 'The record is skipped',
        why: 'The page has this change already, and a later one.',
        right: true,
      },
      {
        id: 'redo',
        label: 'The record is redone, and later ones after it',
        why: 'It would put old bytes over new ones. The stamp is there to prevent that.',
      },
      {
        id: 'error',
        label: 'Recovery fails: the page is from the future',
        why: 'Pages are written at any time after their WAL is flushed, so this is the ordinary case.',
      },
    ],
  },
  {
    id: 'w2-broken-connection',
    question:
      'The connection breaks while a client waits for the answer to COMMIT. What does it know?',
    choices: [
      {
        id: 'committed',
        label: 'That the transaction is committed',
        why: 'So it is, if the record reached the disk first.',
      },
      {
        id: 'aborted',
        label: 'That the transaction is rolled back',
        why: 'So it is, if the record did not. Who retries blindly on this belief sells the soup twice.',
      },
      {
        id: 'nothing',
        label: 'Nothing',
        why: 'It must look, by a key that it chose itself.',
        right: true,
      },
    ],
  },
  {
    id: 'w2-off-and-fsync',
    question:
      'After a power cut: what may synchronous_commit = off have cost, and what fsync = off?',
    choices: [
      {
        id: 'different',
        label: 'off the newest commits, fsync = off the whole database',
        why: 'The first answers early and keeps the order of things. The second never asks the disk, so that pages and log may contradict each other.',
        right: true,
      },
      {
        id: 'same',
        label: 'Both the newest commits',
        why: 'With fsync = off WAL may be removed although pages that needed it were never written.',
      },
      {
        id: 'corrupt',
        label: 'Both may leave a damaged database',
        why: 'synchronous_commit = off loses whole transactions at the end, and damages nothing.',
      },
    ],
  },
  {
    id: 'w2-off-order',
    question:
      'A click is committed at off; 5 ms later a payment is committed at on and answered. Power cut. What is there?',
    choices: [
      {
        id: 'both',
        label: 'Both',
        why: 'The log is one stream. Flushing the payment’s record took the click’s along.',
        right: true,
      },
      {
        id: 'payment',
        label: 'The payment, and perhaps the click',
        why: 'The click’s record lies before the payment’s. There is no way to have the later without the earlier.',
      },
      {
        id: 'neither',
        label: 'Perhaps neither',
        why: 'The payment was answered at on.',
      },
    ],
  },
  {
    id: 'w2-unlogged',
    question:
      'An unlogged table had 1,000 rows, and a checkpoint was made. PostgreSQL is killed. How many rows has it after recovery?',
    choices: [
      {
        id: 'none',
        label: 'None',
        why: 'Without WAL nobody can tell whether its pages are whole, so recovery empties it.',
        right: true,
      },
      {
        id: 'all',
        label: '1,000: the checkpoint has written them',
        why: 'Written they were. Recovery does not look.',
      },
      {
        id: 'some',
        label: 'Those of before the checkpoint',
        why: 'There is no half way: what changed after it could not be told from what did not.',
      },
    ],
  },
  {
    id: 'w5-why-images',
    question:
      'Why does the first change of a page after a checkpoint put the whole page into the WAL?',
    choices: [
      {
        id: 'torn',
        label: 'A power cut may leave the page torn, and a small record cannot mend it',
        why: 'Half new and half old: nothing to apply a change to. The image replaces the page.',
        right: true,
      },
      {
        id: 'speed',
        label: 'So that recovery need not read the page',
        why: 'True, and welcome. It is not what the space is paid for.',
      },
      {
        id: 'standby',
        label: 'Standbys have no copy of the page',
        why: 'They have all pages. They get the images because they get the same log.',
      },
    ],
  },
  {
    id: 'w5-too-frequent',
    question:
      'The log of a busy server says that checkpoints occur too frequently, every 20 s. What is the first thing to change?',
    choices: [
      {
        id: 'size',
        label: 'Raise max_wal_size',
        why: 'They are asked for by WAL. Most of that WAL may be images, which rarer checkpoints save.',
        right: true,
      },
      {
        id: 'timeout',
        label: 'Raise checkpoint_timeout',
        why: 'Time is not what asks for them: at 20 s it is nowhere near.',
      },
      {
        id: 'images',
        label: 'Switch full_page_writes off',
        why: 'Less WAL, and no way to mend a torn page.',
      },
    ],
  },
  {
    id: 'w3-what-a-standby-scales',
    question: 'A cafe adds three standbys. What can it do more of?',
    choices: [
      {
        id: 'reads',
        label: 'Reads',
        why: 'Of what has been replayed there.',
        right: true,
      },
      {
        id: 'writes',
        label: 'Writes',
        why: 'There is still one log and one server that appends to it, and every standby redoes all of it.',
      },
      {
        id: 'both',
        label: 'Both',
        why: 'Only with several logs, each for a part of the data.',
      },
    ],
  },
];

import type { QuizItem } from '../src/ui/quiz.ts';

/** Chapter 11's questions. An id stays as long as its item asks the same. */
export const capQuiz: readonly QuizItem[] = [
  {
    id: 'c1-meaning-of-c',
    question: 'Which of these breaks C, as CAP means it?',
    choices: [
      {
        id: 'stale',
        label: 'A read on a standby misses a change that was acknowledged before the read began',
        why: 'One register would have returned it. One such read is enough.',
        right: true,
      },
      {
        id: 'backward',
        label: 'A guest reads the new price on a standby, then the old one on the primary',
        why: 'No order of these reads fits one register: the new value cannot be followed by the old one.',
        right: true,
      },
      {
        id: 'meanwhile',
        label: 'A read that overlaps a change returns the value from before it',
        why: 'While a change is under way, both answers are allowed: it may be put before or after the read.',
      },
      {
        id: 'unknown',
        label: 'A change whose client never got an answer turns out to be done',
        why: 'Nobody was told that it is not. A register may do it at any moment after it was asked to.',
      },
    ],
  },
  {
    id: 'c1-no-split-brain',
    question:
      'A colleague says: “We never have two primaries, so we are consistent in CAP’s sense.” Guests read from standbys. What do you answer?',
    choices: [
      {
        id: 'agree',
        label: 'Yes: two primaries are what C forbids',
        why: 'Two primaries do break it, which is why this is so often said. But they are one way of many.',
      },
      {
        id: 'reads',
        label: 'No: one stale read on a standby breaks it, with one primary',
        why: 'C is about what all clients together see. Reads count.',
        right: true,
      },
      {
        id: 'sync',
        label: 'Only if replication is synchronous',
        why: 'Even remote_apply on all standbys lets one board change before the other, and before the primary shows it.',
      },
    ],
  },
  {
    id: 'c1-meaning-of-a',
    question:
      'The primary answers every request within a millisecond. Nothing has failed. Is the cluster available, as CAP means it?',
    choices: [
      {
        id: 'yes',
        label: 'Yes: it has no outage',
        why: 'By the meaning of an operations team, yes. The theorem asks every server for every request.',
      },
      {
        id: 'no',
        label: 'No: a standby refuses writes',
        why: 'A server that has not failed answers 25006. The theorem’s A does not hold even with all lines whole.',
        right: true,
      },
      {
        id: 'routing',
        label: 'Yes, if clients are routed to the primary',
        why: 'Routing helps the clients who can reach it. In a cut, some cannot, and theirs is the request the theorem asks about.',
      },
    ],
  },
  {
    id: 'c1-both',
    question: 'What does the theorem say of a cluster that is not available in its sense?',
    choices: [
      {
        id: 'c',
        label: 'That it is consistent',
        why: 'The triangle suggests it. The theorem only says that in a cut you cannot have both.',
      },
      {
        id: 'nothing',
        label: 'Nothing about its consistency',
        why: 'It may have neither, as asynchronous replication with reads on standbys has.',
        right: true,
      },
      {
        id: 'p',
        label: 'That it does not tolerate partitions',
        why: 'Cuts happen to it all the same. Giving up A is one way to live with them.',
      },
    ],
  },
  {
    id: 'c2-one-copy',
    question:
      'synchronous_standby_names is ANY 1 (standby1, standby2), the level remote_apply. The primary and the standby that answered burn. What was acknowledged',
    choices: [
      {
        id: 'safe',
        label: 'is safe: it had been replayed',
        why: 'One book says so. Replayed on the server that burned is no better than written there.',
      },
      {
        id: 'gone',
        label: 'may be gone',
        why: 'One answer is one copy. What the others have, nobody has waited for.',
        right: true,
      },
      {
        id: 'window',
        label: 'is gone for at most 200 ms',
        why: 'That number belongs to synchronous_commit = off. Here it is as long as the other standby was behind.',
      },
    ],
  },
  {
    id: 'c2-which-stands',
    question:
      'Three standbys. The primary is cut off from two of them. Which configurations let the till go on?',
    choices: [
      {
        id: 'none',
        label: 'no names',
        why: 'Nobody is waited for.',
        right: true,
      },
      {
        id: 'any1',
        label: 'ANY 1 (*)',
        why: 'One is left, and one is enough.',
        right: true,
      },
      {
        id: 'any2',
        label: 'ANY 2 (*)',
        why: 'It outlives one standby’s trouble. Here two cannot answer.',
      },
      {
        id: 'write',
        label: 'ANY 2 (*) at remote_write',
        why: 'The level asks less of each standby, not fewer of them.',
      },
    ],
  },
  {
    id: 'c2-still-and-safe',
    question:
      'In the cut the quorum of two of three stood still, and after the fire nothing was lost. What have these two to do with each other?',
    choices: [
      {
        id: 'same',
        label: 'It is one fact: what was not acknowledged cannot be lost as acknowledged',
        why: 'In a cut you acknowledge at the risk of a loss, or you do not acknowledge.',
        right: true,
      },
      {
        id: 'chance',
        label: 'Nothing: durability and availability are two properties of a cluster',
        why: 'Until the line is cut one can have both. In the cut they are one choice.',
      },
      {
        id: 'rollback',
        label: 'The waiting change was rolled back, so nothing was there to lose',
        why: 'It was committed on the primary’s disk, and hidden. It burned with it; but nobody had been told.',
      },
    ],
  },
  {
    id: 'c3-choose',
    question:
      'Payments: nothing acknowledged is lost when the primary and any one standby burn, and payments go on with any one of three standbys away. Which settings will do?',
    choices: [
      {
        id: 'any2on',
        label: 'ANY 2 of the three, at on',
        why: 'Two copies beside the primary’s: one is left. Flushed is enough for a fire.',
        right: true,
      },
      {
        id: 'any2apply',
        label: 'ANY 2 of the three, at remote_apply',
        why: 'Replay adds visibility, and its time. For durability it is as good.',
        right: true,
      },
      {
        id: 'any1apply',
        label: 'ANY 1 of the three, at remote_apply',
        why: 'It goes on with two away, and one copy is all there is.',
      },
      {
        id: 'first3',
        label: 'FIRST 3 of the three, at on',
        why: 'Safe, and it stands still as soon as one is away.',
      },
    ],
  },
];

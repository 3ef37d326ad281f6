import type { QuizItem } from '../src/ui/quiz.ts';

/** Chapter 10's questions. An id stays as long as its item asks the same. */
export const fenceQuiz: readonly QuizItem[] = [
  {
    id: 'i1-acknowledged-alone',
    question:
      'A report says: “synchronous_standby_names was ANY 1 (s1, s2), the primary was cut off from both, and 180,000 acknowledged writes were lost.” What is wrong?',
    choices: [
      {
        id: 'number',
        label: 'The number: 90 s at 2,000 a second are fewer',
        why: 'The arithmetic is right. The first half of the sentence is not.',
      },
      {
        id: 'acknowledged',
        label: 'A primary cut off from both cannot have acknowledged them',
        why: 'Each commit waits for one echo. With the default level, no client was told anything.',
        right: true,
      },
      {
        id: 'lost',
        label: 'Nothing is lost: the standbys have them',
        why: 'They were cut off. What was written is on the old primary alone.',
      },
    ],
  },
  {
    id: 'i1-frozen-patroni',
    question:
      'Patroni on the leader is stopped where it stands (SIGSTOP). What does PostgreSQL on that machine do?',
    choices: [
      {
        id: 'stops',
        label: 'It stops when the leader key runs out',
        why: 'It does not know of the key. Its Patroni would have stopped it, and its Patroni does nothing.',
      },
      {
        id: 'reads',
        label: 'It becomes read-only after ttl',
        why: 'PostgreSQL has no lease of its own.',
      },
      {
        id: 'goes-on',
        label: 'It goes on taking writes, until a watchdog or somebody else ends it',
        why: 'The two are separate processes. That is why a watchdog watches Patroni.',
        right: true,
      },
    ],
  },
  {
    id: 'i1-vacuum',
    question: 'pg_ctl stop -m fast while a VACUUM of an hour runs. What happens to the stop?',
    choices: [
      {
        id: 'waits',
        label: 'It waits for the VACUUM',
        why: 'That is a smart shutdown, which waits for every session.',
      },
      {
        id: 'ends',
        label: 'The VACUUM is ended, and the stop goes on',
        why: 'A fast shutdown terminates all backends: 57P01. The checkpoint at its end may take long.',
        right: true,
      },
      {
        id: 'refused',
        label: 'It is refused until the VACUUM is cancelled',
        why: 'No statement can refuse a shutdown.',
      },
    ],
  },
  {
    id: 'i2-fork-or-clock',
    question:
      'node2 was promoted at 02:14:10 by its own clock. A row on the old primary was committed and acknowledged at 02:14:08. Is it safe?',
    choices: [
      {
        id: 'yes',
        label: 'Yes, it is older than the promotion',
        why: 'It may have been on the cable. And whose clock was it?',
      },
      {
        id: 'no',
        label: 'No, everything from that minute is lost',
        why: 'Nothing is lost that node2 had received before it was promoted.',
      },
      {
        id: 'fork',
        label: 'Only if its COMMIT ends at or before the fork',
        why: 'The fork is a place in the log. Time has no say in it.',
        right: true,
      },
    ],
  },
  {
    id: 'i2-compare-by',
    question:
      'You have the rows of both sides. By what can you tell which of them are the same entry?',
    choices: [
      {
        id: 'xmin',
        label: 'xmin',
        why: 'Both sides go on counting from the same xid, and use it for different transactions.',
      },
      {
        id: 'identity',
        label: 'The id from the identity column',
        why: 'The promoted side skips up to 32 values, then both give out the same ones.',
      },
      {
        id: 'client',
        label: 'A key that the client gave to the request',
        why: 'It was given once, before any server saw it.',
        right: true,
      },
    ],
  },
  {
    id: 'i2-first-deed',
    question:
      'The old primary’s machine is off. What do you do before it comes back into the cluster?',
    choices: [
      {
        id: 'rewind',
        label: 'pg_rewind, so that it can follow',
        why: 'It can follow then, and what only it had is overwritten.',
      },
      {
        id: 'copy',
        label: 'Copy its data directory',
        why: 'The lost entries are there and nowhere else.',
        right: true,
      },
      {
        id: 'start',
        label: 'Start it, to look what it has',
        why: 'Clients with an old address will write to it at once.',
      },
    ],
  },
  {
    id: 'i3-required',
    question:
      'watchdog: mode is set from automatic to required, and nothing else is changed. No machine has /dev/watchdog. What comes of it?',
    choices: [
      {
        id: 'safe',
        label: 'Two primaries are impossible now',
        why: 'True, in a way that nobody wants: there is not even one.',
      },
      {
        id: 'exits',
        label: 'Patroni refuses to start',
        why: 'It starts, and its node follows. It gives the key back when it cannot activate a watchdog.',
      },
      {
        id: 'no-leader',
        label: 'No node becomes leader',
        why: 'Each gets the key and releases it, as the watchdog cannot be configured.',
        right: true,
      },
    ],
  },
  {
    id: 'i3-synchronous-mode',
    question:
      'synchronous_mode is on, with no watchdog and no fence. Patroni on the leader freezes. What is true?',
    choices: [
      {
        id: 'one',
        label: 'There is one primary at a time',
        why: 'node1 still runs as one: it writes WAL, holds locks and serves reads.',
      },
      {
        id: 'kept',
        label: 'Two servers take writes, and nothing acknowledged is lost',
        why: 'The old one waits for a standby that has gone, so it acknowledges nothing. A client that reads there is still told an old truth.',
        right: true,
      },
      {
        id: 'lost',
        label: 'As much is lost as without it',
        why: 'What the old one writes is not acknowledged at the default level.',
      },
    ],
  },
];

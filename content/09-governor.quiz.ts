import type { QuizItem } from '../src/ui/quiz.ts';

/** Chapter 9's questions. An id stays as long as its item asks the same. */
export const governorQuiz: readonly QuizItem[] = [
  {
    id: 'g1-what-ttl-is',
    question: 'ttl is 30 and loop_wait 10. How often does a healthy leader write its key?',
    choices: [
      { id: 'loop', label: 'Every 10 s', why: 'Once in each turn of its loop.', right: true },
      {
        id: 'ttl',
        label: 'Every 30 s',
        why: 'Then each renewal would come at the last moment. ttl is when the key ends without one.',
      },
      {
        id: 'standbys',
        label: 'Never: the standbys ask it whether it lives',
        why: 'They ask it in a race, when the key is gone already.',
      },
    ],
  },
  {
    id: 'g1-rule-broken',
    question: 'ttl: 20, loop_wait: 10, retry_timeout: 10. What does Patroni 4 do?',
    choices: [
      {
        id: 'refuses',
        label: 'It does not start',
        why: 'A broken rule is no reason to leave a database down.',
      },
      {
        id: 'adjusts',
        label: 'It warns, and runs with loop_wait 1 and retry_timeout 9',
        why: 'First loop_wait goes down; where its least is not enough, retry_timeout does.',
        right: true,
      },
      {
        id: 'runs',
        label: 'It runs with these numbers, and may have two primaries',
        why: 'This is what the adjusting prevents.',
      },
    ],
  },
  {
    id: 'g2-who-wins',
    question:
      'The key is gone. Two standbys have replayed the same WAL. How is the new leader chosen?',
    choices: [
      {
        id: 'vote',
        label: 'By a vote among the Patronis',
        why: 'The members of the DCS vote among themselves, on what they store. Patronis do not.',
      },
      {
        id: 'first',
        label: 'Whoever creates the key first has it',
        why: 'Both find nobody ahead of them, both try, and the DCS lets one succeed.',
        right: true,
      },
      {
        id: 'name',
        label: 'By the order of their names',
        why: 'There is a failover_priority for ties, and no order of names.',
      },
    ],
  },
  {
    id: 'g2-limit-of-loss',
    question:
      'maximum_lag_on_failover is 1 MB, replication asynchronous. At most how much is lost?',
    choices: [
      {
        id: 'mb',
        label: '1 MB',
        why: 'The limit counts from the position that the DCS last heard of. The leader wrote on after that.',
      },
      {
        id: 'more',
        label: '1 MB and what the leader wrote since it last renewed its key',
        why: 'And after a cut, that may be a good part of ttl.',
        right: true,
      },
      {
        id: 'nothing',
        label: 'Nothing: who lags is not promoted',
        why: 'Who lags by less than the limit is.',
      },
    ],
  },
  {
    id: 'g3-who-demotes',
    question: 'A leader is cut off from the DCS and nothing else. When does it stop taking writes?',
    choices: [
      {
        id: 'before',
        label: 'Before its key is gone',
        why: 'After retry_timeout without an answer, which the rule keeps well below ttl.',
        right: true,
      },
      {
        id: 'when',
        label: 'When its key is gone',
        why: 'It could not see that: it does not reach the DCS.',
      },
      {
        id: 'told',
        label: 'When the new leader tells it to',
        why: 'No Patroni gives orders to another. The new leader just begins.',
      },
    ],
  },
  {
    id: 'g3-automatic',
    question:
      'watchdog.mode is automatic, and nobody has loaded the kernel’s module. What protects against a frozen Patroni?',
    choices: [
      {
        id: 'nothing',
        label: 'Nothing',
        why: 'automatic takes a device if there is one, and does not complain if there is none.',
        right: true,
      },
      {
        id: 'software',
        label: 'Patroni’s own software watchdog',
        why: 'The software watchdog is the kernel’s module softdog, the very one that is missing.',
      },
      {
        id: 'start',
        label: 'Patroni does not let the node lead',
        why: 'That is required.',
      },
    ],
  },
  {
    id: 'g3-two-scripts',
    question:
      'You want to shoot the old primary before the new one takes writes. Where does the script go?',
    choices: [
      {
        id: 'pre',
        label: 'pre_promote',
        why: 'Patroni waits for it, and does not promote when it fails.',
        right: true,
      },
      {
        id: 'role',
        label: 'callbacks: on_role_change',
        why: 'It runs when the promotion is under way, beside it, and its exit status is not looked at.',
      },
      {
        id: 'start',
        label: 'callbacks: on_start',
        why: 'A promoted standby does not start: it ran all the time.',
      },
    ],
  },
  {
    id: 'g4-two-of-two',
    question: 'Why not a DCS with two members?',
    choices: [
      {
        id: 'majority',
        label: 'It stops when either of them is lost',
        why: 'More than half of two is two: twice the machines, half the endurance of one.',
        right: true,
      },
      {
        id: 'slow',
        label: 'It would be slow',
        why: 'Two agree faster than three.',
      },
      {
        id: 'split',
        label: 'Each could elect a leader of its own',
        why: 'Neither could: one of two is no majority. Both would stop.',
      },
    ],
  },
  {
    id: 'g6-hand-made-names',
    question:
      'synchronous_standby_names stands under postgresql.parameters, synchronous_mode is off. What is wrong with that?',
    choices: [
      {
        id: 'ignored',
        label: 'Patroni ignores the names',
        why: 'With synchronous_mode off it leaves them alone, and commits do wait.',
      },
      {
        id: 'election',
        label: 'The election does not know who has confirmed',
        why: 'A standby within the lag may be promoted, whether it is the one that has the last commits or not.',
        right: true,
      },
      {
        id: 'hang',
        label: 'Nothing, as long as there are two names',
        why: 'Then one confirms, and the other one may be promoted.',
      },
    ],
  },
  {
    id: 'g7-bootstrap-dcs',
    question:
      'You change bootstrap.dcs.ttl in all three files and restart every Patroni. What is ttl now?',
    choices: [
      {
        id: 'old',
        label: 'What it was',
        why: 'bootstrap is read once, when the cluster is new. patronictl edit-config changes what the DCS holds.',
        right: true,
      },
      {
        id: 'new',
        label: 'What the files say',
        why: 'It reads as if. The DCS already has a /config.',
      },
      {
        id: 'default',
        label: '30, the default',
        why: 'The default counts where nobody has said anything. Somebody once did.',
      },
    ],
  },
];

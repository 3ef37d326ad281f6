import type { LabSource } from '../../src/lab/lab.ts';

/** What stands in the article's cluster before anybody mends it: an answer that counts until another is given. */
export const AS_IT_WAS = {
  mode: 'automatic',
  device: 'none',
  timeout: '60',
  callback: 'none',
  'pre-promote': 'none',
  synchronous: 'off',
} as const;

type Choice = keyof typeof AS_IT_WAS;

/** Fixes, each by the choice that it changes. */
const fixed = (fixes: Readonly<Partial<Record<Choice, string>>>) =>
  Object.entries(fixes).map(([id, text]) => ({
    at: 0,
    action: { kind: 'answer', id, text } as const,
  }));

const question = (id: Choice, ask: string, options: Readonly<Record<string, string>>) => ({
  kind: 'choice' as const,
  id,
  ask,
  initial: AS_IT_WAS[id],
  options: Object.entries(options).map(([option, label]) => ({ id: option, label })),
});

export const lab: LabSource = {
  name: 'fix-the-fence',
  version: 1,
  title: 'Fix the fence',
  chapter: 10,
  minutes: 40,
  situation: `The ledger's three nodes are up again, with the configuration of the night: asynchronous replication, a watchdog that
is optional, no watchdog device on any machine. The Patroni of the leader stood still; its key ran out after \`ttl\`, another
node was promoted, and for 90 seconds two took writes.

Five fixes are on the table from the review, and one from the sceptic in the corner. Each is tried on the schedule of that
night and on 20 like it: Patroni frozen or killed, after a switchover or not, and with a machine here and there that was set up
anew and has no watchdog device, whatever its image should contain.

Patroni, etcd and the watchdogs are modelled after Patroni 4.1's own source. PostgreSQL is simplified to positions, timelines and
who has acknowledged what. The cloud takes 40 seconds to stop a machine.`,
  tasks: [
    'Choose the fixes that you would roll out. As few as you like.',
    'On all 21 schedules there are 0 seconds in which two nodes take writes, acknowledged or not.',
    'On each of them, writes are acknowledged again within 120 seconds.',
  ],
  answers: [
    question('mode', 'watchdog: mode', {
      automatic: 'automatic: use the device if there is one',
      required: 'required: no leader without it',
    }),
    question('device', 'The watchdog device', {
      none: 'None: /dev/watchdog does not exist',
      softdog: 'modprobe softdog in the image of all machines, and Patroni may write to it',
    }),
    question('timeout', 'postgresql: pg_ctl_timeout', {
      60: '60, as it is by default',
      10: '10, so that no stop is waited for for ever',
    }),
    question('callback', 'postgresql: callbacks: on_role_change', {
      none: 'None',
      script:
        'A script that has the cloud stop the old primary, waits 5 s, and exits 1 if it still runs',
    }),
    question('pre-promote', 'postgresql: pre_promote', {
      none: 'None',
      file: 'A script that has the cloud stop the machine named in /etc/patroni/old_primary_id, until it is off',
      last: 'A script that asks the DCS who led last, has the cloud stop that machine, until it is off',
    }),
    question('synchronous', 'synchronous_mode', {
      off: 'off',
      on: 'on: a commit waits for a standby',
    }),
  ],
  replays: 'answers',
  seeds: [1, 2, 3, 4, 5],
  start: {
    nodes: ['node1'],
    settings: {},
    setup: ['create table ledger (ref int primary key, amount numeric not null)'],
    prelude: 1,
    clients: [
      {
        name: 'indexer',
        node: 'node1',
        sql: 'insert into ledger values ({key}, 4.20)',
        firstAt: [-0.5, -0.4],
        think: [0.9, 1.1],
      },
    ],
    events: [],
  },
  drill: { after: 0.1, rounds: [] },
  checks: [
    { id: 'one-primary', claim: 'At no instant do two nodes take writes', concepts: ['I3'] },
    { id: 'back-in-time', claim: 'Writes are back within 120 seconds', concepts: ['I3'] },
  ],
  hints: [
    'A process that stands still does nothing that is asked of it, whatever its configuration says. Who could act in its place, on its own machine? And who from outside?',
    'Of each script: does it run before the promotion or after it, does anybody wait for it, and does its exit status change anything?',
    'A machine without a device is drawn in some of the schedules. What does each watchdog mode do there?',
  ],
  solutions: [
    {
      name: 'a watchdog that is required, and there',
      why: 'It resets the machine ttl − 5 s after its Patroni last fed it: before the key runs out. A node without one does not lead.',
      actions: fixed({ mode: 'required', device: 'softdog' }),
    },
    {
      name: 'a fence before the promotion',
      why: 'The new leader holds the key, and does not promote until the machine of the last leader is off. Nobody has to work on the old one.',
      actions: fixed({ 'pre-promote': 'last' }),
    },
    {
      name: 'both',
      why: 'A watchdog does not need the cloud, and a fence does not need the kernel.',
      actions: fixed({ mode: 'required', device: 'softdog', 'pre-promote': 'last' }),
    },
  ],
  traps: [
    {
      name: 'required, and still no device',
      why: 'It is the first line of every list of lessons.',
      actions: fixed({ mode: 'required' }),
      caughtBy: 'back-in-time',
      says: 'no node becomes leader',
      seeds: 'some',
    },
    {
      name: 'a device, and still automatic',
      why: 'With the module loaded the watchdog is activated, and the night of the incident passes.',
      actions: fixed({ device: 'softdog' }),
      caughtBy: 'one-primary',
      says: 'leads all the same where the mode is automatic',
      seeds: 'some',
    },
    {
      name: 'pg_ctl_timeout',
      why: 'The article says that a stop was waited for.',
      actions: fixed({ timeout: '10' }),
      caughtBy: 'one-primary',
      says: 'no stop was waited for',
      seeds: 'some',
    },
    {
      name: 'a fence in on_role_change',
      why: 'The name of the event sounds as if it came before the role changes.',
      actions: fixed({ callback: 'script' }),
      caughtBy: 'one-primary',
      says: 'runs when the promotion has been ordered',
      seeds: 'some',
    },
    {
      name: 'a fence that aims at a name in a file',
      why: 'It is right until the first failover or switchover.',
      actions: fixed({ 'pre-promote': 'file' }),
      caughtBy: 'one-primary',
      says: 'The file still names node1',
      seeds: 'some',
    },
    {
      name: 'synchronous_mode in place of a fence',
      why: 'Nothing that was acknowledged is lost with it.',
      actions: fixed({ synchronous: 'on' }),
      caughtBy: 'one-primary',
      says: 'waits for a standby that has gone',
      seeds: 'some',
    },
    {
      name: 'all that the article recommends, on the machines as they are',
      why: 'Required, a short timeout, a callback: it reads like a belt and braces.',
      actions: fixed({ mode: 'required', timeout: '10', callback: 'script' }),
      caughtBy: 'back-in-time',
      says: 'no node becomes leader',
      seeds: 'some',
    },
  ],
};

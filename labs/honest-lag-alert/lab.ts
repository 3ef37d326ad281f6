import type { Action } from '../../src/cluster/action.ts';
import type { LabSource } from '../../src/lab/lab.ts';

const STANDBYS = ['standby1', 'standby2'] as const;
type Start = LabSource['start'];
type Moment = [number, number];

/** One of the standbys is befallen, drawn from the seed. Made well again are both: what is well stays well. */
const befalls = (name: string, at: Moment, what: (standby: string) => Action) => ({
  name,
  at,
  oneOf: STANDBYS.map((standby) => ({ facts: { standby }, actions: [what(standby)] })),
});
const wellAgain = (at: Moment, what: (standby: string) => Action): Start['events'] =>
  STANDBYS.map((standby) => ({ at, action: what(standby) }));

const replayRate = (bytesPerSecond: number) => (node: string) =>
  ({ kind: 'replayRate', node, bytesPerSecond }) as const;
const signal = (kind: 'freeze' | 'thaw', process: 'walreceiver' | 'startup') => (node: string) =>
  ({ kind, node, process }) as const;
const cable = (kind: 'cut' | 'heal') => (b: string) => ({ kind, a: 'primary', b }) as const;
const node = (kind: 'kill' | 'start') => (name: string) => ({ kind, node: name }) as const;

const CLOSING = 245;
const HOUR = 3_600;

const answers = (alert: string, where = 'primary') => [
  { at: 0, action: { kind: 'answer', id: 'alert', text: alert } as const },
  { at: 0, action: { kind: 'answer', id: 'where', text: where } as const },
];

const expectedWith = (condition: string) => `select e.name
from expected_standbys e
left join pg_stat_replication r on r.application_name = e.name
where ${condition}`;

const SINCE_LAST_REPLAY = 'now() - pg_last_xact_replay_timestamp()';
const onItself = (lag: string) =>
  `select current_setting('cluster_name') where ${lag} > interval '5 s'`;

export const lab: LabSource = {
  name: 'honest-lag-alert',
  version: 1,
  title: 'An alert that does not lie',
  chapter: 2,
  minutes: 30,
  situation: `Twice this month the owner was called out of bed at three in the morning because the standbys "lagged by
four hours". The cafe was closed; there was nothing to replay. And last Tuesday, when a cable was cut at noon, nobody was
called at all. She wants one alert that she can believe.`,
  tasks: [
    'Write one query. An agent asks it on the primary every two seconds, or on each standby every five; while the cafe is closed, every twenty. Each row that it returns is an alert: its first column is the name of a standby. More columns are for the reader.',
    'It must fire for a standby within 10 seconds after its lag passes 5 seconds, or after its connection to the primary is gone. Lag is the age of the oldest commit that the standby has not replayed.',
    'It must not fire for a standby that lags by less than 3 seconds. It has 15 seconds to fall silent when a standby is well again. In a closed hour there must be no false alarm.',
    'The table `expected_standbys` lists who should be there. `payments` says of each payment when it was made (`made_at`), and at which position of the WAL (`lsn`). Your query is all that goes along: what you make on your own cluster is not there.',
  ],
  answers: [
    {
      kind: 'choice',
      id: 'where',
      ask: 'The agent asks on',
      options: [
        { id: 'primary', label: 'the primary' },
        { id: 'standbys', label: 'each standby' },
      ],
      initial: 'primary',
    },
    {
      kind: 'sql',
      id: 'alert',
      ask: 'Your query',
      node: 'primary',
      initial: 'select name from expected_standbys where false',
      result: {
        columns: [{ name: 'standby', type: 'text' }],
        order: 'any',
        rows: 'One for each standby that somebody must look after now. No row: all is well. Further columns do not count.',
      },
    },
  ],
  replays: 'answers',
  seeds: [1, 20, 300, 4_000, 50_000],
  start: {
    nodes: ['primary', ...STANDBYS],
    settings: {},
    setup: [
      'create table expected_standbys (name text primary key)',
      "insert into expected_standbys values ('standby1'), ('standby2')",
      'create table payments (id int primary key, item text not null, made_at timestamptz not null default clock_timestamp(), lsn pg_lsn not null default pg_current_wal_insert_lsn())',
      'create table deliveries (id int, item text)',
    ],
    prelude: 3,
    clients: [
      {
        name: 'till1',
        node: 'primary',
        sql: "insert into payments (id, item) values ({key}, 'tea')",
        firstAt: [-3, -2],
        think: [0.8, 1.6],
        until: CLOSING,
      },
      {
        name: 'delivery',
        node: 'primary',
        sql: "insert into deliveries select {key}, 'flour' from generate_series(1, 1500)",
        firstAt: [76, 78],
        think: [HOUR, HOUR],
        until: CLOSING,
      },
    ],
    events: [
      ...wellAgain([40, 44], replayRate(Number.POSITIVE_INFINITY)),
      ...wellAgain([62.5, 63], signal('thaw', 'startup')),
      ...wellAgain([72, 73], replayRate(40_000)),
      ...wellAgain([86, 87], replayRate(Number.POSITIVE_INFINITY)),
      ...wellAgain([125, 129], signal('thaw', 'walreceiver')),
      ...wellAgain([175, 179], cable('heal')),
      ...wellAgain([220, 224], node('start')),
    ],
    draws: [
      befalls('slow-replay', [8, 12], replayRate(40)),
      befalls('hiccup', [60, 61], signal('freeze', 'startup')),
      befalls('frozen', [95, 99], signal('freeze', 'walreceiver')),
      befalls('cut', [145, 149], cable('cut')),
      befalls('killed', [195, 199], node('kill')),
      befalls('killed-when-closed', [CLOSING + HOUR + 15, CLOSING + HOUR + 19], node('kill')),
    ],
  },
  drill: {
    after: 0.5,
    watchers: [
      {
        name: 'agent',
        node: 'primary',
        answer: 'alert',
        where: { answer: 'where', is: 'primary' },
        every: [1.9, 2.1],
      },
      ...STANDBYS.map((standby) => ({
        name: 'agent',
        node: standby,
        answer: 'alert',
        where: { answer: 'where', is: 'standbys' },
        every: [4.8, 5.2] as Moment,
      })),
    ],
    rounds: [
      { name: 'the cafe is open', begin: [], lasts: CLOSING + 1, end: [] },
      { name: 'the cafe is closed', begin: [], lasts: HOUR, every: [18, 22], end: [] },
      { name: 'the cafe is still closed', begin: [], lasts: 45, end: [] },
    ],
  },
  checks: [
    { id: 'an-answer', claim: 'Each asking is answered, with a name first', concepts: [] },
    {
      id: 'fires-in-time',
      claim: 'It fires within 10 s of a lag of 5 s, or of a standby that is gone',
      concepts: ['R3', 'R5'],
    },
    {
      id: 'no-false-alarm',
      claim: 'No false alarm, not in a closed hour either',
      concepts: ['R3', 'R5'],
    },
  ],
  hints: [
    'Break a standby in each way that you know: freeze its walreceiver, cut its cable, kill it, slow its replay. Which columns of pg_stat_replication still move, and which row is still there?',
    'Let the cluster stand idle for a minute. What do replay_lag and reply_time say now? And how do the bytes stand?',
    'Lag is there when WAL is not replayed *and* time has passed since. Which column tells the first, and which the second, where nothing comes from the standby any more?',
  ],
  solutions: [
    {
      name: 'three ways to be in trouble',
      why: 'Gone; answering with a long lag; or silent while there is something to replay.',
      actions: answers(
        expectedWith(`r.pid is null
   or r.replay_lag > interval '5 s'
   or (r.replay_lsn < pg_current_wal_lsn() and r.reply_time < now() - interval '5 s')`),
      ),
    },
    {
      name: 'the oldest payment that is not replayed',
      why: 'The rows know when they were written, and where: no column of the view has to measure time.',
      actions: answers(
        expectedWith(`r.pid is null
   or now() - (select min(made_at) from payments where lsn >= r.replay_lsn) > interval '5 s'`),
      ),
    },
    {
      name: 'all that are expected, less those that are well',
      why: 'Whoever cannot be shown to be well is in trouble: nothing is forgotten.',
      actions: answers(`select name from expected_standbys
except
select application_name from pg_stat_replication
where replay_lsn >= pg_current_wal_lsn()
   or (coalesce(replay_lag, interval '0') <= interval '5 s' and reply_time > now() - interval '5 s')`),
    },
  ],
  traps: [
    {
      name: 'the time since the last replayed commit',
      why: 'It grows all night, while there is nothing to replay.',
      actions: answers(onItself(SINCE_LAST_REPLAY), 'standbys'),
      caughtBy: 'no-false-alarm',
      says: 'tells when the last commit was made',
    },
    {
      name: 'the same, guarded',
      why: 'A standby that is cut off has replayed all that it has received, and thinks that it is well.',
      actions: answers(
        onItself(
          `case when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then interval '0' else ${SINCE_LAST_REPLAY} end`,
        ),
        'standbys',
      ),
      caughtBy: 'fires-in-time',
      says: 'cannot know what it has not received',
    },
    {
      name: 'the same on the primary',
      why: 'A primary replays nothing: the function returns NULL there.',
      actions: answers(
        `select name from expected_standbys where ${SINCE_LAST_REPLAY} > interval '5 s'`,
      ),
      caughtBy: 'fires-in-time',
      says: 'never returned a row',
    },
    {
      name: 'many bytes behind',
      why: 'On a quiet day five seconds are a few hundred bytes.',
      actions: answers(
        expectedWith('r.pid is null or pg_current_wal_lsn() - r.replay_lsn > 16 * 1024 * 1024'),
      ),
      caughtBy: 'fires-in-time',
      says: 'ytes are not seconds',
    },
    {
      name: 'a few bytes behind',
      why: 'A delivery is a hundred thousand bytes, and replayed two seconds later.',
      actions: answers(expectedWith('r.pid is null or pg_current_wal_lsn() - r.replay_lsn > 600')),
      caughtBy: 'no-false-alarm',
      says: 'ytes are not seconds',
    },
    {
      name: 'replay_lag alone',
      why: 'It is measured when a reply comes. Where none comes it keeps its last value, or NULL.',
      actions: answers(expectedWith("r.pid is null or r.replay_lag > interval '5 s'")),
      caughtBy: 'fires-in-time',
      says: 'measured when a reply comes',
    },
    {
      name: 'only those that are there',
      why: 'A standby that is gone has no row on which a condition could be true.',
      actions: answers(`select application_name from pg_stat_replication
where replay_lag > interval '5 s'
   or (replay_lsn < pg_current_wal_lsn() and reply_time < now() - interval '5 s')`),
      caughtBy: 'fires-in-time',
      says: 'has no row for it',
    },
    {
      name: 'whoever has been silent',
      why: 'A standby that has nothing to say says so every ten seconds only.',
      actions: answers(
        expectedWith(
          "r.pid is null or r.replay_lag > interval '5 s' or r.reply_time < now() - interval '5 s'",
        ),
      ),
      caughtBy: 'no-false-alarm',
      says: 'every 10 s',
    },
  ],
};

import type { LabSource } from '../../src/lab/lab.ts';
import { answer, type Between, psqlOn } from '../script.ts';

const STANDBYS = ['standby1', 'standby2'];

/** A report is one statement of 24 seconds, or five of 4. */
const REPORT = `create function report(part text) returns text language plpgsql as $$
begin
  perform count(*) from orders;
  perform pg_sleep(case part when 'whole' then 24 else 4 end);
  return 'done';
end $$`;

const clerk = (node: string, part: 'whole' | 'slice', which: number, firstAt: Between) => ({
  name: `${part}-${which}-${node}`,
  node,
  sql: `select report('${part}'), {key} as key`,
  where: [
    { answer: 'place', is: node },
    { answer: 'how', is: part === 'whole' ? 'whole' : 'slices' },
  ],
  firstAt,
  think: (part === 'whole' ? [1_000, 1_000] : [2, 2.5]) as Between,
  until: 55,
});

const said = (id: string, text: string) => answer(id, text, 0.2);
const set = (node: string, name: string, value: string) => [
  psqlOn(node)(1, `alter system set ${name} = '${value}'`),
  psqlOn(node)(2, 'select pg_reload_conf()'),
];
const counter = said('counter', 'confl_snapshot');
const place = (node: string) => [said('place', node), counter];

export const lab: LabSource = {
  name: 'long-report',
  version: 2,
  title: 'The long report',
  chapter: 5,
  minutes: 30,
  situation: `The bookkeeper's report counts all orders and takes 24 seconds. She runs it on \`standby2\`, twice in a row, and it
never comes to its end. Waiters serve 100 orders a second on the primary, an UPDATE each time, and autovacuum sweeps up after
them every five seconds.

\`standby2\` is also the failover standby: the kitchen reads there what was just served, so payments are committed at
\`remote_apply\` with \`synchronous_standby_names = standby2\`. \`standby1\` serves nobody yet. Both give queries five seconds
(\`max_standby_streaming_delay = 5s\`).`,
  tasks: [
    'Both reports end. Choose where they run and how, and set what is to be set, before the first begins at second 5.',
    'The table does not grow to more than 1.2 times its size of now.',
    '`standby2` is never more than 5 seconds behind.',
    'Say which counter of `pg_stat_database_conflicts` has told of the failed reports.',
  ],
  answers: [
    {
      kind: 'choice',
      id: 'place',
      ask: 'The reports run on',
      options: STANDBYS.map((id) => ({ id, label: id })),
      initial: 'standby2',
    },
    {
      kind: 'choice',
      id: 'how',
      ask: 'A report is',
      options: [
        { id: 'whole', label: 'one statement of 24 s' },
        {
          id: 'slices',
          label:
            'five statements of 4 s, each with a snapshot of its own; one that is cancelled is asked again',
        },
      ],
      initial: 'whole',
    },
    {
      kind: 'choice',
      id: 'counter',
      ask: 'The failed reports were counted in',
      options: ['confl_lock', 'confl_snapshot', 'confl_bufferpin', 'confl_deadlock'].map((id) => ({
        id,
        label: id,
      })),
    },
  ],
  seeds: [1, 20, 300, 4_000, 50_000],
  start: {
    nodes: ['primary', ...STANDBYS],
    settings: {
      primary: {
        synchronous_standby_names: 'standby2',
        autovacuum: 'on',
        autovacuum_naptime: '5s',
        autovacuum_vacuum_threshold: '100',
        autovacuum_vacuum_scale_factor: '0',
      },
      standby1: { max_standby_streaming_delay: '5s', wal_receiver_status_interval: '1s' },
      standby2: { max_standby_streaming_delay: '5s', wal_receiver_status_interval: '1s' },
    },
    setup: [
      'create table orders (id int primary key, dish text not null, served int not null) with (fillfactor = 90)',
      "insert into orders select i, rpad('soup', 100), 0 from generate_series(1, 1000) as i",
      'create table payments (id int)',
      REPORT,
      'create index on orders (served)',
      'vacuum analyze',
    ],
    prelude: 22,
    clients: [
      {
        name: 'waiter',
        node: 'primary',
        sql: 'update orders set served = {key} where id % 10 = {key} % 10',
        firstAt: [-21.5, -21],
        think: [1, 1.1],
      },
      {
        name: 'till',
        node: 'primary',
        sql: 'set synchronous_commit = remote_apply; insert into payments values ({key})',
        firstAt: [-15, -13],
        think: [2, 3],
      },
      ...STANDBYS.flatMap((node) => [
        clerk(node, 'whole', 1, [5, 5.5]),
        clerk(node, 'whole', 2, [16, 18]),
        clerk(node, 'slice', 1, [5, 5.5]),
      ]),
    ],
    events: [],
  },
  drill: { after: 60, rounds: [] },
  checks: [
    { id: 'reports-end', claim: 'Both reports end', concepts: ['H1'] },
    { id: 'no-bloat', claim: 'The table stays within 1.2 times its size', concepts: ['H2', 'H3'] },
    { id: 'failover-fresh', claim: 'standby2 is never more than 5 s behind', concepts: ['H1'] },
    { id: 'counter', claim: 'The counter of these conflicts is named', concepts: ['H4'] },
  ],
  hints: [
    'What does a report hold that replay must wait for? Who waits with replay, on each of the two standbys?',
    'Feedback keeps the report alive by keeping the rows. Whose rows? Look at autovacuum in the event log.',
    'One of the two standbys may be behind as long as it likes. From when does its patience count, and what has the first report used up when the second begins?',
  ],
  solutions: [
    {
      name: 'a standby of its own, with all patience',
      why: 'Replay on standby1 waits as long as a report runs. Nobody reads there who minds, and nobody commits by it.',
      actions: [...place('standby1'), ...set('standby1', 'max_standby_streaming_delay', '-1')],
    },
    {
      name: 'a patience that is enough for both',
      why: 'Two reports, and the WAL that piled up meanwhile, within ten minutes.',
      actions: [...place('standby1'), ...set('standby1', 'max_standby_streaming_delay', '10min')],
    },
    {
      name: 'pausing replay',
      why: 'What is not replayed conflicts with nothing.',
      actions: [
        ...place('standby1'),
        psqlOn('standby1')(2, 'select pg_wal_replay_pause()'),
        psqlOn('standby1')(50, 'select pg_wal_replay_resume()'),
      ],
    },
    {
      name: 'slicing',
      why: 'A slice is shorter than the patience. One that meets what is left of it is cancelled, and asked again.',
      actions: [...place('standby1'), said('how', 'slices')],
    },
  ],
  traps: [
    {
      name: 'feedback on the failover standby',
      why: 'The report ends, replay goes on, and the primary keeps every old row for 24 seconds.',
      actions: [...place('standby2'), ...set('standby2', 'hot_standby_feedback', 'on')],
      caughtBy: 'no-bloat',
      says: 'standby2 had told the primary what its queries need',
    },
    {
      name: 'feedback on the other standby',
      why: 'The same rows, kept for another reader.',
      actions: [...place('standby1'), ...set('standby1', 'hot_standby_feedback', 'on')],
      caughtBy: 'no-bloat',
      says: 'standby1 had told the primary what its queries need',
    },
    {
      name: 'all patience on the failover standby',
      why: 'Replay waits for the report, and with it the kitchen and every payment.',
      actions: [...place('standby2'), ...set('standby2', 'max_standby_streaming_delay', '-1')],
      caughtBy: 'failover-fresh',
      says: 'waited for a report',
    },
    {
      name: 'patience exactly as long as the report',
      why: 'It is not given to each query: it counts from the receipt of WAL.',
      actions: [...place('standby1'), ...set('standby1', 'max_standby_streaming_delay', '24s')],
      caughtBy: 'reports-end',
      says: 'had been used up',
    },
    {
      name: 'no vacuum',
      why: 'No row is removed, so nothing conflicts. Nor is any room used again.',
      actions: [...place('standby2'), ...set('primary', 'autovacuum', 'off')],
      caughtBy: 'no-bloat',
      says: 'Autovacuum has not come',
    },
    {
      name: 'the wrong counter',
      why: 'No lock was in the way.',
      actions: [
        said('place', 'standby1'),
        said('counter', 'confl_lock'),
        ...set('standby1', 'max_standby_streaming_delay', '-1'),
      ],
      caughtBy: 'counter',
      says: 'ACCESS EXCLUSIVE',
    },
  ],
};

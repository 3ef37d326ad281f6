import type { Action } from '../../src/cluster/action.ts';
import type { LabSource } from '../../src/lab/lab.ts';
import { ms } from '../../src/sim/instant.ts';

const STANDBYS = ['standby1', 'standby2'] as const;

type Cause = LabSource['start']['draws'] extends (infer Draw)[] | undefined
  ? Draw extends { oneOf: (infer One)[] }
    ? One
    : never
  : never;

const delay = (b: string, oneWayMs: number): Action => ({
  kind: 'delay',
  a: 'primary',
  b,
  delay: ms(oneWayMs),
});

/** How slow each stage is where it is slow: three strengths, told in the task as a range. */
const SLOW: Readonly<Record<string, (standby: string) => readonly Action[]>> = {
  link: (standby) => [18, 40, 80].map((oneWay) => delay(standby, oneWay)),
  disk: (node) => [300, 360, 420].map((time) => ({ kind: 'fsync', node, time: ms(time) })),
  replay: (node) =>
    [2_200, 2_275, 2_350].map((bytesPerSecond) => ({ kind: 'replayRate', node, bytesPerSecond })),
};

const causes: Cause[] = STANDBYS.flatMap((standby) =>
  Object.entries(SLOW).flatMap(([stage, strengths]) =>
    strengths(standby).map((action) => ({ facts: { standby, stage }, actions: [action] })),
  ),
);
const none: Cause[] = [1, 2, 3].map(() => ({ facts: { standby: '', stage: 'none' }, actions: [] }));

const till = (name: string): LabSource['start']['clients'][number] => ({
  name,
  node: 'primary',
  sql: "insert into payments values ({key}, 'tea')",
  firstAt: [-1.9, -1.6],
  think: [0.25, 0.4],
});

const answer = (text: string) => [
  { at: 0, action: { kind: 'answer', id: 'stage', text } as const },
];

const byStage = (stage: string) => `select application_name, ${stage} from pg_stat_replication`;

export const lab: LabSource = {
  name: 'which-stage',
  version: 1,
  title: 'Which stage is slow?',
  chapter: 2,
  minutes: 30,
  situation: `The kitchen reads its orders from a standby, and says that they come late. The baker says it is the cable, the
waiter says it is the disk, and the owner wants to buy a faster machine. The tills go on: a dozen payments a second.
One query on the primary can tell who is right.`,
  tasks: [
    'Write one query for the primary. For each standby that is connected it returns one row: its `application_name`, and the stage that is slow, one of `link`, `disk`, `replay` or `none`.',
    'It is asked on thirteen clusters: yours, and twelve that you have not seen. On each, at most one stage of one standby is slow. It is asked five times, about half a second apart; most of the answers must be right for each standby.',
    'Slow means: a link of 18 to 80 ms one way, an fsync of 300 to 420 ms, a replay of 2,200 to 2,350 bytes a second where the tills write 2,000. What is not slow takes at most 8 ms one way, 0.4 ms to fsync, and replays at once.',
  ],
  answers: [
    {
      kind: 'sql',
      id: 'stage',
      ask: 'Your query',
      node: 'primary',
      initial: 'select application_name, \nfrom pg_stat_replication',
      result: {
        columns: [
          { name: 'standby', type: 'text' },
          { name: 'stage', type: 'text' },
        ],
        order: 'any',
        rows: 'One for each standby that is connected.',
      },
    },
  ],
  replays: 'answers',
  seeds: [16, 2, 7, 3, 14, 6, 8, 4, 5, 12, 13, 10, 11],
  start: {
    nodes: ['primary', ...STANDBYS],
    settings: {},
    setup: ['create table payments (id int primary key, item text not null)'],
    prelude: 2,
    clients: ['till1', 'till2', 'till3', 'till4'].map(till),
    events: [],
    draws: [
      ...STANDBYS.map((standby) => ({
        name: `cable-of-${standby}`,
        at: [-2, -2] as [number, number],
        oneOf: [2, 4, 6, 8].map((oneWay) => ({ facts: {}, actions: [delay(standby, oneWay)] })),
      })),
      { name: 'cause', at: [-1.95, -1.95], oneOf: [...causes, ...none] },
    ],
  },
  drill: {
    after: 0.1,
    watchers: [{ name: 'owner', node: 'primary', answer: 'stage', every: [0.5, 0.58] }],
    rounds: [{ name: 'the owner asks', begin: [], lasts: 2.95, end: [] }],
  },
  checks: [
    {
      id: 'an-answer',
      claim: 'Each asking is answered by one row for each standby',
      concepts: [],
    },
    {
      id: 'right-stage',
      claim: 'The stage is right on each cluster',
      concepts: ['R2', 'R3'],
    },
  ],
  hints: [
    'Slow the link of a standby, then its disk, then its replay, and look at all columns of pg_stat_replication each time. Which columns move?',
    'The time columns add up: flush_lag holds write_lag, and replay_lag holds both. What does each stage take by itself?',
    'One process receives and fsyncs. While it waits for the disk it reads nothing, and WAL seems to be late on the link. What is seen with a slow disk alone, and is best asked first?',
  ],
  solutions: [
    {
      name: 'the disk first, by the time between the columns',
      why: 'Only a slow disk lies between write_lag and flush_lag. Once that is out of the question, the others can be trusted.',
      actions: answer(
        byStage(`case
  when flush_lag - write_lag > interval '40 ms' then 'disk'
  when replay_lag - flush_lag > interval '10 ms' then 'replay'
  when write_lag > interval '25 ms' then 'link'
  else 'none' end`),
      ),
    },
    {
      name: 'where WAL lies, and for how long',
      why: 'WAL lies between two positions, and the time columns tell that it lay there long.',
      actions: answer(
        byStage(`case
  when write_lsn > flush_lsn and flush_lag > interval '100 ms' then 'disk'
  when flush_lsn > replay_lsn or replay_lag - flush_lag > interval '20 ms' then 'replay'
  when write_lag > interval '25 ms' then 'link'
  else 'none' end`),
      ),
    },
    {
      name: 'the stage that takes longest by itself',
      why: 'The columns add up: each less the one before it is what the stage itself takes.',
      actions: answer(`select application_name, case
  when replay_lag < interval '30 ms' or replay_lag is null then 'none'
  when write_lag >= greatest(flush_lag - write_lag, replay_lag - flush_lag) then 'link'
  when flush_lag - write_lag >= replay_lag - flush_lag then 'disk'
  else 'replay' end
from pg_stat_replication`),
    },
  ],
  traps: [
    {
      name: 'sent minus replayed',
      why: 'Whatever is late at one stage is late at all later ones: the difference counts every stage at once.',
      actions: answer(
        byStage(`case when sent_lsn - replay_lsn > 100 then 'replay' else 'none' end`),
      ),
      caughtBy: 'right-stage',
      says: 'counts every stage before replay as well',
      seeds: 'some',
    },
    {
      name: 'each time column by itself',
      why: 'A slow disk keeps the process that receives from receiving: write_lag grows, too.',
      actions: answer(
        byStage(`case
  when write_lag > interval '25 ms' then 'link'
  when flush_lag > interval '30 ms' then 'disk'
  when replay_lag > interval '30 ms' then 'replay'
  else 'none' end`),
      ),
      caughtBy: 'right-stage',
      says: 'One process receives and fsyncs',
      seeds: 'some',
    },
    {
      name: 'the largest gap in bytes',
      why: 'Bytes tell where WAL lies at one moment, not how long it has been there.',
      actions: answer(`select application_name, case
  when greatest(sent_lsn - write_lsn, write_lsn - flush_lsn, flush_lsn - replay_lsn) < 100 then 'none'
  when sent_lsn - write_lsn >= greatest(write_lsn - flush_lsn, flush_lsn - replay_lsn) then 'link'
  when write_lsn - flush_lsn >= flush_lsn - replay_lsn then 'disk'
  else 'replay' end
from pg_stat_replication`),
      caughtBy: 'right-stage',
      says: 'bytes tell where WAL is at one moment',
      seeds: 'some',
    },
  ],
};

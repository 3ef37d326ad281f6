import type { Action } from '../../src/cluster/action.ts';
import { settingUp } from '../../src/experiment/configuration.ts';
import type { LabSource } from '../../src/lab/lab.ts';
import type { LabAction } from '../../src/lab/lab-action.ts';
import { ms } from '../../src/sim/instant.ts';
import { type ColumnId, cellId, columns, configurations, requirements, wordsOf } from './matrix.ts';

const cut: readonly Action[] = ['standby2', 'standby3'].map((b) => ({
  kind: 'cut',
  a: 'primary',
  b,
}));
const heal: readonly Action[] = cut.map((action) => ({ ...action, kind: 'heal' }) as Action);

/** Statements that are sent in the same moment, each in a session of its own. */
const inSessions = (actions: readonly Action[]): readonly Action[] =>
  actions.map((action, i) =>
    action.kind === 'sql' ? { ...action, session: `operator${i + 1}` } : action,
  );

/** Five configurations, one after the other, and the same troubles for each. */
const rounds = configurations.flatMap((configuration) => {
  const about = wordsOf(configuration).replaceAll('`', '');
  const facts = (trial: string) => ({ configuration: configuration.id, trial });
  return [
    {
      name: `nothing is wrong (${about})`,
      facts: facts('well'),
      begin: [...inSessions(settingUp(configuration))],
      lasts: 2.5,
      end: [],
    },
    {
      name: `standby2 is frozen (${about})`,
      facts: facts('frozen'),
      begin: [{ kind: 'freeze', node: 'standby2', process: 'walreceiver' } as const],
      lasts: 3.5,
      end: [{ kind: 'thaw', node: 'standby2', process: 'walreceiver' } as const],
    },
    {
      name: `the primary and standby1 are cut off (${about})`,
      facts: facts('cut'),
      begin: [...cut],
      lasts: 3.5,
      end: [...heal],
    },
  ];
});

type Cells = Readonly<Partial<Record<ColumnId, string>>>;

/** As it is measured: by column, the configurations of which the claim holds. */
const TRUTH: Readonly<Record<ColumnId, string>> = {
  frozen: 'async write apply quorum',
  cut: 'async write apply',
  kept: 'quorum all',
  register: '',
};
const NEEDS = { ledger: 'quorum', till: 'quorum', clicks: 'async', boards: 'all' };

function sheet(cells: Cells = {}, needs: Partial<typeof NEEDS> = {}) {
  const holds = { ...TRUTH, ...cells };
  const given: LabAction[] = [
    ...columns.flatMap(({ id }) =>
      configurations.map((one) => ({
        kind: 'answer' as const,
        id: cellId(one.id, id),
        text: holds[id].split(' ').includes(one.id) ? 'yes' : 'no',
      })),
    ),
    ...Object.entries({ ...NEEDS, ...needs }).map(([id, text]) => ({
      kind: 'answer' as const,
      id,
      text,
    })),
  ];
  return given.map((action, i) => ({ at: 1 + i * 0.1, action }));
}

export const lab: LabSource = {
  name: 'cap-by-experiment',
  version: 1,
  title: 'CAP by experiment',
  chapter: 11,
  minutes: 60,
  situation: `One primary and three standbys; \`standby3\` stands in another city, 40 ms away, the others 5 ms. The till changes
the price of the day two or three times a second, and guests read it wherever they are. **Predict first**: fill the sheet in before you
touch anything. Then make each configuration yourself (\`alter system set synchronous_standby_names\`, \`synchronous_commit\`,
\`select pg_reload_conf()\`), freeze, cut, and look. Change what you find you had wrong. The last answer counts, and the drill measures
every cell again on five seeds.`,
  tasks: [
    'Fill in the matrix: five configurations, and for each whether the till goes on, whether what it was told is kept, and whether guests see one register.',
    'Choose a configuration for each of four requirements. For some there is more than one.',
  ],
  replays: 'answers',
  answers: [
    ...columns.flatMap(({ id, title, ask, yes, no }) =>
      configurations.map((one) => ({
        kind: 'choice' as const,
        id: cellId(one.id, id),
        ask: ask(wordsOf(one)),
        cell: { row: wordsOf(one), column: title },
        options: [
          { id: 'yes', label: yes },
          { id: 'no', label: no },
        ],
      })),
    ),
    ...requirements.map(({ id, ask }) => ({
      kind: 'choice' as const,
      id,
      ask,
      options: configurations.map((one) => ({
        id: one.id,
        label: wordsOf(one).replaceAll('`', ''),
      })),
    })),
  ],
  seeds: [1, 20, 300, 4_000, 50_000],
  start: {
    nodes: ['primary', 'standby1', 'standby2', 'standby3'],
    settings: { primary: { max_wal_size: '64MB' } },
    setup: [
      'create table board (price int not null)',
      'insert into board values (0)',
      'create table changes (id int primary key)',
    ],
    prelude: 2,
    clients: [
      {
        name: 'till',
        node: 'primary',
        sql: 'begin; update board set price = {key}; insert into changes values ({key}); commit',
        firstAt: [-1, -0.7],
        think: [0.25, 0.45],
      },
    ],
    events: [
      {
        at: [-2, -2],
        action: { kind: 'delay', a: 'primary', b: 'standby3', delay: ms(40) },
      },
    ],
  },
  drill: { after: 1, rounds },
  checks: [
    { id: 'available', claim: 'When the till goes on, as measured', concepts: ['C2'] },
    { id: 'kept', claim: 'What the fire leaves, as measured', concepts: ['C2'] },
    { id: 'register', claim: 'What consistent means, as measured', concepts: ['C1'] },
    {
      id: 'choices',
      claim: 'Each requirement gets a configuration that meets it',
      concepts: ['C3'],
    },
  ],
  hints: [
    'For each configuration, count: how many answers does a commit wait for, and how many standbys can still answer?',
    'Where was the last acknowledged change when the primary and standby1 burned? Count the copies on the other side of the cut.',
    'Two guests read from two standbys, one after the other. standby3 is 40 ms away. Which configuration makes both see the same?',
    'The level and the names are two settings. Which of them decides whether the till goes on?',
  ],
  solutions: [
    {
      name: 'as measured',
      why: 'The ledger waits for two of three: a fire of two leaves a copy.',
      actions: sheet(),
    },
    {
      name: 'the ledger waits for all',
      why: 'It may stand still, so it may wait for everyone.',
      actions: sheet({}, { ledger: 'all' }),
    },
  ],
  traps: [
    {
      name: 'the book’s table',
      why: 'It calls remote_apply safe. One of two is one copy, whatever that one did with it.',
      actions: sheet({ kept: 'apply quorum all' }),
      caughtBy: 'kept',
      says: 'replay on one standby is one copy',
    },
    {
      name: 'the book’s availability',
      why: 'It gives two of three “high”: so it is with one standby gone.',
      actions: sheet({ cut: 'async write apply quorum' }),
      caughtBy: 'available',
      says: 'Here two are out of reach',
    },
    {
      name: 'the level decides',
      why: 'The book gives remote_apply less availability than remote_write, under the same names.',
      actions: sheet({ frozen: 'async write quorum' }),
      caughtBy: 'available',
      says: 'How many of them must have done it is said by the names',
    },
    {
      name: 'C as “no split brain”',
      why: 'There is one primary in every run, and no run is linearizable.',
      actions: sheet({ register: 'async write apply quorum all' }),
      caughtBy: 'register',
      says: 'One primary, so no split brain',
    },
    {
      name: 'two of three for everything',
      why: 'Safe, and a round trip for each click.',
      actions: sheet({}, { clicks: 'quorum' }),
      caughtBy: 'choices',
      says: 'a round trip is more than a click may wait for',
    },
    {
      name: 'one copy for money',
      why: 'The standby that answered burns with the primary.',
      actions: sheet({}, { ledger: 'apply' }),
      caughtBy: 'choices',
      says: 'One copy is not enough',
    },
    {
      name: 'a quorum for every board',
      why: 'Two have replayed it; the third is not asked.',
      actions: sheet({}, { boards: 'quorum' }),
      caughtBy: 'choices',
      says: 'Who was not asked may show it later',
    },
  ],
};

import type { ClusterSpec } from '../cluster/action.ts';
import type { Population } from '../cluster/workload/population.ts';
import { type Duration, ms } from '../sim/instant.ts';

export const STANDBYS = ['standby1', 'standby2', 'standby3'] as const;

/** Where somebody would like to change the price who cannot reach the primary: the standby that its side would promote. */
export const FAR_TILL = 'standby2';

/** What the board shows before anybody has changed it. */
export const FIRST_PRICE = 0;

const READ = 'select price from board';

const reader = (name: string, node: string, think: readonly [Duration, Duration]): Population => ({
  name,
  node,
  count: 1,
  errands: [{ sql: READ, kind: 'read' }],
  thinkTime: think,
  pace: 0,
});

const CHANGE = 'begin; update board set price = {key}; insert into payments values ({key}); commit';

/** Who uses the clusters of an experiment: one who changes the price of the day, and many who read it. */
export const CLIENTS: readonly Population[] = [
  {
    name: 'till',
    node: 'primary',
    count: 1,
    errands: [{ sql: CHANGE, kind: 'write' }],
    thinkTime: [ms(150), ms(350)],
    pace: 0,
  },
  reader('desk', 'primary', [ms(150), ms(350)]),
  ...STANDBYS.map((node, i) => reader(`kiosk${i + 1}`, node, [ms(600), ms(1_200)])),
  {
    name: 'far-till',
    node: FAR_TILL,
    count: 1,
    errands: [{ sql: CHANGE, kind: 'write' }],
    thinkTime: [ms(1_500), ms(2_500)],
    pace: 0,
  },
];

/** A primary and three standbys, with a board that holds one price: a register, in the words of the trade. */
export const cafe = (seed: number): ClusterSpec => ({
  nodes: ['primary', ...STANDBYS],
  seed,
  settings: { primary: { max_wal_size: '64MB', checkpoint_timeout: '1h' } },
  setup: [
    'create table board (price int not null)',
    `insert into board values (${FIRST_PRICE})`,
    'create table payments (id int primary key)',
  ],
  populations: CLIENTS,
});

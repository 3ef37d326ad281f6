import { describe, expect, it } from 'vitest';
import type {
  ClusterView,
  LinkView,
  NodeView,
  StatementView,
} from '../../../src/cluster/cluster-view.ts';
import { FSYNC_TIME, LINK_DELAY } from '../../../src/postgres/replication-state.ts';
import { type Instant, ms } from '../../../src/sim/instant.ts';
import { cellText, columnsOf } from '../../../src/ui/measurement.ts';
import { conditionsOf, isTooLate } from '../../../src/ui/measuring.ts';

const node = (name: string, more: Partial<NodeView> = {}) =>
  ({
    name,
    status: 'up',
    frozen: [],
    replayPaused: false,
    apart: false,
    replayBytesPerSecond: Number.POSITIVE_INFINITY,
    fsyncTime: FSYNC_TIME,
    ...more,
  }) as NodeView;

const link = (a: string, b: string, more: Partial<LinkView> = {}): LinkView => ({
  a,
  b,
  delay: LINK_DELAY,
  cut: false,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  lossRatio: 0,
  ...more,
});

const view = (nodes: readonly NodeView[], links: ClusterView['links'] = []) =>
  ({ nodes, links }) as unknown as ClusterView;

const statement = (sql: string, sentAt: number, more: Partial<StatementView> = {}) =>
  ({
    session: 'meter',
    sql,
    state: 'done',
    sentAt: sentAt as Instant,
    answeredAt: (sentAt + 500) as Instant,
    notices: [],
    error: null,
    ...more,
  }) as StatementView;

describe('what a column of measurements stands under', () => {
  it('is nothing for a cluster as built', () => {
    const links = [link('primary', 'standby1')];
    expect(conditionsOf(view([node('primary'), node('standby1')], links))).toEqual([]);
  });

  it('names what is different, node by node and cable by cable', () => {
    const nodes = [
      node('primary', { fsyncTime: ms(20) }),
      node('standby1', {
        frozen: ['walreceiver'],
        replayPaused: true,
        replayBytesPerSecond: 2_000,
      }),
      node('standby2', { status: 'down', frozen: ['startup'] }),
    ];
    const links = [
      link('primary', 'standby1', { delay: ms(80), lossRatio: 0.1 }),
      link('primary', 'standby2', { cut: true }),
      link('standby1', 'standby2', { bytesPerSecond: 125_000 }),
    ];
    expect(conditionsOf(view(nodes, links))).toEqual([
      'fsync on primary 20 ms',
      'standby1’s walreceiver frozen',
      'standby1’s replay paused',
      'standby1 replays 2,000 B/s',
      'standby2 down',
      'cable primary – standby1 80 ms, loses 10 %',
      'cable primary – standby2 cut',
      'cable standby1 – standby2 122 kB/s',
    ]);
  });
});

describe('columns', () => {
  const rows = [
    { label: 'off', sql: 'a' },
    { label: 'on', sql: 'b' },
  ];

  it('hold the answers of one press each, and a gap where a press was broken off', () => {
    const first = [statement('a', 1), statement('b', 2)];
    const broken = [statement('a', 10)];
    const third = [statement('a', 20), statement('b', 21)];
    const others = [statement('a', 5, { session: 'a' }), statement('select pg_sleep(0.25);', 6)];
    const columns = columnsOf([...first, ...others, ...broken, ...third], 'meter', rows);
    expect(columns.map(({ cells }) => cells.map((cell) => cell?.sentAt ?? null))).toEqual([
      [1, 2],
      [10, null],
      [20, 21],
    ]);
  });

  it('are none before anything was measured', () => {
    expect(columnsOf([], 'meter', rows)).toEqual([]);
  });
});

describe('a cell', () => {
  const canceled = {
    severity: 'WARNING',
    sqlstate: '01000',
    message: '',
    detail: null,
    hint: null,
  };

  it.each<[string, StatementView | null, string]>([
    ['of a row not measured', null, ''],
    ['of a statement that runs', statement('a', 1, { state: 'running', answeredAt: null }), '…'],
    ['of an answer', statement('a', 1), '500 µs'],
    [
      'of a wait that was given up',
      statement('a', 1, { notices: [canceled] as unknown as StatementView['notices'] }),
      'no answer',
    ],
    ['of a lost connection', statement('a', 1, { state: 'lost' }), 'lost'],
  ])('%s', (_, of, text) => {
    expect(cellText(of)).toBe(text);
  });

  it('is given up after two seconds, not before', () => {
    const waiting = statement('a', 0, { state: 'running' });
    expect(isTooLate(waiting, 2_000_000 as Instant)).toBe(false);
    expect(isTooLate(waiting, 2_000_001 as Instant)).toBe(true);
    expect(isTooLate(statement('a', 0), 9_000_000 as Instant)).toBe(false);
  });
});

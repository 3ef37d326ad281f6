import type {
  ClusterView,
  LinkView,
  MessageView,
  NodeView,
  StandbyView,
  StatementView,
} from '../../../src/cluster/cluster-view.ts';
import { lsn } from '../../../src/postgres/lsn.ts';
import { instant, ms, NEVER, us } from '../../../src/sim/instant.ts';

const HERE = lsn(1_000);

export const standbyOf = (upstream: string, fields: Partial<StandbyView> = {}): StandbyView => ({
  upstream,
  state: 'streaming',
  syncState: 'async',
  sentLsn: HERE,
  writeLsn: HERE,
  flushLsn: HERE,
  replayLsn: HERE,
  writeLag: null,
  flushLag: null,
  replayLag: null,
  ownReceiveLsn: HERE,
  ownFlushLsn: HERE,
  ownReplayLsn: HERE,
  ...fields,
});

export const node = (name: string, standby: StandbyView | null = null): NodeView => ({
  name,
  role: standby ? 'standby' : 'primary',
  status: 'up',
  insertLsn: HERE,
  writeLsn: HERE,
  flushLsn: HERE,
  walFrom: lsn(0),
  redoLsn: HERE,
  slots: [],
  archiver: null,
  streamingError: null,
  walUsed: 2 ** 20,
  walVolume: Number.POSITIVE_INFINITY,
  frozen: [],
  replayPaused: false,
  apart: false,
  fsyncTime: us(400),
  replayBytesPerSecond: NEVER,
  standby,
  sessions: [],
});

export const link = (a: string, b: string, fields: Partial<LinkView> = {}): LinkView => ({
  a,
  b,
  delay: ms(5),
  bytesPerSecond: NEVER,
  lossRatio: 0,
  cut: false,
  ...fields,
});

export const cluster = (fields: Partial<ClusterView> = {}): ClusterView => ({
  now: instant(0),
  nodes: [
    node('primary'),
    node('standby1', standbyOf('primary')),
    node('standby2', standbyOf('primary')),
  ],
  links: [link('primary', 'standby1'), link('primary', 'standby2'), link('standby1', 'standby2')],
  synchronousStandbyNames: '',
  waitingCommits: 0,
  commits: [],
  populations: [],
  governor: null,
  inFlight: [],
  ...fields,
});

let messages = 0;

export const message = (fields: Partial<MessageView> = {}): MessageView => ({
  id: `primary>standby1#${messages++}`,
  from: 'primary',
  to: 'standby1',
  kind: 'wal',
  bytes: 230,
  sentAt: instant(10_000),
  arrivesAt: instant(15_000),
  lost: false,
  wal: { startLsn: lsn(1_000), endLsn: lsn(1_200), records: 3, commits: 1 },
  reported: null,
  ...fields,
});

export const reply = (
  positions: readonly [write: number, flush: number, replay: number],
  fields: Partial<MessageView> = {},
): MessageView =>
  message({
    from: 'standby1',
    to: 'primary',
    kind: 'reply',
    bytes: 39,
    wal: null,
    reported: {
      writeLsn: lsn(positions[0]),
      flushLsn: lsn(positions[1]),
      replayLsn: lsn(positions[2]),
    },
    ...fields,
  });

export const statement = (fields: Partial<StatementView> = {}): StatementView => ({
  id: 0,
  node: 'primary',
  session: 'a',
  sql: 'select 1;',
  sentAt: instant(0),
  sentIn: 'idle',
  answeredAt: instant(1_000),
  state: 'done',
  results: [],
  notices: [],
  error: null,
  waitEventType: null,
  waitEvent: null,
  ...fields,
});

import { describe, expect, test } from 'vitest';
import type { StatementView, TraceEvent } from '../../../src/cluster/cluster-view.ts';
import type { ServerMessage } from '../../../src/cluster/sql-engine.ts';
import { flushedBy } from '../../../src/grading/flushed-by.ts';
import { historyOf } from '../../../src/grading/history.ts';
import {
  fail,
  failOn,
  inconclusive,
  type Judgement,
  overall,
  pass,
} from '../../../src/grading/verdict.ts';
import { parseLsn } from '../../../src/postgres/lsn.ts';
import { instant } from '../../../src/sim/instant.ts';
import type { FailingSchedule } from '../../../src/soak/failing-schedule.ts';

const event = (at: number, kind: string, node: string, facts: TraceEvent['facts']): TraceEvent => ({
  at: instant(at),
  kind,
  node,
  words: '',
  facts,
});

const flushed = (at: number, node: string, lsn: string) => event(at, 'walFlushed', node, { lsn });

const statement = (id: number, rest: Partial<StatementView> = {}): StatementView => ({
  id,
  node: 'primary',
  session: 'till1',
  sql: '',
  sentAt: instant(100),
  sentIn: 'idle',
  answeredAt: instant(200),
  state: 'done',
  results: [],
  notices: [],
  error: null,
  waitEventType: null,
  waitEvent: null,
  ...rest,
});

const warning: ServerMessage = {
  severity: 'WARNING',
  sqlstate: '01000',
  message: 'canceling wait for synchronous replication due to user request',
  detail: null,
  hint: null,
  position: null,
};

const sent = {
  statement: 0,
  client: 'till1',
  population: 'till1',
  kind: 'write',
  key: 7,
  attempt: 1,
} as const;

describe('what clients were told', () => {
  const one = (view: StatementView, trace: readonly TraceEvent[] = []) =>
    historyOf([sent], [view], trace)[0];

  test.each([
    ['done', 'acknowledged'],
    ['error', 'failed'],
    ['lost', 'lost'],
    ['running', 'open'],
  ] as const)('a statement that is %s: %s', (state, outcome) => {
    expect(one(statement(0, { state }))?.outcome).toBe(outcome);
  });

  test('a wait that was cut short acknowledges, and is known by its warning', () => {
    const request = one(statement(0, { notices: [warning] }));
    expect(request).toMatchObject({ outcome: 'acknowledged', cutShort: true });
  });

  test('a commit that waited says where it lies in the WAL', () => {
    const wait = event(120, 'commitWaits', 'primary', { statement: 0, lsn: '0/20', level: 'on' });
    const request = one(statement(0), [wait, flushed(200, 'primary', '0/30')]);
    expect(request).toMatchObject({ waitedSince: 120, lsn: parseLsn('0/20') });
  });

  test('one that did not wait lies before the first flush of its own node from the answer on', () => {
    const request = one(statement(0), [
      flushed(150, 'primary', '0/10'),
      flushed(200, 'standby1', '0/18'),
      flushed(201, 'primary', '0/20'),
    ]);
    expect(request).toMatchObject({ waitedSince: null, lsn: parseLsn('0/20') });
  });

  test('one that never reached a disk lies nowhere', () => {
    expect(one(statement(0), [flushed(150, 'primary', '0/10')])?.lsn).toBeNull();
  });
});

test('a node has WAL on its disk from the flush on that covers it', () => {
  const trace = [flushed(10, 'standby1', '0/10'), flushed(20, 'standby2', '0/20')];
  const at = (position: string, when: number) =>
    flushedBy(trace, parseLsn(position), instant(when));
  expect(at('0/10', 9)).toEqual([]);
  expect(at('0/10', 10)).toEqual(['standby1']);
  expect(at('0/10', 20)).toEqual(['standby1', 'standby2']);
  expect(at('0/11', 30)).toEqual(['standby2']);
});

const SCHEDULE: FailingSchedule = {
  tried: { kind: 'governor', yml: 'scope: cafe', route: 'any' },
  number: 7,
  kept: [],
  of: 3,
  invariant: 'one primary',
  at: instant(5),
};

describe('a verdict over all seeds', () => {
  const verdict = (...judgements: readonly Judgement[]) =>
    overall(judgements.map((judgement, seed) => ({ check: 'x', seed, judgement })));
  const good = pass('');
  const bad = fail(instant(1), 'lost');
  const unclear = inconclusive(instant(1), 'idle');

  test('passes where every seed passes', () => expect(verdict(good, good).seed).toBe(0));
  test('fails on the first seed that fails', () => {
    expect(verdict(good, unclear, bad, bad)).toMatchObject({ seed: 2, judgement: bad });
  });
  test('shows the failure with the smallest schedule, where they have schedules', () => {
    const on = (...kept: readonly number[]) =>
      failOn({ ...SCHEDULE, kept }, `of ${kept.length} troubles`);
    const verdicts = [on(0, 1), on(2), on(0), on(0, 1, 2)];
    expect(verdict(...verdicts)).toMatchObject({ seed: 1, judgement: { at: instant(5) } });
  });
  test('is inconclusive where no seed fails and one says nothing', () => {
    expect(verdict(good, unclear)).toMatchObject({ seed: 1, judgement: unclear });
  });
});

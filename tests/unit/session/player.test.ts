import { describe, expect, test } from 'vitest';
import { type Host, Player, REST_AFTER } from '../../../src/session/player.ts';
import {
  type FromWorker,
  RUN_RECORD_VERSION,
  type RunRecord,
} from '../../../src/session/protocol.ts';
import { after, type Instant, instant, START } from '../../../src/sim/instant.ts';
import { FakeCluster } from './fake-cluster.ts';

const sql = (text: string, session = 'a') =>
  ({ kind: 'sql', node: 'primary', session, sql: text }) as const;

const record = (actions: RunRecord['actions'], until: number): RunRecord => ({
  version: RUN_RECORD_VERSION,
  spec: { nodes: ['primary'], settings: {}, seed: 1 },
  actions,
  until: instant(until),
});

/** A host whose clock moves only while somebody sleeps. */
class FakeHost implements Host {
  #nowMs = 0;
  nowMs = () => this.#nowMs;
  sleep = async (ms: number) => {
    this.#nowMs += ms;
  };
}

function start(run: RunRecord) {
  const cluster = new FakeCluster();
  const messages: FromWorker[] = [];
  const player = new Player(cluster, run, new FakeHost(), (message) => messages.push(message));
  const of = <K extends FromWorker['kind']>(kind: K) =>
    messages.filter((m): m is Extract<FromWorker, { kind: K }> => m.kind === kind);
  return { cluster, player, messages, of };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('replay', () => {
  test('applies the recorded actions at their instants and stops where the run had stopped', async () => {
    const run = record(
      [
        { at: instant(500), action: sql('one') },
        { at: instant(2_000), action: sql('two') },
      ],
      9_000,
    );
    const { cluster, player, of } = start(run);
    await player.replay(run.until);
    expect(cluster.now).toBe(9_000);
    expect(cluster.statements.map((s) => [s.sql, s.sentAt, s.answeredAt])).toEqual([
      ['one', 500, 1_500],
      ['two', 2_000, 3_000],
    ]);
    expect(of('ready')).toHaveLength(1);
    expect(of('applied').map(({ index, ticket }) => [index, ticket])).toEqual([
      [0, null],
      [1, null],
    ]);
  });

  test('shows an earlier moment and keeps what lies ahead for the play', async () => {
    const run = record(
      [
        { at: instant(500), action: sql('one') },
        { at: instant(2_000), action: sql('two') },
      ],
      9_000,
    );
    const { cluster, player } = start(run);
    await player.replay(instant(1_000));
    expect(cluster.statements.map((s) => s.sql)).toEqual(['one']);
    await player.advance('next event');
    expect(cluster.now).toBe(1_500);
    await player.advance('next event');
    expect(cluster.now).toBe(2_000);
    expect(cluster.statements.map((s) => s.sql)).toEqual(['one', 'two']);
  });

  test('an action in the past takes the place of what came after it', async () => {
    const run = record(
      [
        { at: instant(500), action: sql('one') },
        { at: instant(2_000), action: sql('two') },
      ],
      9_000,
    );
    const { cluster, player, of } = start(run);
    await player.replay(instant(1_000));
    await player.act(7, sql('other'));
    await player.advance(instant(20_000));
    expect(cluster.statements.map((s) => s.sql)).toEqual(['one', 'other']);
    expect(of('applied').at(-1)).toMatchObject({ index: 1, ticket: 7, entry: { at: 1_000 } });
  });

  test('a record that does not replay says which action was refused, and why', async () => {
    const run = record(
      [
        { at: instant(5), action: sql('one') },
        { at: instant(9), action: sql('refuse') },
      ],
      10,
    );
    const { player, of } = start(run);
    await player.replay(run.until);
    expect(of('ready')).toEqual([]);
    expect(of('failed')[0]?.reason).toContain(
      'action 2 of 2 (sql, at 9 µs) is refused when it is replayed: the session is busy',
    );
  });
});

describe('a live run', () => {
  test('a refused action changes nothing and comes back with its reason', async () => {
    const { player, of, cluster } = start(record([], 0));
    await player.replay(START);
    await player.act(1, sql('refuse'));
    expect(of('refused')[0]).toMatchObject({
      ticket: 1,
      reason: 'the session is busy: cancel it first',
    });
    expect(of('applied')).toEqual([]);
    expect(cluster.statements).toEqual([]);
  });

  test('tells each statement and event once, and again only when it has changed', async () => {
    const { player, of } = start(record([], 0));
    await player.replay(START);
    await player.act(1, sql('one'));
    await player.act(2, sql('two', 'b'));
    await player.advance(instant(5_000));
    await player.advance(instant(6_000));
    expect(of('state').map((m) => m.statements.map((s) => `${s.sql} ${s.state}`))).toEqual([
      [],
      ['one running'],
      ['two running'],
      ['one done', 'two done'],
      [],
    ]);
    expect(of('state').flatMap((m) => m.events)).toHaveLength(4);
  });

  test('time runs at the chosen speed, and rests when nobody has done anything for long', async () => {
    const { player, cluster, of } = start(record([], 0));
    await player.replay(START);
    player.play(10);
    while (cluster.now < REST_AFTER) await settled();
    await settled();
    expect(cluster.now).toBe(REST_AFTER);
    expect(of('state').at(-1)?.speed).toBe(0);
    await player.act(1, sql('one'));
    while (cluster.statements[0]?.state === 'running') await settled();
    player.play(0);
    expect(cluster.now).toBeGreaterThan(REST_AFTER);
  });

  test('time does not rest before what a lab still brings', async () => {
    const { player, cluster, of } = start(record([], 0));
    cluster.eventfulUntil = instant(90_000_000);
    await player.replay(START);
    player.play(10);
    while (of('state').at(-1)?.speed !== 0 || cluster.now === START) await settled();
    expect(cluster.now).toBe(after(instant(90_000_000), REST_AFTER));
  });

  test('time stops at the very instant of what a lab’s person is to read, and goes on when told to', async () => {
    const { player, cluster, of } = start(record([], 0));
    cluster.stopsAt = [instant(2_345_678), instant(5_000_001)];
    await player.replay(START);
    for (const stop of cluster.stopsAt) {
      player.play(10);
      while (cluster.now < stop || of('state').at(-1)?.speed !== 0) await settled();
      expect(cluster.now).toBe(stop);
    }
  });

  test('a bug of the cluster ends the run with its words, once', async () => {
    const { player, of } = start(record([], 0));
    await player.replay(START);
    await player.act(1, sql('crash'));
    await player.act(2, sql('one'));
    expect(of('failed')).toEqual([{ kind: 'failed', reason: 'the cluster has a bug' }]);
    expect(of('applied')).toEqual([]);
  });

  test('the same record gives the same hashes as the run that wrote it', async () => {
    const live = start(record([], 0));
    await live.player.replay(START);
    await live.player.act(1, sql('one'));
    await live.player.advance(instant(700));
    await live.player.act(2, sql('wait', 'b'));
    await live.player.advance(instant(4_000));
    await live.player.act(3, { kind: 'cancel', node: 'primary', session: 'b' });
    const until = live.cluster.now as Instant;
    const again = start(
      record(
        live.of('applied').map(({ entry }) => entry),
        until,
      ),
    );
    await again.player.replay(until);
    expect(again.cluster.hashes()).toEqual(live.cluster.hashes());
  });
});

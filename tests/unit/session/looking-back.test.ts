import { describe, expect, test } from 'vitest';
import { readRecording, recordingText } from '../../../src/session/recording.ts';
import {
  type Seen,
  shownEvents,
  shownNow,
  shownStatements,
  shownView,
} from '../../../src/session/snapshot.ts';
import { instant } from '../../../src/sim/instant.ts';
import { page, SPEC, settled, started } from './fake-page.ts';
import { FakeShelf } from './keep/fake-shelf.ts';

describe('looking back', () => {
  async function aMomentAgo() {
    const it = await started();
    await it.sql('one');
    await it.until(5_000);
    await it.sql('wait');
    await it.until(9_000);
    await it.session.act({ kind: 'cancel', node: 'primary', session: 'a' });
    await it.until(12_000);
    return it;
  }

  test('shows what was known then, and touches no server', async () => {
    const { session, now, workers } = await aMomentAgo();
    session.look(instant(500));
    expect(shownStatements(now())).toMatchObject([{ sql: 'one', state: 'running', results: [] }]);
    session.look(instant(7_000));
    expect(shownView(now())).toMatchObject({ now: 7_000, waitingCommits: 1 });
    expect(shownStatements(now())).toMatchObject([
      { sql: 'one', state: 'done' },
      { sql: 'wait', state: 'running', waitEvent: 'SyncRep', answeredAt: null },
    ]);
    expect(shownEvents(now()).map(({ words }) => words)).toEqual([
      'sent one',
      'answered one',
      'sent wait',
    ]);
    session.look(null);
    expect(now().lookingAt).toBeNull();
    expect(shownView(now())).toMatchObject({ now: 12_000, waitingCommits: 0 });
    expect(workers).toHaveLength(1);
  });

  test('goes on to the next moment in which something changes, and to the present', async () => {
    const { session, now } = await aMomentAgo();
    session.look(instant(0));
    const seen: (number | null)[] = [];
    while (now().lookingAt !== null) {
      session.advance('next event');
      seen.push(now().lookingAt);
    }
    expect(seen).toEqual([1_000, 5_000, 9_000, null]);
  });

  test('plays the run again up to the present', async () => {
    const { session, now, tick } = await aMomentAgo();
    session.look(instant(5_000));
    session.play(0.1);
    expect(now().speed).toBe(0.1);
    await tick();
    expect(now().lookingAt).toBe(8_300);
    session.play(0);
    expect([now().speed, now().lookingAt]).toEqual([0, 8_300]);
    session.play(0.1);
    await tick();
    expect(now().lookingAt).toBe(11_600);
    await tick();
    expect(now().lookingAt).toBeNull();
  });

  test('acting there asks first, and then rebuilds the run there', async () => {
    const { session, sql, now, workers } = await aMomentAgo();
    session.look(instant(3_000));
    expect(await sql('two')).toBe(false);
    expect(now().fork).toMatchObject({ forgets: 2 });
    await session.answerFork(true);
    expect(workers).toHaveLength(2);
    expect(now().lookingAt).toBeNull();
    expect(now().record?.actions.map(({ at }) => at)).toEqual([0, 3_000]);
    expect(now().putAside?.actions).toHaveLength(3);
  });

  test('a question is answered and leaves no trace in the run', async () => {
    const { session, now } = await aMomentAgo();
    const { record, events } = now();
    expect(await session.ask('primary', 'select 1')).toMatchObject({
      results: [{ command: 'ASKED select 1, as of now' }],
      error: null,
    });
    session.look(instant(7_000));
    expect(await session.ask('primary', 'select 1')).toMatchObject({
      results: [{ command: 'ASKED select 1, as of 5000' }],
    });
    expect(now().record).toEqual(record);
    expect(now().events).toEqual(events);
  });
});

describe('where no cluster can run', () => {
  const unfit = 'This device says that it has 1 GB of memory.';

  async function aRecording(): Promise<Seen> {
    const { sql, until, now } = await started();
    await sql('one');
    await until(5_000);
    const { statements, events, messages, frames, view } = now();
    return readRecording(recordingText({ statements, events, messages, frames, view }));
  }

  test('the reason is told before anything is fetched, and a reader may try anyway', async () => {
    const { session, now, workers, sql } = page(undefined, undefined, undefined, { unfit });
    await session.offer(SPEC);
    expect(await sql('one')).toBe(false);
    expect(now()).toMatchObject({ phase: 'failed', failure: unfit, untried: true });
    expect([workers.length, session.hasRecording]).toEqual([0, false]);
    await session.start(true);
    expect(now()).toMatchObject({ phase: 'running', failure: null, untried: false });
  });

  test('a recording is stepped through and played, and nothing can be done to it', async () => {
    const recording = await aRecording();
    const it = page(undefined, undefined, undefined, { unfit, recording });
    const { session, now, sql, tick } = it;
    await session.offer(SPEC);
    await session.start();
    await session.showRecording();
    expect(now()).toMatchObject({ phase: 'recorded', lookingAt: 0, failure: unfit });
    expect(shownStatements(now())).toMatchObject([{ sql: 'one', state: 'running' }]);
    session.advance('next event');
    expect(now().lookingAt).toBe(1_000);
    expect(shownStatements(now())).toMatchObject([{ sql: 'one', state: 'done' }]);
    expect(await sql('two')).toBe(false);
    expect(now().notice).toBe(
      `This is a recording: nothing can be done to it, and nothing asked. ${unfit}`,
    );
    session.look(null);
    expect(shownNow(now())).toBe(5_000);
    session.play(0.1);
    expect(now()).toMatchObject({ lookingAt: 0, speed: 0.1 });
    await tick();
    await tick();
    expect(now()).toMatchObject({ phase: 'recorded', lookingAt: null, speed: 0 });
    expect(now().record?.actions).toEqual([]);
  });

  test('from a recording the way leads to the cluster and to one’s own run', async () => {
    const recording = await aRecording();
    const shelf = new FakeShelf();
    const before = await started(shelf);
    await before.sql('mine');
    await before.until(5_000);
    before.session.save();
    await settled();
    const { session, now } = page(shelf, undefined, undefined, { unfit, recording });
    await session.offer(SPEC);
    await session.start();
    await session.showRecording();
    session.save();
    await session.start(true);
    expect(now()).toMatchObject({ phase: 'running', lookingAt: null });
    expect(now().statements).toMatchObject([{ sql: 'mine', state: 'done' }]);
  });
});

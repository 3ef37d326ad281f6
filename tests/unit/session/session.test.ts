import { describe, expect, test } from 'vitest';
import type { EngineParts } from '../../../src/engine/postgres-module.ts';
import type { RunRecord } from '../../../src/session/protocol.ts';
import { runFileText } from '../../../src/session/run-file.ts';
import { parseRunFile } from '../../../src/session/run-file-schema.ts';
import { inThePast, shownView } from '../../../src/session/snapshot.ts';
import { instant } from '../../../src/sim/instant.ts';
import { page, SPEC, settled, started } from './fake-page.ts';
import { FakeShelf, FULL, keepsakesOn } from './keep/fake-shelf.ts';

describe('starting', () => {
  test('nothing is fetched before someone asks', async () => {
    let asked = 0;
    const { session, workers, now } = page(undefined, undefined, async () => {
      asked += 1;
      return {} as EngineParts;
    });
    await session.offer(SPEC);
    expect([asked, workers.length, now().phase]).toEqual([0, 0, 'asleep']);
    await session.start();
    expect([asked, workers.length, now().phase]).toEqual([1, 1, 'running']);
  });

  test('an action starts the cluster, even before the page has said which', async () => {
    const { session, sql, now } = page();
    const acting = sql('one');
    await settled();
    await session.offer(SPEC);
    expect(await acting).toBe(true);
    expect(now().statements[0]).toMatchObject({ sql: 'one', state: 'running' });
  });

  test('an engine that cannot be fetched says why, and is asked for again', async () => {
    let broken = true;
    const { session, now } = page(undefined, undefined, async () => {
      if (broken) throw new Error('The download broke off. Check the network and try again.');
      return {} as EngineParts;
    });
    await session.offer(SPEC);
    await session.start();
    expect(now()).toMatchObject({
      phase: 'failed',
      failure: 'The download broke off. Check the network and try again.',
    });
    broken = false;
    await session.start();
    expect(now().phase).toBe('running');
  });
});

describe('the record', () => {
  test('undo takes the last action back and leaves the rest', async () => {
    const { session, sql, now, until } = await started();
    await sql('one');
    await until(5_000);
    await sql('two');
    await until(9_000);
    await session.undo();
    expect(now().statements.map((s) => [s.sql, s.state])).toEqual([['one', 'done']]);
    expect(now().view?.now).toBe(5_000);
    expect(now().record?.until).toBe(5_000);
  });

  test('a jump keeps the run, and acting there asks first', async () => {
    const { session, sql, now, until } = await started();
    await sql('one');
    await until(5_000);
    await sql('two');
    await until(9_000);
    await session.jump(instant(3_000));
    expect(inThePast(now())).toBe(true);
    expect(now().statements.map((s) => s.sql)).toEqual(['one']);
    expect(now().record?.actions).toHaveLength(2);

    expect(await sql('three')).toBe(false);
    expect(now().fork).toMatchObject({ forgets: 1 });
    await session.answerFork(false);
    expect(now().record?.actions).toHaveLength(2);

    await sql('three');
    await session.answerFork(true);
    expect(now().record?.actions.map(({ at }) => at)).toEqual([0, 3_000]);
    expect(inThePast(now())).toBe(false);
  });

  test('a reset puts the run aside, and it can be brought back', async () => {
    const { session, sql, now, until } = await started();
    await sql('one');
    await until(5_000);
    await session.startAnew();
    expect(now().statements).toEqual([]);
    expect(now().view?.now).toBe(0);
    await session.exchange.bringBack();
    expect(now().statements).toMatchObject([{ sql: 'one', state: 'done' }]);
    expect(now().view?.now).toBe(5_000);
  });

  test('a jump back to the end shows the run as it was', async () => {
    const { session, sql, now, until } = await started();
    await sql('one');
    await until(5_000);
    const before = now().statements;
    await session.jump(instant(1_000));
    await session.jump(instant(5_000));
    expect(now().statements).toEqual(before);
    expect(inThePast(now())).toBe(false);
  });

  test('a refused action is told in words and not recorded', async () => {
    const { sql, now } = await started();
    expect(await sql('refuse')).toBe(false);
    expect(now().notice).toBe('the session is busy: cancel it first');
    expect(now().record?.actions).toEqual([]);
  });

  test('an exported run carries its hashes and can be imported elsewhere', async () => {
    const { session, sql, until } = await started();
    await sql('one');
    await until(5_000);
    const text = (await session.exportRun()) ?? '';
    expect(parseRunFile(text).hashes?.wal).toBe('1');
    const other = await started();
    await other.session.exchange.read(text, 'run.json');
    expect(other.now().incoming?.record.actions).toHaveLength(1);
    expect(other.now().statements).toEqual([]);
    await other.session.exchange.answer(true);
    expect(other.now().statements).toMatchObject([{ sql: 'one', state: 'done' }]);
    await other.session.exchange.read('{}', 'run.json');
    expect(other.now().notice).toContain('Not a run that can be replayed');
    expect(other.now().statements).toHaveLength(1);
  });
});

describe('a run that is only shown', () => {
  const killed = { at: instant(500), action: { kind: 'kill', node: 'primary' } } as const;
  const record: RunRecord = { version: 1, spec: SPEC, actions: [killed], until: instant(9_000) };

  test('opens whole, at the moment that is to be seen, and stands still', async () => {
    const shelf = new FakeShelf();
    const { session, now } = page(shelf);
    await session.exhibit(record, instant(700), 'This is a graded run.');
    expect(shownView(now())?.now).toBe(700);
    expect(now().view?.now).toBe(9_000);
    expect(now().speed).toBe(0);
    session.look(null);
    session.save();
    await settled();
    expect(shelf.items.size).toBe(0);
  });

  test('comes back whole, should its worker die while it is opened', async () => {
    const { session, now, workers } = page();
    const opened = session.exhibit(record, instant(700), 'This is a graded run.');
    while (workers.length === 0) await Promise.resolve();
    expect(now().phase).toBe('opening');
    workers[0]?.die('the browser has ended its worker');
    await opened;
    expect(shownView(now())?.now).toBe(700);
    expect(now().view?.now).toBe(9_000);
  });

  test('takes nothing: what it is is told instead', async () => {
    const { session, now, sql } = page();
    await session.exhibit(record, instant(700), 'This is a graded run.');
    expect(await sql('one')).toBe(false);
    await session.undo();
    await session.startAnew();
    expect(now().notice).toBe('This is a graded run.');
    expect(now().record?.actions).toEqual([killed]);
    expect(now().fork).toBeNull();
  });
});

describe('on this device', () => {
  test('a run is kept and offered when the page comes again', async () => {
    const first = await started();
    await first.sql('one');
    await first.until(5_000);
    first.session.save();
    await settled();
    const second = page(first.shelf);
    await second.session.offer(SPEC);
    expect(second.now().saved).toEqual({ actions: 1, until: 5_000, otherCluster: false });
    await second.session.start();
    expect(second.now().statements).toMatchObject([{ sql: 'one', state: 'done' }]);
    expect(second.now().view?.now).toBe(5_000);
  });

  test('a run of a cluster that has changed since is named as such', async () => {
    const first = await started();
    await first.sql('one');
    const second = page(first.shelf);
    await second.session.offer({ ...SPEC, seed: 2 });
    expect(second.now().saved?.otherCluster).toBe(true);
    await second.session.startAnew();
    expect(second.now().record?.spec.seed).toBe(2);
    expect(second.now().statements).toEqual([]);
    expect(second.now().putAside?.actions).toHaveLength(1);
  });

  test('a full storage is told in words and the work goes on', async () => {
    const { sql, now, shelf } = await started();
    shelf.refusal = FULL;
    expect(await sql('one')).toBe(true);
    await settled();
    expect(now().unsaved).toContain('storage for the site is full');
    expect(await sql('two', 'b')).toBe(true);
  });

  test('a saved run that cannot be read is told and put aside', async () => {
    const shelf = new FakeShelf();
    const text = '{"record":{"version":9,"actions":[],"until":0}}';
    await keepsakesOn(shelf).keep('run', 'durability', text);
    const { session, now } = page(shelf);
    await session.offer(SPEC);
    expect(now().notice).toContain('version 9');
    expect(now().earlier).toMatchObject([{ why: 'unfit' }]);
    await session.start();
    expect(now().phase).toBe('running');
    expect(await session.exchange.earlierText(now().earlier[0]?.of ?? '')).toBe(text);
  });
});

describe('a worker that is held up or dies', () => {
  test('Stop restores the run to just before the statement, with all that was answered', async () => {
    const { session, sql, now, until, workers } = await started();
    await sql('one');
    await until(5_000);
    void sql('runaway');
    await settled();
    workers[0]?.listener.silent(true);
    expect(now().busy).toBe(true);
    await session.stop();
    expect(workers.map((w) => w.ended)).toEqual([true, false]);
    expect(now().phase).toBe('running');
    expect(now().statements).toMatchObject([{ sql: 'one', state: 'done' }]);
    expect(now().view?.now).toBe(5_000);
    expect(now().notice).toBe(
      'Stopped. The run is restored to just before the statement that kept it busy. Nothing that had been answered is lost.',
    );
    expect(now().stopped).toMatchObject([{ sql: 'runaway', session: 'a', at: 5_000 }]);
    expect(now().stopped[0]?.reason).toContain('as if it had never been sent');
    expect(await sql('two')).toBe(true);
  });

  test('a statement that was recorded and holds the worker up later is left out of the record', async () => {
    const { session, sql, now, until, workers } = await started();
    await sql('one');
    await sql('two, slow', 'b');
    await until(500);
    workers[0]?.listener.silent(true);
    await session.stop();
    expect(now().record?.actions).toHaveLength(1);
    expect(now().stopped).toMatchObject([{ sql: 'two, slow' }]);
  });

  test('a question that keeps it busy is stopped, and no statement is blamed for it', async () => {
    const { session, sql, now, workers } = await started();
    await sql('wait');
    const asked = session.ask('primary', 'runaway');
    await settled();
    workers[0]?.listener.silent(true);
    await session.stop();
    expect((await asked).error?.sqlstate).toBe('57014');
    expect(now().statements).toMatchObject([{ sql: 'wait', state: 'running' }]);
    expect(now().stopped).toEqual([]);
  });

  test('a worker that dies while idle comes back with every statement', async () => {
    const { sql, now, until, workers } = await started();
    await sql('one');
    await until(5_000);
    workers[0]?.die('the browser has ended its worker');
    await settled();
    await settled();
    expect(now().phase).toBe('running');
    expect(now().statements).toMatchObject([{ sql: 'one', state: 'done' }]);
    expect(now().stopped).toEqual([]);
    expect(now().notice).toContain('ended by itself: the browser has ended its worker');
  });

  test('a worker that dies again at once is not started a third time, and the run is kept', async () => {
    const { session, sql, now, workers } = await started();
    await sql('one');
    workers[0]?.die('out of memory');
    await settled();
    workers[1]?.die('out of memory');
    await settled();
    expect(workers).toHaveLength(2);
    expect(now()).toMatchObject({ phase: 'failed' });
    expect(now().failure).toContain('twice');
    expect((now().record as RunRecord).actions).toHaveLength(1);
    await session.start();
    expect(now().phase).toBe('running');
  });

  test('an exported run of a dead cluster has no hashes but all actions', async () => {
    const { session, sql, workers } = await started();
    await sql('one');
    workers[0]?.die('out of memory');
    await settled();
    workers[1]?.die('out of memory');
    await settled();
    const file = parseRunFile((await session.exportRun()) ?? '');
    expect(file.record.actions).toHaveLength(1);
    expect(file.hashes).toBeNull();
  });
});

test('the file text of a run says what it is', () => {
  expect(runFileText({ version: 1, spec: SPEC, actions: [], until: instant(0) }, null)).toContain(
    '"format": "standby run"',
  );
});

test('where the code that shows a run does not come through, that is told, and it is asked for again', async () => {
  let online = false;
  const { session, now } = page(undefined, undefined, undefined, {
    fetchCode: async () => {
      if (!online) throw new TypeError('error loading dynamically imported module');
    },
  });
  await session.offer(SPEC);
  const first = session.start();
  await Promise.resolve();
  expect(now().phase).toBe('loading');
  await first;
  expect(now()).toMatchObject({ phase: 'failed', failure: expect.stringMatching(/broke off/) });
  online = true;
  await session.start();
  expect(now().phase).toBe('running');
});

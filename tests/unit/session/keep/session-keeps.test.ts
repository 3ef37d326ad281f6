import { describe, expect, test } from 'vitest';
import { earlierPlace } from '../../../../src/session/keep/earlier-run.ts';
import type { RunRecord } from '../../../../src/session/protocol.ts';
import { runFileText } from '../../../../src/session/run-file.ts';
import { parseRunFile } from '../../../../src/session/run-file-schema.ts';
import { instant } from '../../../../src/sim/instant.ts';
import { page, SPEC, settled, started } from '../fake-page.ts';
import { FakeShelf, FULL, keepsakesOn } from './fake-shelf.ts';
import { FakeTabs } from './fake-tabs.ts';

const statementsOf = (record: RunRecord | null | undefined) =>
  record?.actions.map(({ action }) => (action.kind === 'sql' ? action.sql : action.kind));

/** The statements of the run that a device opens the figure with. */
async function kept(shelf: FakeShelf): Promise<readonly string[] | undefined> {
  const run = await keepsakesOn(shelf).read('run', 'durability');
  return run ? statementsOf(parseRunFile(run.contents).record) : undefined;
}

const earlier = async (shelf: FakeShelf) =>
  (await keepsakesOn(shelf).list('earlier')).map(({ contents: { text, why } }) => ({
    why,
    statements: statementsOf(parseRunFile(text).record),
  }));

const run = (sql: string, spec: RunRecord['spec'] = SPEC): RunRecord => ({
  version: 1,
  spec,
  actions: [{ at: instant(0), action: { kind: 'sql', node: 'primary', session: 'a', sql } }],
  until: instant(9_000),
});

describe('runs that are put aside', () => {
  test('outlive the page, with the reason', async () => {
    const { session, sql, until, shelf, now } = await started();
    await sql('one');
    await until(5_000);
    await session.startAnew();
    await sql('two');
    await settled();
    expect(await kept(shelf)).toEqual(['two']);
    expect(await earlier(shelf)).toEqual([{ why: 'reset', statements: ['one'] }]);
    expect(now().earlier).toMatchObject([{ why: 'reset', actions: 1, until: 5_000, unfit: null }]);
  });

  test('are exchanged for the present one, which then is put aside', async () => {
    const { session, sql, shelf, now } = await started();
    await sql('one');
    await session.startAnew();
    await sql('two');
    await session.exchange.openEarlier(now().earlier[0]?.of ?? '');
    session.save();
    await settled();
    expect(await kept(shelf)).toEqual(['one']);
    expect(await earlier(shelf)).toEqual([{ why: 'exchange', statements: ['two'] }]);
  });

  test('include what a fork has left behind', async () => {
    const { session, sql, until, shelf } = await started();
    await sql('one');
    await until(5_000);
    await sql('two');
    await until(9_000);
    await session.jump(instant(3_000));
    await sql('three');
    await session.answerFork(true);
    await settled();
    expect(await kept(shelf)).toEqual(['one', 'three']);
    expect(await earlier(shelf)).toEqual([{ why: 'fork', statements: ['one', 'two'] }]);
  });

  test('go only when the reader deletes them', async () => {
    const { session, sql, shelf, now } = await started();
    await sql('one');
    await session.startAnew();
    await session.exchange.deleteEarlier(now().earlier[0]?.of ?? '');
    expect(now().earlier).toEqual([]);
    expect(await earlier(shelf)).toEqual([]);
  });

  test('are never overwritten while the storage is full', async () => {
    const { session, sql, shelf } = await started();
    await sql('one');
    await settled();
    shelf.refusal = FULL;
    await session.startAnew();
    await sql('two');
    await settled();
    expect(await kept(shelf)).toEqual(['one']);
    shelf.refusal = null;
    await sql('three', 'b');
    await settled();
    expect(await kept(shelf)).toEqual(['two', 'three']);
    expect(await earlier(shelf)).toEqual([{ why: 'reset', statements: ['one'] }]);
  });

  test('include a saved run when the figure starts anew at once', async () => {
    const first = await started();
    await first.sql('one');
    await settled();
    const second = page(first.shelf);
    await second.session.offer(SPEC);
    await second.session.startAnew();
    await second.sql('two');
    await settled();
    expect(await earlier(first.shelf)).toEqual([{ why: 'reset', statements: ['one'] }]);
  });
});

describe('a new version of a lab', () => {
  const lab = (version: number) => ({ lab: 'stuck-commits', version, seed: 1 });

  test('leaves the old work to be taken away, and says why it does not open', async () => {
    const shelf = new FakeShelf();
    const text = runFileText(run('one', lab(1)), null);
    await keepsakesOn(shelf).keep('run', 'durability', text);
    const { session, now, sql } = page(shelf);
    await session.offer(lab(2));
    expect(now().saved).toBeNull();
    expect(now().notice).toContain('of version 1 of this lab, which is now version 2');
    expect(now().notice).toContain('Earlier work');
    await session.start();
    await sql('two');
    await settled();
    expect(await kept(shelf)).toEqual(['two']);
    expect(now().earlier).toMatchObject([
      { of: earlierPlace('durability', text), why: 'unfit', actions: 1 },
    ]);
    expect(now().earlier[0]?.unfit).toContain('version 1');
    expect(await session.exchange.earlierText(earlierPlace('durability', text))).toBe(text);
  });

  test('takes no run of another lab, of no lab, or of another version from a file', async () => {
    const { session, now } = page();
    await session.offer(lab(2));
    for (const [other, words] of [
      [run('x', lab(3)), 'it is of version 3 of this lab, which is now version 2'],
      [run('x', { ...lab(2), lab: 'other' }), 'it is a run of the lab other'],
      [run('x'), 'it is not a run of a lab'],
    ] as const) {
      await session.exchange.read(runFileText(other, null), 'run.json');
      expect(now().notice).toContain(words);
    }
    expect(now().incoming).toBeNull();
  });
});

describe('an import', () => {
  test('opens nothing before the reader has said so, and puts the open run aside', async () => {
    const { session, sql, now, shelf } = await started();
    await sql('mine');
    await session.exchange.read(runFileText(run('theirs'), null, instant(4_000)), 'run.json');
    expect(statementsOf(now().incoming?.record)).toEqual(['theirs']);
    expect(statementsOf(now().record)).toEqual(['mine']);
    await session.exchange.answer(false);
    expect(now().incoming).toBeNull();
    expect(statementsOf(now().record)).toEqual(['mine']);

    await session.exchange.read(runFileText(run('theirs'), null, instant(4_000)), 'run.json');
    await session.exchange.answer(true);
    expect(statementsOf(now().record)).toEqual(['theirs']);
    expect(now().view?.now).toBe(4_000);
    expect(await earlier(shelf)).toEqual([{ why: 'import', statements: ['mine'] }]);
  });

  test('that is refused names the file', async () => {
    const { session, now } = await started();
    await session.exchange.read('{"format":"standby ru', 'cut.json');
    expect(now().notice).toMatch(/^cut\.json: The file is not JSON/);
  });
});

describe('a shared run', () => {
  async function shared(shelf = new FakeShelf()) {
    await keepsakesOn(shelf).keep('run', 'durability', runFileText(run('mine'), null));
    const it = page(shelf);
    await it.session.offer(SPEC);
    await it.session.exchange.offerShared({ record: run('theirs'), at: instant(4_000) });
    return it;
  }

  test('opens at its moment, and leaves the reader’s own run as it is', async () => {
    const { session, now, shelf } = await shared();
    expect(now().phase).toBe('asleep');
    expect(now().saved?.actions).toBe(1);
    await session.start();
    expect(now().view?.now).toBe(4_000);
    expect(now().record?.until).toBe(9_000);
    session.save();
    await settled();
    expect(await kept(shelf)).toEqual(['mine']);
    expect(await earlier(shelf)).toEqual([]);
  });

  test('is left for the reader’s own', async () => {
    const { session, now, shelf } = await shared();
    await session.start();
    await session.exchange.leaveShared();
    expect(statementsOf(now().record)).toEqual(['mine']);
    expect(now().shared).toBeNull();
    expect(await kept(shelf)).toEqual(['mine']);
  });

  test('becomes the reader’s own with her first action', async () => {
    const { session, sql, until, now, shelf } = await shared();
    await session.start();
    await until(9_000);
    await sql('more');
    await settled();
    expect(now().shared).toBeNull();
    expect(await kept(shelf)).toEqual(['theirs', 'more']);
    expect(await earlier(shelf)).toEqual([{ why: 'shared run', statements: ['mine'] }]);
  });

  test('is reset to a new run without losing the reader’s own', async () => {
    const { session, sql, shelf } = await shared();
    await session.start();
    await session.startAnew();
    await sql('new');
    await settled();
    expect(await kept(shelf)).toEqual(['new']);
    expect(await earlier(shelf)).toContainEqual({ why: 'shared run', statements: ['mine'] });
  });

  test('that comes while another run is open saves that one first', async () => {
    const { session, sql, now, shelf } = await started();
    await sql('mine');
    await session.exchange.offerShared({ record: run('theirs'), at: instant(0) });
    expect(now().phase).toBe('asleep');
    expect(now().saved?.actions).toBe(1);
    expect(await kept(shelf)).toEqual(['mine']);
  });
});

describe('two tabs with the same figure', () => {
  test('the second one works on a copy, says so, and saves nothing', async () => {
    const tabs = new FakeTabs();
    const first = await started(undefined, tabs);
    await first.sql('one');
    await settled();
    const second = await started(first.shelf, tabs);
    expect(first.now().elsewhere).toBe(false);
    expect(second.now().elsewhere).toBe(true);
    expect(statementsOf(second.now().record)).toEqual(['one']);
    await second.sql('two');
    second.session.save();
    await settled();
    expect(await kept(first.shelf)).toEqual(['one']);
  });

  test('the second one takes over, with what the first had saved last', async () => {
    const tabs = new FakeTabs();
    const first = await started(undefined, tabs);
    await first.sql('one');
    await settled();
    const second = await started(first.shelf, tabs);
    await first.sql('two', 'b');
    await second.session.exchange.takeOver();
    expect(statementsOf(second.now().record)).toEqual(['one', 'two']);
    expect([first.now().elsewhere, second.now().elsewhere]).toEqual([true, false]);
    await second.sql('three', 'c');
    await first.sql('lost', 'c');
    await settled();
    expect(await kept(first.shelf)).toEqual(['one', 'two', 'three']);
  });

  test('both have gone on: the one that takes over keeps its run, the other’s is put aside', async () => {
    const tabs = new FakeTabs();
    const first = await started(undefined, tabs);
    await first.sql('one');
    await settled();
    const second = await started(first.shelf, tabs);
    await first.sql('first', 'b');
    await second.sql('second', 'b');
    await second.session.exchange.takeOver();
    await settled();
    expect(await kept(first.shelf)).toEqual(['one', 'second']);
    expect(await earlier(first.shelf)).toEqual([
      { why: 'other tab', statements: ['one', 'first'] },
    ]);
  });
});

test('the browser is asked to keep the storage once there is something to lose', async () => {
  const { sql, asked } = await started();
  for (const name of ['a', 'b', 'c', 'd']) await sql('one', name);
  await settled();
  expect(asked()).toBe(0);
  await sql('one', 'e');
  await settled();
  expect(asked()).toBeGreaterThan(0);
});

test('a run that is not saved says so until it is', async () => {
  const { session, sql, now, shelf } = await started();
  shelf.refusal = FULL;
  await sql('one');
  await settled();
  expect(now().unsaved).toBe('this browser’s storage for the site is full');
  shelf.refusal = null;
  session.save();
  await settled();
  expect(now().unsaved).toBeNull();
});

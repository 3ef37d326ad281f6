import { describe, expect, test } from 'vitest';
import { Drafts } from '../../../../src/session/keep/drafts.ts';
import { Keepsakes } from '../../../../src/session/keep/keepsakes.ts';
import { takeOver } from '../../../../src/session/keep/old-storage.ts';
import { FakeShelf, FULL, keepsakesOn, seconds } from './fake-shelf.ts';

describe('what is kept', () => {
  test('comes back with the time at which it was kept', async () => {
    const kept = keepsakesOn(new FakeShelf());
    expect(await kept.read('hints', 'stuck-commits')).toBeNull();
    expect(await kept.keep('hints', 'stuck-commits', 2)).toBeNull();
    expect(await kept.read('hints', 'stuck-commits')).toEqual({
      version: 1,
      kind: 'hints',
      of: 'stuck-commits',
      savedAt: '2026-01-01T00:00:01.000Z',
      contents: 2,
    });
  });

  test('is listed by kind, in the order of time', async () => {
    const kept = keepsakesOn(new FakeShelf());
    await kept.keep('draft', 'b', 'select');
    await kept.keep('hints', 'a', 1);
    await kept.keep('draft', 'a', 'insert');
    expect((await kept.list('draft')).map(({ of }) => of)).toEqual(['b', 'a']);
    expect(await kept.list()).toHaveLength(3);
  });

  test('can be refused: in words, and all or nothing', async () => {
    const shelf = new FakeShelf();
    const kept = keepsakesOn(shelf);
    await kept.keep('hints', 'a', 1);
    shelf.refusal = FULL;
    expect(await kept.keep('hints', 'a', 2)).toContain('storage for the site is full');
    shelf.refusal = new DOMException('no', 'SecurityError');
    expect(await kept.forget('hints', 'a')).toContain('forbids the site to store anything');
    expect((await kept.read('hints', 'a'))?.contents).toBe(1);
  });

  test('is read at the second try, and never written over where it could not be read', async () => {
    const shelf = new FakeShelf();
    await keepsakesOn(shelf).keep('run', 'a', 'an hour of work');
    const kept = keepsakesOn(shelf);
    shelf.blindFor = 1;
    expect((await kept.read('run', 'a'))?.contents).toBe('an hour of work');
    shelf.blindFor = 2;
    expect(await kept.read('run', 'a')).toBeNull();
    expect(await kept.keep('run', 'a', 'nothing yet')).toContain('load the page again');
    expect(await kept.keep('run', 'b', 'another')).toBeNull();
    expect((await kept.read('run', 'a'))?.contents).toBe('an hour of work');
    expect(await kept.keep('run', 'a', 'and more')).toBeNull();
  });

  test('in another version of the envelope is left alone', async () => {
    const shelf = new FakeShelf();
    shelf.items.set('hints/a', { version: 2, kind: 'hints', of: 'a', contents: 3 });
    const kept = keepsakesOn(shelf);
    expect(await kept.read('hints', 'a')).toBeNull();
    expect(await kept.list()).toEqual([]);
    expect(shelf.items.size).toBe(1);
  });
});

describe('drafts', () => {
  function page() {
    const shelf = new FakeShelf();
    const tasks: (() => void)[] = [];
    const drafts = new Drafts(keepsakesOn(shelf), (task) => tasks.push(task));
    const rest = async () => {
      for (const task of tasks.splice(0)) task();
      await Promise.resolve();
    };
    return { shelf, drafts, rest };
  }

  test('are kept when typing rests, and at once when the page is left', async () => {
    const { shelf, drafts, rest } = page();
    drafts.write('streaming', 'primary a', 'sel');
    drafts.write('streaming', 'primary a', 'select 1');
    expect(await drafts.read('streaming', 'primary a')).toBe('select 1');
    expect(shelf.items.size).toBe(0);
    await rest();
    expect(await drafts.read('streaming', 'primary a')).toBe('select 1');
    expect(shelf.items.get('draft/streaming/primary a')).toMatchObject({ contents: 'select 1' });
    drafts.write('streaming', 'primary b', 'x');
    drafts.flush();
    await rest();
    expect(shelf.items.get('draft/streaming/primary b')).toMatchObject({ contents: 'x' });
  });

  test('that are empty are forgotten', async () => {
    const { shelf, drafts, rest } = page();
    drafts.write('streaming', 'primary a', 'x');
    await rest();
    drafts.write('streaming', 'primary a', '');
    await rest();
    expect(await drafts.read('streaming', 'primary a')).toBe('');
    expect(shelf.items.size).toBe(0);
  });
});

describe('what the first edition kept in localStorage', () => {
  /** Keys are its own properties, as a browser's are. */
  function storage(items: Record<string, string>): Storage {
    return Object.assign(
      Object.create({
        getItem(key: string) {
          return (this as unknown as Record<string, string>)[key] ?? null;
        },
        removeItem(key: string) {
          delete (this as unknown as Record<string, string>)[key];
        },
      }),
      items,
    );
  }
  const run = '{"format":"standby run"}';
  const answers = [{ at: '2026-01-01T00:00:00.000Z', chosen: ['a'], right: true }];
  const old = {
    'standby.run.durability.v1': run,
    'standby.quiz.r1-who-writes': JSON.stringify({ version: 1, answers }),
    'standby.predict.d2': '{"chosen":["on"],"sure":"a guess"}',
    'standby.predict.broken': '{',
    theme: 'dark',
  };
  const takenOver = (from: Storage, shelf: FakeShelf) =>
    new Keepsakes(shelf, seconds(), (it) => takeOver(() => from, it, '2026-01-01T00:00:00.000Z'));

  test('is taken over once, and what is not understood stays', async () => {
    const from = storage(old);
    const kept = takenOver(from, new FakeShelf());
    expect((await kept.read('run', 'durability'))?.contents).toBe(run);
    expect((await kept.read('quiz', 'r1-who-writes'))?.contents).toEqual(answers);
    expect((await kept.read('prediction', 'd2'))?.contents.sure).toBe('a guess');
    expect(Object.keys(from)).toEqual(['standby.predict.broken', 'theme']);
  });

  test('stays where it is as long as the new place refuses', async () => {
    const from = storage(old);
    const shelf = new FakeShelf();
    shelf.refusal = FULL;
    expect(await takenOver(from, shelf).read('run', 'durability')).toBeNull();
    expect(Object.keys(from)).toHaveLength(5);
  });

  test('never replaces what is kept already', async () => {
    const from = storage(old);
    const shelf = new FakeShelf();
    await keepsakesOn(shelf).keep('run', 'durability', 'newer');
    const kept = takenOver(from, shelf);
    expect((await kept.read('run', 'durability'))?.contents).toBe('newer');
    expect((await kept.list('earlier')).map(({ contents }) => contents.text)).toEqual([run]);
    expect(Object.keys(from)).not.toContain('standby.run.durability.v1');
  });

  test('does not matter where the browser forbids to look', async () => {
    const kept = new Keepsakes(new FakeShelf(), seconds(), (it) =>
      takeOver(
        () => {
          throw new DOMException('denied', 'SecurityError');
        },
        it,
        '',
      ),
    );
    expect(await kept.keep('hints', 'a', 1)).toBeNull();
  });
});

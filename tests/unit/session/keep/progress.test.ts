import { describe, expect, test } from 'vitest';
import type { Contents, Keepsake, Kind } from '../../../../src/session/keep/keepsake.ts';
import { progressText } from '../../../../src/session/keep/progress-file.ts';
import { parseProgressFile } from '../../../../src/session/keep/progress-file-schema.ts';
import { ProgressImport } from '../../../../src/session/keep/progress-import.ts';
import { changeOf } from '../../../../src/session/keep/progress-preview.ts';
import type { RunRecord } from '../../../../src/session/protocol.ts';
import { runFileText } from '../../../../src/session/run-file.ts';
import { instant, NEVER } from '../../../../src/sim/instant.ts';
import { started } from '../fake-page.ts';
import { FakeShelf, FULL, keepsakesOn } from './fake-shelf.ts';
import { FakeTabs } from './fake-tabs.ts';

const NOW = '2026-11-26T15:00:00.000Z';
const LATER = '2026-11-26T16:00:00.000Z';

function kept<K extends Kind>(kind: K, of: string, contents: Contents[K], savedAt = NOW): Keepsake {
  return { version: 1, kind, of, savedAt, contents } as unknown as Keepsake;
}

const runOf = (...statements: readonly string[]): RunRecord => ({
  version: 1,
  spec: { nodes: ['primary'], settings: {}, seed: 1 },
  actions: statements.map((sql, i) => ({
    at: instant(i * 10),
    action: { kind: 'sql', node: 'primary', session: 'a', sql },
  })),
  until: instant(statements.length * 10),
});

const textOf = (...statements: readonly string[]) => runFileText(runOf(...statements), null);
const answer = (at: string, right = true) => ({ at, chosen: ['a'], right });

const record: RunRecord = {
  ...runOf('select 1'),
  spec: { lab: 'stuck-commits', version: 1, seed: 7 },
  actions: [{ at: instant(5), action: { kind: 'fsync', node: 'standby1', time: NEVER } }],
};

const everything: readonly Keepsake[] = [
  kept('run', 'durability', textOf('one', "select '<script>alert(1)</script>'")),
  kept('earlier', 'durability/0a', {
    text: textOf('old'),
    why: 'reset',
    actions: 1,
    until: instant(10),
  }),
  kept('draft', 'durability/primary a', 'select 1 \u0000\u202e'),
  kept('prediction', 'd2-level', { chosen: ['on'], sure: 'a guess' }),
  kept('quiz', 'r1-who-writes', [answer(NOW, false), answer(LATER)]),
  kept('hints', 'stuck-commits', 2),
  kept('lab', 'stuck-commits', {
    attempts: 3,
    solutionShown: false,
    checked: {
      record,
      hashes: { trace: 'a', wal: 'b' },
      verdicts: [
        { check: 'moving', seed: 7, judgement: { outcome: 'pass', words: 'It moves.' } },
        {
          check: 'nothing-lost',
          seed: 8,
          judgement: { outcome: 'fail', words: 'payment 3 is gone', at: instant(9) },
        },
        {
          check: 'one-primary',
          seed: 8,
          judgement: {
            ...{ outcome: 'fail', words: 'two took writes', at: instant(9) },
            schedule: {
              tried: { kind: 'governor', yml: 'scope: cafe', route: 'any' },
              ...{ number: 7, kept: [0, 2], of: 3, invariant: 'one primary', at: instant(9) },
            },
          },
        },
      ],
      graded: [record],
    },
  }),
  kept('reading', 'durability', { section: 'a', seen: ['a', 'b'], sections: 5 }),
  kept('placement', 'course', { 'work-wish': 'price', 'know-lsn': 'right' }),
];

const parse = (text: string) => parseProgressFile(text, 'mine.json');

describe('a progress file', () => {
  test('holds everything that is kept, and gives it back as it was', () => {
    expect(parse(progressText(everything, NOW))).toEqual({
      savedAt: NOW,
      items: everything,
      refused: [],
    });
  });

  test('leaves behind what belongs to the device alone', () => {
    const replaced = kept('replaced', NOW, { file: 'x', before: [], took: [] });
    expect(parse(progressText([replaced], NOW)).items).toEqual([]);
  });

  test.each([
    ['cut', progressText(everything, NOW).slice(0, -40), /its end is missing/],
    ['empty', '', /is not JSON/],
    ['something else', '{"a":1}', /holds no progress: at the file as a whole|at format/],
    ['null', 'null', /holds no progress/],
    [
      'of another version',
      progressText([], NOW).replace('"version": 1', '"version": 2'),
      /has format version 2; this page reads version 1\. Keep the file/,
    ],
    ['one run', textOf('one'), /holds one run, not all of your work.*Import run/],
    [
      'with more at its top than there is',
      progressText([], NOW).replace('"items"', '"script": "alert(1)", "items"'),
      /at the file as a whole: Unrecognized key/,
    ],
    [
      'with a prototype at its top',
      progressText([], NOW).replace('"items"', '"__proto__": {"polluted": true}, "items"'),
      /at the file as a whole: Unrecognized key/,
    ],
  ])('that is %s is refused with its name, the place and what to do', (_, text, words) => {
    expect(() => parse(text)).toThrow(words);
    expect(() => parse(text)).toThrow(/^mine\.json /);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('that is too large is not even read', () => {
    const long = { length: 100_000_001 } as string;
    expect(() => parse(long)).toThrow(/holds 100,000,001 characters/);
  });

  test.each([
    ['an unknown kind', { ...everything[0], kind: 'spell' }, /items → 1: at kind/],
    ['no place', { ...everything[0], of: '' }, /items → 1: at of/],
    ['no time', { ...everything[0], savedAt: 'today' }, /items → 1: at savedAt/],
    ['another envelope', { ...everything[0], version: 9 }, /items → 1: at version/],
    ['no number of hints', { ...everything[5], contents: 'all' }, /items → 1: at contents/],
    ['hints below none', { ...everything[5], contents: -1 }, /items → 1: at contents/],
    [
      'a prototype',
      JSON.parse('{"__proto__":{"polluted":1},"kind":"hints"}'),
      /items → 1: .*Unrecognized key: "__proto__"|items → 1/,
    ],
    [
      'a choice that is no word',
      { ...everything[8], contents: { a: 1 } },
      /items → 1: at contents/,
    ],
    ['the same again', everything[3], /items → 1: the same as one above it/],
    ['no thing at all', [], /items → 1/],
    [
      'a lab’s run of another version',
      {
        ...everything[6],
        contents: {
          attempts: 1,
          solutionShown: false,
          checked: {
            ...(everything[6] as Keepsake<'lab'>).contents.checked,
            graded: [{ ...record, version: 2 }],
          },
        },
      },
      /items → 1: at contents → checked → graded → 0 → version/,
    ],
  ])('with %s in it names that place, and the rest can be used', (_, item, words) => {
    const text = progressText([everything[3] as Keepsake, item as Keepsake], NOW);
    const { items, refused } = parse(text);
    expect(items).toEqual([everything[3]]);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatch(words);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('keeps names that are those of a prototype harmless', () => {
    const odd = [kept('quiz', '__proto__', [answer(NOW)]), kept('hints', 'constructor', 1)];
    const { items, refused } = parse(progressText(odd, NOW));
    expect([items, refused]).toEqual([odd, []]);
  });
});

describe('how the file stands to the device', () => {
  const standing = (file: Keepsake, device: Keepsake | null) => changeOf(file, device).standing;
  const run = (...statements: string[]) => kept('run', 'durability', textOf(...statements));

  test.each([
    ['a run that the device has not', run('a'), null, 'new'],
    ['the same run', run('a'), run('a'), 'same'],
    ['a run that goes on from the device’s', run('a', 'b'), run('a'), 'newer'],
    ['a run that the device’s goes on from', run('a'), run('a', 'b'), 'older'],
    ['two runs that have parted', run('a', 'c'), run('a', 'b'), 'conflict'],
    [
      'the same text put aside',
      kept('earlier', 'x/1', { text: 'x', why: 'reset', actions: 0, until: instant(0) }, LATER),
      kept('earlier', 'x/1', { text: 'x', why: 'fork', actions: 0, until: instant(0) }),
      'same',
    ],
    ['more hints', kept('hints', 'x', 2), kept('hints', 'x', 1), 'newer'],
    ['fewer hints', kept('hints', 'x', 1), kept('hints', 'x', 2), 'older'],
    [
      'answers that the device has not',
      kept('quiz', 'q', [answer(LATER)]),
      kept('quiz', 'q', [answer(NOW)]),
      'newer',
    ],
    [
      'some of the device’s answers',
      kept('quiz', 'q', [answer(NOW)]),
      kept('quiz', 'q', [answer(NOW), answer(LATER)]),
      'older',
    ],
    ['a draft of later', kept('draft', 'x', 'a', LATER), kept('draft', 'x', 'b', NOW), 'newer'],
    ['a draft of before', kept('draft', 'x', 'a', NOW), kept('draft', 'x', 'b', LATER), 'older'],
    [
      'another draft of the same time',
      kept('draft', 'x', 'a'),
      kept('draft', 'x', 'b'),
      'conflict',
    ],
  ])('%s', (_, file, device, expected) => {
    expect(standing(file, device)).toBe(expected);
  });

  test('fields in another order are the same thing', () => {
    const file = kept('prediction', 'p', { sure: 'a guess', chosen: ['on'] });
    const device = kept('prediction', 'p', { chosen: ['on'], sure: 'a guess' });
    expect(standing(file, device)).toBe('same');
  });
});

describe('an import', () => {
  async function device(...items: readonly Keepsake[]) {
    const shelf = new FakeShelf();
    const keepsakes = keepsakesOn(shelf);
    await keepsakes.change(items, []);
    return { shelf, keepsakes, work: new ProgressImport(keepsakes, new FakeTabs().open()) };
  }
  const contentsOf = (shelf: FakeShelf) =>
    Object.fromEntries(
      [...shelf.items]
        .filter(([key]) => !key.startsWith('replaced/'))
        .map(([key, value]) => [key, (value as Keepsake).contents]),
    );

  test('brings the work of one device to another', async () => {
    const { shelf, work } = await device();
    const changes = await work.preview(everything);
    expect(changes.every(({ standing }) => standing === 'new')).toBe(true);
    expect(await work.take(everything, 'mine.json')).toBeNull();
    expect(Object.keys(contentsOf(shelf))).toHaveLength(everything.length);
    const again = await work.preview(everything);
    expect(again.every(({ standing }) => standing === 'same')).toBe(true);
  });

  test('puts a run that it replaces aside, and is undone whole', async () => {
    const mine = [
      kept('run', 'durability', textOf('mine')),
      kept('hints', 'stuck-commits', 1),
      kept('draft', 'durability/primary a', 'mine'),
    ];
    const { shelf, work } = await device(...mine);
    const before = contentsOf(shelf);
    await work.take(everything, 'mine.json');
    const after = contentsOf(shelf);
    expect(after['hints/stuck-commits']).toBe(2);
    expect(Object.entries(after)).toContainEqual([
      expect.stringMatching(/^earlier\/durability\/.{8}$/),
      { text: textOf('mine'), why: 'import', actions: 1, until: 10 },
    ]);
    const [done] = await work.imports();
    expect(done?.contents.file).toBe('mine.json');
    expect(await work.undo(done as Keepsake<'replaced'>)).toBeNull();
    expect(contentsOf(shelf)).toEqual(before);
    expect(await work.imports()).toEqual([]);
  });

  test('that is undone after the run went on puts that run aside', async () => {
    const { shelf, keepsakes, work } = await device(kept('run', 'durability', textOf('mine')));
    await work.take([kept('run', 'durability', textOf('theirs'))], 'a.json');
    await keepsakes.keep('run', 'durability', textOf('theirs', 'more'));
    const [done] = await work.imports();
    await work.undo(done as Keepsake<'replaced'>);
    const after = contentsOf(shelf);
    expect(after['run/durability']).toBe(textOf('mine'));
    expect(Object.values(after)).toContainEqual(
      expect.objectContaining({ text: textOf('theirs', 'more'), actions: 2 }),
    );
  });

  test('keeps the answers and the sections of both', async () => {
    const { shelf, work } = await device(
      kept('quiz', 'q', [answer(NOW, false)]),
      kept('reading', 'c', { section: 'a', seen: ['a'], sections: 3 }),
    );
    await work.take(
      [
        kept('quiz', 'q', [answer(LATER)]),
        kept('reading', 'c', { section: 'b', seen: ['b'], sections: 3 }),
      ],
      'a.json',
    );
    expect(contentsOf(shelf)).toEqual({
      'quiz/q': [answer(NOW, false), answer(LATER)],
      'reading/c': { section: 'b', seen: ['a', 'b'], sections: 3 },
    });
  });

  test('is all or nothing', async () => {
    const { shelf, work } = await device(kept('hints', 'stuck-commits', 1));
    const before = contentsOf(shelf);
    shelf.refusal = FULL;
    expect(await work.take(everything, 'mine.json')).toContain('full');
    expect(contentsOf(shelf)).toEqual(before);
    expect(await work.imports()).toEqual([]);
  });

  test('is not written over by another tab in which the figure is open', async () => {
    const tabs = new FakeTabs();
    const { session, sql, shelf, now } = await started(undefined, tabs);
    await sql('mine');
    const work = new ProgressImport(keepsakesOn(shelf), tabs.open());
    await work.take([kept('run', 'durability', textOf('theirs'))], 'a.json');
    expect(now().elsewhere).toBe(true);
    session.save();
    await sql('more', 'b');
    expect(contentsOf(shelf)['run/durability']).toBe(textOf('theirs'));
  });
});

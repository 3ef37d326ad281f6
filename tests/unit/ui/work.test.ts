import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Contents, Keepsake, Kind } from '../../../src/session/keep/keepsake.ts';
import type { LabProgress } from '../../../src/session/lab-progress.ts';
import { instant } from '../../../src/sim/instant.ts';
import { chapterInWords, Kept, labInWords } from '../../../src/ui/work/standing.ts';
import { contentsInWords, thingInWords } from '../../../src/ui/work/thing-words.ts';
import { figuresIn, predictionsIn, type WorkOutline } from '../../../src/ui/work/work-outline.ts';

function kept<K extends Kind>(kind: K, of: string, contents: Contents[K]): Keepsake {
  const savedAt = '2026-11-26T15:00:00.000Z';
  return { version: 1, kind, of, savedAt, contents } as unknown as Keepsake;
}

const chapter = {
  slug: 'durability',
  number: 3,
  title: 'Durability',
  href: '/chapters/durability/',
  questions: ['d1', 'd2', 'd3'],
  predictions: ['p1', 'p2'],
  figures: ['durability'],
};
const lab = {
  name: 'stuck-commits',
  title: 'Stuck commits',
  href: '/labs/stuck-commits/',
  figure: 'lab-stuck-commits',
  checks: 2,
  hints: 3,
};
const outline: WorkOutline = {
  chapters: [chapter],
  labs: [lab],
  figures: { durability: { title: 'The cafe’s cluster', href: '' } },
  review: '',
};
const answer = (right: boolean) => ({ at: '2026-01-01T00:00:00.000Z', chosen: [], right });
const run = JSON.stringify({ record: { actions: [1, 2], until: 3_204_000 } });

describe('where a learner stands', () => {
  test('in a chapter', () => {
    const all = [
      kept('reading', 'durability', { section: 'b', seen: ['a', 'b'], sections: 9 }),
      kept('quiz', 'd1', [answer(false), answer(true)]),
      kept('quiz', 'd3', [answer(false)]),
      kept('quiz', 'of-another', [answer(true)]),
      kept('prediction', 'p2', { chosen: [], sure: '' }),
      kept('run', 'durability', run),
    ];
    expect(chapterInWords(chapter, new Kept(all))).toEqual([
      '2 of 9 sections read',
      '2 of 3 questions answered, 1 right',
      '1 of 2 predictions made',
      'a run of 2 actions',
    ]);
    expect(chapterInWords(chapter, new Kept([]))).toEqual([]);
  });

  test('in a lab', () => {
    const checked = (...outcomes: readonly ('pass' | 'fail')[]): LabProgress => ({
      attempts: 2,
      solutionShown: false,
      checked: {
        record: null as never,
        hashes: { trace: '', wal: '' },
        verdicts: outcomes.map((outcome) => ({
          check: outcome,
          seed: 1,
          judgement: { outcome, words: '', at: instant(0) },
        })),
        graded: [],
      },
    });
    const words = (progress: LabProgress) =>
      labInWords(lab, new Kept([kept('lab', lab.name, progress), kept('hints', lab.name, 1)]));
    expect(words(checked('pass', 'fail'))).toEqual([
      '1 of 2 checks passed',
      'checked 2 times',
      '1 of 3 hints opened',
    ]);
    expect(words(checked('pass', 'pass'))[0]).toBe('passed');
    expect(labInWords(lab, new Kept([]))).toEqual([]);
  });
});

describe('a kept thing in words', () => {
  test.each([
    [kept('run', 'durability', run), 'The run of “The cafe’s cluster”', '2 actions, 3.204 s'],
    [
      kept('earlier', 'gone/0a', { text: run, why: 'reset', actions: 1, until: instant(5_000) }),
      'An earlier run of “gone”',
      '1 action, 0.005 s',
    ],
    [
      kept('draft', 'durability/primary a', 'x'.repeat(70)),
      'A draft: “The cafe’s cluster”, primary a',
      `${'x'.repeat(60)}…`,
    ],
    [
      kept('prediction', 'p1', { chosen: [], sure: 'certain' }),
      'The prediction p1',
      'none of them (certain)',
    ],
    [kept('quiz', 'd1', [answer(true)]), 'Answers to the question d1', '1 answer'],
    [
      kept('placement', 'course', { 'work-wish': 'price', 'know-lsn': 'right' }),
      'Answers to “Where to begin”',
      '2 answers',
    ],
    [kept('hints', 'stuck-commits', 2), 'Hints of the lab stuck-commits', '2 opened'],
  ])('%#', (thing, name, contents) => {
    expect(thingInWords(thing, outline)).toBe(name);
    expect(contentsInWords(thing)).toBe(contents);
  });
});

test('what a chapter asks for is found in its text', () => {
  const text = readFileSync('content/03-durability.mdx', 'utf8');
  const asked = text.match(/<Predict\b/g) ?? [];
  expect(asked.length).toBeGreaterThan(0);
  expect(predictionsIn(text)).toHaveLength(asked.length);
  expect(figuresIn(text)).toContain('durability');
});

import { describe, expect, test } from 'vitest';
import { course } from '../../../content/course.ts';
import { labs } from '../../../labs/labs.ts';
import { coverageFaults } from '../../../src/course/coverage.ts';
import {
  type ChapterPlan,
  type CoursePlan,
  chaptersOf,
  type Part,
} from '../../../src/course/plan.ts';

const tea: ChapterPlan = {
  number: 2,
  slug: 'tea',
  title: 'Tea',
  routes: ['developer'],
  concepts: [
    { id: 'T1', says: 'leaves', graded: true },
    { id: 'T2', says: 'water', graded: false },
    { id: 'T3', says: 'milk', graded: true, labToCome: 'pour' },
  ],
  labs: [{ name: 'brew', title: 'Brew', minutes: 5 }],
  finished: true,
};
const cake: ChapterPlan = {
  number: 3,
  slug: 'cake',
  title: 'Cake',
  routes: [],
  concepts: [],
  labs: [{ name: 'pour', title: 'Pour', minutes: 5 }],
};
const planOf = (...chapters: ChapterPlan[]): CoursePlan => partOf({ chapters });
const partOf = (part: Partial<Part>): CoursePlan => ({
  routes: [],
  parts: [{ number: 'I', title: 'Breakfast', chapters: [], ...part }],
});
const written = {
  file: 'content/02-tea.mdx',
  slug: 'tea',
  chapter: 2,
  title: 'Tea',
  concepts: ['T1', 'T2', 'T3'],
  routes: ['developer'],
  questions: ['t1-leaves'],
};
const bakedCake = {
  file: 'content/03-cake.mdx',
  slug: 'cake',
  chapter: 3,
  title: 'Cake',
  concepts: [],
  routes: [],
  questions: ['c1-crumbs'],
};
const brew = {
  name: 'brew',
  chapter: 2,
  capstone: false,
  checks: [{ id: 'hot', concepts: ['T1'] }],
};
const pour = {
  name: 'pour',
  chapter: 3,
  capstone: false,
  checks: [{ id: 'whole', concepts: ['T2'] }],
};
const poursMilk = { ...pour, checks: [{ id: 'whole', concepts: ['T3'] }] };
const breakfast = {
  name: 'breakfast',
  chapter: 3,
  capstone: true,
  checks: [{ id: 'all', concepts: ['T1'] }],
};
const feast = { name: 'breakfast', title: 'Breakfast', minutes: 9 };
const wholePart: Partial<Part> = {
  chapters: [tea, { ...cake, finished: true }],
  capstone: feast,
  finished: true,
};

test('a chapter whose ids are taught and graded has no fault; one id may wait for a lab to come', () => {
  expect(coverageFaults(planOf(tea, cake), [written], [brew])).toEqual([]);
});

test('a chapter that is not finished may lack anything', () => {
  const { finished: _, ...unfinished } = tea;
  expect(coverageFaults(planOf(unfinished, cake), [], [])).toEqual([]);
});

test('a finished part has no fault where its chapters are finished, its capstone is there and every ● id is graded', () => {
  expect(
    coverageFaults(partOf(wholePart), [written, bakedCake], [brew, poursMilk, breakfast]),
  ).toEqual([]);
});

test('a capstone may be planned long before it is there', () => {
  const { finished: _, ...part } = wholePart;
  expect(coverageFaults(partOf(part), [written, bakedCake], [brew, poursMilk])).toEqual([]);
});

describe('a fault names the file, the id and what to do', () => {
  test.each([
    [
      'a finished part with a chapter that is not',
      () =>
        coverageFaults(
          partOf({ ...wholePart, chapters: [tea, cake] }),
          [written],
          [brew, poursMilk, breakfast],
        ),
      /^content\/course\.ts: part I is finished, and chapter 3 is not: finish it/,
    ],
    [
      'a finished part without its capstone',
      () => coverageFaults(partOf(wholePart), [written, bakedCake], [brew, poursMilk]),
      /^content\/course\.ts: part I is finished, and there is no labs\/breakfast\/: write its capstone/,
    ],
    [
      'a finished part that leaves an id to another part',
      () =>
        coverageFaults(
          {
            routes: [],
            parts: [
              { number: 'I', title: 'Breakfast', chapters: [tea], finished: true },
              { number: 'II', title: 'Lunch', chapters: [cake] },
            ],
          },
          [written],
          [brew],
        ),
      /^content\/course\.ts: part I is finished, and chapter 2 leaves T3 to "pour": write a check/,
    ],
    [
      'a capstone that does not say that it is one',
      () =>
        coverageFaults(
          partOf(wholePart),
          [written, bakedCake],
          [brew, poursMilk, { ...breakfast, capstone: false }],
        ),
      /^labs\/breakfast\/lab\.ts: it ends part I in content\/course\.ts, and is no capstone/,
    ],
    [
      'a lab of a chapter that says it is a capstone',
      () => coverageFaults(planOf(tea, cake), [written], [{ ...brew, capstone: true }]),
      /^labs\/brew\/lab\.ts: it is a capstone, and content\/course\.ts has it in chapter 2/,
    ],
    [
      'a capstone of another chapter than its part’s last',
      () =>
        coverageFaults(
          partOf(wholePart),
          [written, bakedCake],
          [brew, poursMilk, { ...breakfast, chapter: 2 }],
        ),
      /^labs\/breakfast\/lab\.ts: chapter is 2, and 3 in content\/course\.ts/,
    ],
    [
      'a finished chapter without questions',
      () => coverageFaults(planOf(tea, cake), [{ ...written, questions: [] }], [brew]),
      /^content\/02-tea\.mdx: chapter 2 is finished, and it has no quiz/,
    ],
    [
      'two questions of one id',
      () =>
        coverageFaults(
          planOf(tea, cake),
          [written, { ...bakedCake, questions: ['c1-crumbs', 't1-leaves'] }],
          [brew],
        ),
      /^content\/03-cake\.mdx: its quiz asks "t1-leaves", and so does that of content\/02-tea\.mdx/,
    ],
    [
      'a finished chapter that is not there',
      () => coverageFaults(planOf(tea, cake), [], [brew]),
      /^content\/course\.ts: chapter 2 is finished, and content\/ has no chapter "tea": write it/,
    ],
    [
      'an id that its chapter does not teach',
      () => coverageFaults(planOf(tea, cake), [{ ...written, concepts: ['T1', 'T3'] }], [brew]),
      /^content\/02-tea\.mdx: chapter 2 is finished, and its concepts lack T2: teach it/,
    ],
    [
      'a lab that is not there',
      () =>
        coverageFaults(planOf({ ...tea, concepts: [] }, cake), [{ ...written, concepts: [] }], []),
      /^content\/course\.ts: chapter 2 is finished, and there is no labs\/brew\//,
    ],
    [
      'an id that no check grades',
      () => coverageFaults(planOf(tea, cake), [written], [{ ...brew, checks: [] }]),
      /^content\/course\.ts: chapter 2, T1: no check of any lab grades it: add T1/,
    ],
    [
      'a lab that came and does not grade what was left to it',
      () => coverageFaults(planOf(tea, cake), [written], [brew, pour]),
      /^labs\/pour\/lab\.ts: T3 was left to this lab/,
    ],
    [
      'a finished chapter without the lab that an id was left to',
      () =>
        coverageFaults(
          planOf({ ...tea, labs: [] }, { ...cake, finished: true }),
          [written, bakedCake],
          [brew],
        ),
      /chapter 2, T3: it is left to "pour", and chapter 3 is finished without it/,
    ],
    [
      'an id left to a lab that nobody plans',
      () => coverageFaults(planOf(tea), [written], [brew]),
      /^content\/course\.ts: chapter 2, T3: "pour" is a lab of no chapter/,
    ],
    [
      'a check of an unknown id',
      () =>
        coverageFaults(
          planOf(tea, cake),
          [written],
          [{ ...brew, checks: [...brew.checks, { id: 'cold', concepts: ['X9'] }] }],
        ),
      /^labs\/brew\/lab\.ts: check "cold" grades X9, and content\/course\.ts has no such id/,
    ],
    [
      'a lab of no chapter',
      () => coverageFaults(planOf(tea, cake), [written], [brew, { ...brew, name: 'spill' }]),
      /^labs\/spill\/lab\.ts: no chapter of content\/course\.ts has this lab/,
    ],
    [
      'a lab of another chapter',
      () => coverageFaults(planOf(tea, cake), [written], [{ ...brew, chapter: 3 }]),
      /^labs\/brew\/lab\.ts: chapter is 3, and 2 in content\/course\.ts/,
    ],
    [
      'a chapter that the plan does not know',
      () => coverageFaults(planOf(cake), [written], []),
      /^content\/02-tea\.mdx: no chapter of content\/course\.ts has the slug "tea"/,
    ],
    [
      'a title that is not the plan’s',
      () => coverageFaults(planOf(tea, cake), [{ ...written, title: 'Coffee' }], [brew]),
      /^content\/02-tea\.mdx: title is "Coffee", and "Tea" in content\/course\.ts/,
    ],
    [
      'an id of another chapter',
      () =>
        coverageFaults(
          planOf(tea, cake),
          [{ ...written, concepts: ['T1', 'T2', 'T3', 'Q1'] }],
          [brew],
        ),
      /^content\/02-tea\.mdx: concepts: Q1 is none of chapter 2/,
    ],
  ] as const)('%s', (_name, faults, words) => {
    expect(faults().filter((fault) => words.test(fault))).toHaveLength(1);
  });
});

describe('the course', () => {
  const chapters = chaptersOf(course);
  const twice = (all: readonly string[]) => all.filter((one, i) => all.indexOf(one) !== i);

  test('has no id, slug, number or lab twice', () => {
    expect(twice(chapters.flatMap(({ concepts }) => concepts.map(({ id }) => id)))).toEqual([]);
    expect(twice(chapters.map(({ slug }) => slug))).toEqual([]);
    const labsOfChapters = chapters.flatMap((one) => one.labs);
    const capstones = course.parts.flatMap(({ capstone }) => capstone ?? []);
    expect(twice([...labsOfChapters, ...capstones].map(({ name }) => name))).toEqual([]);
    expect(chapters.map(({ number }) => number)).toEqual(chapters.map((_, i) => i));
  });

  test('leads every route through some of its chapters', () => {
    for (const { id } of course.routes)
      expect(chapters.filter(({ routes }) => routes.includes(id)).length).toBeGreaterThan(5);
  });

  test('has labs whose checks name its ids', () => {
    const unfinished = {
      ...course,
      parts: course.parts.map(({ finished: _finished, ...part }) => ({
        ...part,
        chapters: part.chapters.map(({ finished: _finished, ...chapter }) => chapter),
      })),
    };
    expect(coverageFaults(unfinished, [], labs)).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { course } from '../../../content/course.ts';
import { placement } from '../../../content/placement.ts';
import { type PlacementAnswers, suggestionFrom } from '../../../src/course/placement.ts';
import { chaptersOf } from '../../../src/course/plan.ts';

const knowledge = placement.filter((one) => one.kind === 'knowledge');
const allKnown: PlacementAnswers = Object.fromEntries(knowledge.map(({ id }) => [id, 'right']));
const suggest = (answers: PlacementAnswers) => suggestionFrom(placement, answers);

describe('the route', () => {
  test('is the one that most choices speak for, and those choices are the reason', () => {
    const { route, because } = suggest({
      'work-night': 'pager',
      'work-change': 'settings',
      'work-wish': 'price',
    });
    expect(route).toBe('on-call');
    expect(because).toEqual([
      'At the keyboard: the pager is mine',
      'Settings, alerts, the way we respond',
    ]);
  });

  test('where each choice speaks for another one, is that of the wish', () => {
    const answers = { 'work-night': 'pager', 'work-change': 'code', 'work-wish': 'price' };
    expect(suggest(answers)).toMatchObject({
      route: 'architect',
      because: ['I know what each level of safety costs us'],
    });
  });
});

describe('the place to begin', () => {
  test('for who knows nothing: every primer, and then chapter 1', () => {
    const { sections, chapter, known } = suggest({});
    expect(sections.map(({ id }) => id)).toEqual([
      'know-update',
      'know-vacuum',
      'know-explain',
      'know-isolation',
      'know-lsn',
    ]);
    expect(chapter?.taughtIn).toEqual({ chapter: 'the-log' });
    expect(known).toEqual([]);
  });

  test('is the first chapter whose question was missed', () => {
    const { sections, chapter } = suggest({ ...allKnown, 'know-stages': 'unknown' });
    expect(sections).toEqual([]);
    expect(chapter?.taughtIn).toEqual({ chapter: 'streaming-replication' });
  });

  test('for who knows it all is no chapter', () => {
    expect(suggest(allKnown)).toMatchObject({ sections: [], chapter: null, known: knowledge });
  });

  test('passes over answers to questions and choices that are gone', () => {
    const { known, route } = suggest({ 'know-tea': 'right', 'know-lsn': 'gone', 'work-wish': 'x' });
    expect(known).toEqual([]);
    expect(route).toBe('developer');
  });
});

describe('the questions', () => {
  test('have ids of their own, one right choice where there is one, and chapters that the plan has', () => {
    expect(new Set(placement.map(({ id }) => id)).size).toBe(placement.length);
    const slugs = chaptersOf(course).map(({ slug }) => slug);
    for (const { id, choices, taughtIn } of knowledge) {
      expect(
        choices.filter(({ right }) => right),
        id,
      ).toHaveLength(1);
      expect(choices.at(-1)?.id, id).toBe('unknown');
      if ('chapter' in taughtIn) expect(slugs).toContain(taughtIn.chapter);
    }
  });

  test('offer every route once each', () => {
    for (const { choices, kind } of placement)
      if (kind === 'work')
        expect(choices.map(({ route }) => route)).toEqual(course.routes.map(({ id }) => id));
  });
});

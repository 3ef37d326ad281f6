import { getCollection } from 'astro:content';
import { course } from '../../content/course.ts';
import { labs } from '../../labs/labs.ts';
import { coverageFaults } from '../course/coverage.ts';
import type { LabPlan, RouteId } from '../course/plan.ts';
import { quizzes } from './quizzes.ts';

/** A lab as lists show it; `href` is null while it is to come. */
export interface OutlineLab {
  readonly name: string;
  readonly title: string;
  readonly minutes: number;
  readonly href: string | null;
}

/** A chapter as lists show it; `href` is null while it is to come. */
export interface OutlineChapter {
  readonly number: number;
  readonly slug: string;
  readonly title: string;
  readonly routes: readonly RouteId[];
  readonly labs: readonly OutlineLab[];
  readonly href: string | null;
  readonly description: string | null;
  readonly minutes: number | null;
}

export interface OutlinePart {
  readonly number: string;
  readonly title: string;
  readonly chapters: readonly OutlineChapter[];
  /** The lab that ends the part. */
  readonly capstone: OutlineLab | null;
}

const base = import.meta.env.BASE_URL.replace(/\/?$/, '/');

/**
 * The course's list of contents, for every page that shows it.
 * @throws where chapters or labs do not keep what `content/course.ts` promises: then there is nothing to build.
 */
export async function outline(): Promise<readonly OutlinePart[]> {
  const written = await getCollection('chapters');
  const asked = new Map((await quizzes()).map(({ slug, questions }) => [slug, questions]));
  const faults = coverageFaults(
    course,
    written.map(({ id, data, filePath }) => ({
      ...data,
      slug: id,
      file: filePath ?? id,
      questions: asked.get(id) ?? [],
    })),
    labs,
  );
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return course.parts.map((part) => ({
    ...part,
    capstone: part.capstone ? outlineLab(part.capstone) : null,
    chapters: part.chapters.map((chapter) => {
      const found = written.find(({ id }) => id === chapter.slug);
      return {
        ...chapter,
        labs: chapter.labs.map(outlineLab),
        href: found ? `${base}chapters/${chapter.slug}/` : null,
        description: found?.data.description ?? null,
        minutes: found?.data.minutes ?? null,
      };
    }),
  }));
}

const outlineLab = (lab: LabPlan): OutlineLab => ({
  ...lab,
  href: labs.some(({ name }) => name === lab.name) ? `${base}labs/${lab.name}/` : null,
});

/** The chapters of a route, in order. */
export const routeChapters = (
  parts: readonly OutlinePart[],
  route: RouteId,
): readonly OutlineChapter[] =>
  parts.flatMap(({ chapters }) => chapters).filter(({ routes }) => routes.includes(route));

/** Holds what is written to what `content/course.ts` promises. Every fault names the file, the id, and what to do. */
import { type ChapterPlan, type Concept, type CoursePlan, chaptersOf } from './plan.ts';

/** What a chapter's front matter says of it. */
export interface WrittenChapter {
  /** From the root of the repository. */
  readonly file: string;
  readonly slug: string;
  readonly chapter: number;
  readonly title: string;
  readonly concepts: readonly string[];
  readonly routes: readonly string[];
}

/** What a lab says of itself. */
export interface WrittenLab {
  readonly name: string;
  readonly chapter: number;
  readonly checks: readonly { readonly id: string; readonly concepts: readonly string[] }[];
}

const PLAN = 'content/course.ts';
const labFile = (name: string): string => `labs/${name}/lab.ts`;

export function coverageFaults(
  plan: CoursePlan,
  chapters: readonly WrittenChapter[],
  labs: readonly WrittenLab[],
): readonly string[] {
  return [
    ...chapters.flatMap((chapter) => chapterFaults(plan, chapter)),
    ...labs.flatMap((lab) => labFaults(plan, lab)),
    ...chaptersOf(plan)
      .filter(({ finished }) => finished)
      .flatMap((chapter) => [
        ...whatIsMissing(chapter, chapters, labs),
        ...chapter.concepts.flatMap((concept) => gradingFaults(plan, chapter, concept, labs)),
      ]),
  ];
}

/** A written chapter against its line of the plan. */
function chapterFaults(plan: CoursePlan, written: WrittenChapter): readonly string[] {
  const { file, slug } = written;
  const planned = chaptersOf(plan).find((one) => one.slug === slug);
  if (!planned)
    return [
      `${file}: no chapter of ${PLAN} has the slug "${slug}": add it there, or rename this file`,
    ];
  const faults: string[] = [];
  const mustBe = (field: string, is: string, planned: string) => {
    if (is !== planned)
      faults.push(`${file}: ${field} is ${is}, and ${planned} in ${PLAN}: change one of them`);
  };
  mustBe('chapter', String(written.chapter), String(planned.number));
  mustBe('title', `"${written.title}"`, `"${planned.title}"`);
  mustBe('routes', [...written.routes].sort().join(', '), [...planned.routes].sort().join(', '));
  for (const id of written.concepts)
    if (!planned.concepts.some((one) => one.id === id))
      faults.push(
        `${file}: concepts: ${id} is none of chapter ${planned.number} in ${PLAN} (${planned.concepts.map((one) => one.id).join(', ')}): take it out`,
      );
  return faults;
}

/** A lab against the plan, and the ids of its checks. */
function labFaults(plan: CoursePlan, lab: WrittenLab): readonly string[] {
  const home = chaptersOf(plan).find(({ labs }) => labs.some(({ name }) => name === lab.name));
  const faults = !home
    ? [`${labFile(lab.name)}: no chapter of ${PLAN} has this lab: add it to its chapter`]
    : home.number !== lab.chapter
      ? [
          `${labFile(lab.name)}: chapter is ${lab.chapter}, and ${home.number} in ${PLAN}: change one of them`,
        ]
      : [];
  const known = new Set(chaptersOf(plan).flatMap(({ concepts }) => concepts.map(({ id }) => id)));
  const unknown = lab.checks.flatMap(({ id, concepts }) =>
    concepts
      .filter((concept) => !known.has(concept))
      .map(
        (concept) =>
          `${labFile(lab.name)}: check "${id}" grades ${concept}, and ${PLAN} has no such id: write one that it has`,
      ),
  );
  return [...faults, ...unknown];
}

/** What a chapter that is said to be finished still lacks. */
function whatIsMissing(
  chapter: ChapterPlan,
  chapters: readonly WrittenChapter[],
  labs: readonly WrittenLab[],
): readonly string[] {
  const written = chapters.find(({ slug }) => slug === chapter.slug);
  const where = `chapter ${chapter.number} is finished`;
  if (!written)
    return [
      `${PLAN}: ${where}, and content/ has no chapter "${chapter.slug}": write it, or take finished away`,
    ];
  const untaught = chapter.concepts
    .filter(({ id }) => !written.concepts.includes(id))
    .map(({ id }) => `${written.file}: ${where}, and its concepts lack ${id}: teach it and add it`);
  const unwritten = chapter.labs
    .filter(({ name }) => !labs.some((lab) => lab.name === name))
    .map(({ name }) => `${PLAN}: ${where}, and there is no labs/${name}/: write that lab`);
  return [...untaught, ...unwritten];
}

/** Whether a check grades an id of a finished chapter, or a lab to come is named that will. */
function gradingFaults(
  plan: CoursePlan,
  chapter: ChapterPlan,
  { id, graded, labToCome }: Concept,
  labs: readonly WrittenLab[],
): readonly string[] {
  const graders = labs.filter(({ checks }) => checks.some(({ concepts }) => concepts.includes(id)));
  if (!graded || graders.length > 0) return [];
  const where = `${PLAN}: chapter ${chapter.number}, ${id}`;
  if (!labToCome)
    return [
      `${where}: no check of any lab grades it: add ${id} to the concepts of the check that does`,
    ];
  const later = chaptersOf(plan).find(({ labs }) => labs.some(({ name }) => name === labToCome));
  if (!later) return [`${where}: "${labToCome}" is a lab of no chapter: name one that is`];
  if (labs.some(({ name }) => name === labToCome))
    return [`${labFile(labToCome)}: ${id} was left to this lab, and none of its checks grades it`];
  return later.finished
    ? [`${where}: it is left to "${labToCome}", and chapter ${later.number} is finished without it`]
    : [];
}

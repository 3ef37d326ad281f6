/** Holds what is written to what `content/course.ts` promises. Every fault names the file, the id, and what to do. */
import { type ChapterPlan, type Concept, type CoursePlan, chaptersOf, type Part } from './plan.ts';

/** What a chapter's front matter says of it. */
export interface WrittenChapter {
  /** From the root of the repository. */
  readonly file: string;
  readonly slug: string;
  readonly chapter: number;
  readonly title: string;
  readonly concepts: readonly string[];
  readonly routes: readonly string[];
  /** The questions of its quiz, by their ids. */
  readonly questions: readonly string[];
}

/** What a lab says of itself. */
export interface WrittenLab {
  readonly name: string;
  readonly chapter: number;
  readonly capstone: boolean;
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
    ...questionFaults(chapters),
    ...labs.flatMap((lab) => labFaults(plan, lab)),
    ...plan.parts.flatMap((part) => partFaults(part, labs)),
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

/** A question's answers are kept under its id, whatever the chapter: two questions of one id would be taken for one another. */
function questionFaults(chapters: readonly WrittenChapter[]): readonly string[] {
  const first = new Map<string, string>();
  return chapters.flatMap(({ file, questions }) =>
    questions.flatMap((id) => {
      const other = first.get(id);
      first.set(id, other ?? file);
      return other
        ? [`${file}: its quiz asks "${id}", and so does that of ${other}: rename the newer one`]
        : [];
    }),
  );
}

/** What a part that is said to be finished still lacks. */
function partFaults(part: Part, labs: readonly WrittenLab[]): readonly string[] {
  if (!part.finished) return [];
  const where = `${PLAN}: part ${part.number} is finished`;
  const unfinished = part.chapters
    .filter(({ finished }) => !finished)
    .map(
      ({ number }) => `${where}, and chapter ${number} is not: finish it, or take finished away`,
    );
  const { capstone } = part;
  const missing =
    capstone && !labs.some(({ name }) => name === capstone.name)
      ? [`${where}, and there is no labs/${capstone.name}/: write its capstone`]
      : [];
  const left = part.chapters.flatMap(({ number, concepts }) =>
    concepts
      .filter(({ id, graded, labToCome }) => graded && labToCome && !isGraded(id, labs))
      .map(
        ({ id, labToCome }) =>
          `${where}, and chapter ${number} leaves ${id} to "${labToCome}": write a check that grades it`,
      ),
  );
  return [...unfinished, ...missing, ...left];
}

const isGraded = (id: string, labs: readonly WrittenLab[]): boolean =>
  labs.some(({ checks }) => checks.some(({ concepts }) => concepts.includes(id)));

/** A lab against the plan, and the ids of its checks. */
function labFaults(plan: CoursePlan, lab: WrittenLab): readonly string[] {
  const faults = placeFaults(plan, lab);
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

/** Where a lab says that it belongs, against the plan. */
function placeFaults(plan: CoursePlan, lab: WrittenLab): readonly string[] {
  const file = labFile(lab.name);
  const part = plan.parts.find(({ capstone }) => capstone?.name === lab.name);
  const home =
    part?.chapters.at(-1) ??
    chaptersOf(plan).find(({ labs }) => labs.some(({ name }) => name === lab.name));
  if (!home) return [`${file}: no chapter of ${PLAN} has this lab: add it to its chapter`];
  if (lab.capstone && !part)
    return [`${file}: it is a capstone, and ${PLAN} has it in chapter ${home.number}`];
  if (!lab.capstone && part)
    return [`${file}: it ends part ${part.number} in ${PLAN}, and is no capstone: say that it is`];
  return home.number === lab.chapter
    ? []
    : [`${file}: chapter is ${lab.chapter}, and ${home.number} in ${PLAN}: change one of them`];
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
  const unasked =
    written.questions.length === 0
      ? [`${written.file}: ${where}, and it has no quiz: write one, in a file of its name`]
      : [];
  return [...untaught, ...unwritten, ...unasked];
}

/** Whether a check grades an id of a finished chapter, or a lab to come is named that will. */
function gradingFaults(
  plan: CoursePlan,
  chapter: ChapterPlan,
  { id, graded, labToCome }: Concept,
  labs: readonly WrittenLab[],
): readonly string[] {
  if (!graded || isGraded(id, labs)) return [];
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

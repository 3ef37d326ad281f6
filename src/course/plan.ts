/** What the course promises: parts, chapters, concepts and labs, those to come too. `content/course.ts` holds it. */

/** Ways through the course, for three kinds of reader. */
export const routeIds = ['on-call', 'developer', 'architect'] as const;
export type RouteId = (typeof routeIds)[number];

export interface Route {
  readonly id: RouteId;
  readonly title: string;
  /** Whom it is for, and what she can do at its end. */
  readonly for: string;
}

export interface Concept {
  /** As chapters and checks name it: `D4`. */
  readonly id: string;
  readonly says: string;
  /** A check of some lab has to grade it. */
  readonly graded: boolean;
  /** The lab that will grade it, where that lab belongs to a chapter which is not finished yet. */
  readonly labToCome?: string;
}

export interface LabPlan {
  /** The name of its folder in `labs/`. */
  readonly name: string;
  readonly title: string;
  readonly minutes: number;
}

export interface ChapterPlan {
  readonly number: number;
  /** The last part of its address, and its file's name without number. */
  readonly slug: string;
  readonly title: string;
  readonly routes: readonly RouteId[];
  readonly concepts: readonly Concept[];
  readonly labs: readonly LabPlan[];
  /** Said of a chapter that is whole: from then on the build fails where something of it is missing. */
  readonly finished?: true;
}

export interface Part {
  /** `I`; part 0 is the primer. */
  readonly number: string;
  readonly title: string;
  readonly chapters: readonly ChapterPlan[];
  /** The lab that ends the part: several faults in a row, from all of its chapters. */
  readonly capstone?: LabPlan;
  /** Said of a part that is whole: then each of its chapters is, its capstone is there, and no id is left to a lab to come. */
  readonly finished?: true;
}

export interface CoursePlan {
  readonly parts: readonly Part[];
  readonly routes: readonly Route[];
}

export const chaptersOf = ({ parts }: CoursePlan): readonly ChapterPlan[] =>
  parts.flatMap(({ chapters }) => chapters);

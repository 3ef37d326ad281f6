/** What the course has for a learner to do, as the page “Your work” counts it. */
export interface WorkOutline {
  readonly chapters: readonly ChapterWork[];
  readonly labs: readonly LabWork[];
  /** Where runs belong, by the figure's id. */
  readonly figures: Readonly<Record<string, FigurePlace>>;
  /** Where missed questions are asked again. */
  readonly review: string;
}

export interface FigurePlace {
  readonly title: string;
  readonly href: string;
}

export interface ChapterWork extends FigurePlace {
  readonly slug: string;
  readonly number: number;
  /** By their ids. */
  readonly questions: readonly string[];
  readonly predictions: readonly string[];
  readonly figures: readonly string[];
}

export interface LabWork extends FigurePlace {
  readonly name: string;
  readonly figure: string;
  readonly checks: number;
  readonly hints: number;
}

/** The ids in a chapter's text of the predictions that it asks for. */
export const predictionsIn = (mdx: string): readonly string[] =>
  [...mdx.matchAll(/<Predict\b[^>]*?\bid="([^"]+)"/g)].map(([, id]) => id ?? '');

/** The names, in `content/figures.ts`, of the figures that a chapter's text shows. */
export const figuresIn = (mdx: string): readonly string[] => [
  ...new Set([...mdx.matchAll(/\{\.\.\.figures\.(\w+)\}/g)].map(([, name]) => name ?? '')),
];

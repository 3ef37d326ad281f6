/** The placement quiz: a few questions, a route and a place to begin. Nothing here is graded; all of it is a suggestion. */
import type { RouteId } from './plan.ts';

/** A question about her work: every choice speaks for a route. */
export interface WorkQuestion {
  readonly kind: 'work';
  /** Stable: under it the answer is kept. */
  readonly id: string;
  readonly question: string;
  readonly choices: readonly {
    readonly id: string;
    readonly label: string;
    readonly route: RouteId;
  }[];
}

/** A question about what she knows: who cannot answer it begins where it is told. */
export interface KnowledgeQuestion {
  readonly kind: 'knowledge';
  readonly id: string;
  readonly question: string;
  readonly choices: readonly {
    readonly id: string;
    readonly label: string;
    readonly right?: true;
  }[];
  /** What is true, in a sentence or two. */
  readonly why: string;
  /** A section of the primer by its heading, or a chapter by its slug. */
  readonly taughtIn: { readonly section: string } | { readonly chapter: string };
}

export type PlacementQuestion = WorkQuestion | KnowledgeQuestion;

/** The choice of every question, by the question's id. */
export type PlacementAnswers = Readonly<Record<string, string>>;

export interface Suggestion {
  readonly route: RouteId;
  /** What was chosen that speaks for the route, in the words of the choices. */
  readonly because: readonly string[];
  /** Sections of the primer to read first. */
  readonly sections: readonly KnowledgeQuestion[];
  /** The first chapter whose question was missed; null: she knew them all. */
  readonly chapter: KnowledgeQuestion | null;
  /** What she knew. */
  readonly known: readonly KnowledgeQuestion[];
}

/** Questions of an answer list that the quiz no longer has are passed over; those that are not answered count as not known. */
export function suggestionFrom(
  questions: readonly PlacementQuestion[],
  answers: PlacementAnswers,
): Suggestion {
  const chosen = questions
    .filter((question) => question.kind === 'work')
    .flatMap(({ id, choices }) => choices.find((choice) => choice.id === answers[id]) ?? []);
  const route = mostOften(chosen.map((choice) => choice.route)) ?? 'developer';
  const asked = questions.filter((question) => question.kind === 'knowledge');
  const missed = asked.filter((question) => !isKnown(question, answers));
  return {
    route,
    because: chosen.filter((choice) => choice.route === route).map(({ label }) => label),
    sections: missed.filter(({ taughtIn }) => 'section' in taughtIn),
    chapter: missed.find(({ taughtIn }) => 'chapter' in taughtIn) ?? null,
    known: asked.filter((question) => isKnown(question, answers)),
  };
}

const isKnown = ({ id, choices }: KnowledgeQuestion, answers: PlacementAnswers): boolean =>
  choices.some((choice) => choice.right && choice.id === answers[id]);

/** Where several are as often, the one that came last: the last question asks for the wish itself. */
function mostOften(routes: readonly RouteId[]): RouteId | undefined {
  const count = (route: RouteId) => routes.filter((one) => one === route).length;
  const most = Math.max(...routes.map(count));
  return routes.findLast((route) => count(route) === most);
}

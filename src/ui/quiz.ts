/** What a quiz knows without a page: which answers are right, and how answers are kept on the device. */

export interface QuizChoice {
  readonly id: string;
  readonly label: string;
  /** Of a right choice, why it is so; of a wrong one, why it is tempting and what is true. */
  readonly why: string;
  readonly right?: boolean;
}

export interface QuizItem {
  /** Stable: under it answers are kept, and it comes back later. */
  readonly id: string;
  readonly question: string;
  readonly choices: readonly QuizChoice[];
}

/** One answer: what was chosen, whether it was right by the item as it stood then, and when, in ISO 8601. */
export interface QuizAnswer {
  readonly at: string;
  readonly chosen: readonly string[];
  readonly right: boolean;
}

const VERSION = 1;
/** Of each item the last answers are kept: enough to see what was missed, and how often. */
const KEPT = 12;

export const keyOf = (item: QuizItem): string => `standby.quiz.${item.id}`;

export const hasSeveral = (item: QuizItem): boolean =>
  item.choices.filter(({ right }) => right).length > 1;

export const isRight = (item: QuizItem, chosen: readonly string[]): boolean =>
  item.choices.every(({ id, right = false }) => chosen.includes(id) === right);

/** The answers kept in a text, oldest first. What is not of this version counts as none. */
export function parseAnswers(text: string | null): readonly QuizAnswer[] {
  let kept: { version?: unknown; answers?: unknown } | null;
  try {
    kept = JSON.parse(text ?? 'null');
  } catch {
    return [];
  }
  if (kept?.version !== VERSION || !Array.isArray(kept.answers)) return [];
  return kept.answers.filter(isAnswer);
}

export const answersText = (answers: readonly QuizAnswer[]): string =>
  JSON.stringify({ version: VERSION, answers: answers.slice(-KEPT) });

function isAnswer(value: unknown): value is QuizAnswer {
  const answer = value as Partial<QuizAnswer> | null;
  return (
    typeof answer?.at === 'string' &&
    typeof answer.right === 'boolean' &&
    Array.isArray(answer.chosen) &&
    answer.chosen.every((id) => typeof id === 'string')
  );
}

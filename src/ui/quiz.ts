/** What a quiz knows without a page: which answers are right. */
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

export const hasSeveral = (item: QuizItem): boolean =>
  item.choices.filter(({ right }) => right).length > 1;

export const isRight = (
  { choices }: Pick<QuizItem, 'choices'>,
  chosen: readonly string[],
): boolean => choices.every(({ id, right = false }) => chosen.includes(id) === right);

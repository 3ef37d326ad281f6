import type { QuizItem } from '../quiz.ts';

/** A chapter whose questions may come back. */
export interface ReviewChapter {
  /** Its questions' file in `content/`, without the ending: `03-durability`. */
  readonly file: string;
  readonly number: number;
  readonly title: string;
  readonly href: string;
  /** Of its questions, by their ids. */
  readonly questions: readonly string[];
}

/** A question that is asked again, and where it was asked first. */
export interface Returning {
  readonly item: QuizItem;
  readonly chapter: ReviewChapter;
}

type QuizModule = Readonly<Record<string, readonly QuizItem[]>>;

/** A chapter's questions are fetched when one of them is due. */
const files = import.meta.glob<QuizModule>('../../../content/*.quiz.ts');

/** These questions, in their order. Rejects where a file of theirs cannot be fetched. */
export async function questionsById(
  ids: readonly string[],
  chapters: readonly ReviewChapter[],
): Promise<readonly Returning[]> {
  const needed = chapters.filter(({ questions }) => questions.some((id) => ids.includes(id)));
  const fetched = await Promise.all(
    needed.map(async (chapter) => {
      const module = await files[`../../../content/${chapter.file}.quiz.ts`]?.();
      return Object.values(module ?? {})
        .flat()
        .map((item) => ({ item, chapter }));
    }),
  );
  const all = new Map(fetched.flat().map((one) => [one.item.id, one]));
  return ids.flatMap((id) => all.get(id) ?? []);
}

import { getCollection } from 'astro:content';
import type { QuizItem } from '../ui/quiz.ts';
import type { ReviewChapter } from '../ui/review/questions.ts';

const base = import.meta.env.BASE_URL.replace(/\/?$/, '/');
const modules = import.meta.glob<Readonly<Record<string, readonly QuizItem[]>>>(
  '../../content/*.quiz.ts',
  { eager: true },
);

/** The chapters that are written, in order, with the ids of their questions. */
export async function quizzes(): Promise<readonly (ReviewChapter & { readonly slug: string })[]> {
  const written = (await getCollection('chapters')).sort((a, b) => a.data.chapter - b.data.chapter);
  return written.map(({ id, data, filePath = id }) => {
    const file = filePath.replace(/^.*\//, '').replace(/\.mdx$/, '');
    const module = modules[`../../content/${file}.quiz.ts`] ?? {};
    return {
      slug: id,
      file,
      number: data.chapter,
      title: data.title,
      href: `${base}chapters/${id}/`,
      questions: Object.values(module)
        .flat()
        .map((item) => item.id),
    };
  });
}

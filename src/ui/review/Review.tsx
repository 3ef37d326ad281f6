import { createSignal, For, onMount, Show } from 'solid-js';
import { type Agenda, repetitionOf } from '../../course/repetition.ts';
import { agendaFrom, answered, dayOf } from '../../session/keep/come-back.ts';
import { lastOf, type QuizAnswer } from '../../session/keep/keepsake.ts';
import { keepsakes } from '../../session/keep/page-keep.ts';
import { Question } from '../Quiz.tsx';
import { questionsById, type Returning, type ReviewChapter } from './questions.ts';
import { afterwards, goneInWords, laterInWords, questionsInWords } from './review-words.ts';
import './review.css';

const now = () => new Date().toISOString();
const today = () => dayOf(now());

/** The questions that are due today, asked again with their reasons. What is answered is kept, and says when they come next. */
export default function Review(props: { chapters: readonly ReviewChapter[] }) {
  const [agenda, setAgenda] = createSignal<Agenda | null>(null);
  const [due, setDue] = createSignal<readonly Returning[]>([]);
  const [answers, setAnswers] = createSignal<Readonly<Record<string, readonly QuizAnswer[]>>>({});
  /** What was answered in this visit, by the question. */
  const [told, setTold] = createSignal<Readonly<Record<string, QuizAnswer>>>({});
  const [failed, setFailed] = createSignal('');

  const plan = async () => {
    const kept = await keepsakes.list('quiz');
    const known = props.chapters.flatMap(({ questions }) => questions);
    setAnswers(Object.fromEntries(kept.map(({ of, contents }) => [of, contents])));
    return setAgenda(agendaFrom(kept, known, now()));
  };
  onMount(async () => {
    const { due: ids } = await plan();
    try {
      setDue(await questionsById(ids, props.chapters));
    } catch {
      setFailed(
        'The questions could not be fetched. Open this page again when you are connected; nothing is lost.',
      );
    }
  });
  const keep = async (id: string, answer: QuizAnswer) => {
    const all = lastOf([...(answers()[id] ?? []), answer]);
    setTold({ ...told(), [id]: answer });
    setAnswers({ ...answers(), [id]: all });
    const refusal = await keepsakes.keep('quiz', id, all);
    if (refusal) setFailed(`Your answer is not kept: ${refusal}.`);
    else await plan();
  };
  const forget = async (ids: readonly string[]) => {
    const refusal = await keepsakes.change(
      [],
      ids.map((of) => ({ kind: 'quiz', of })),
    );
    if (refusal) setFailed(`They are not forgotten: ${refusal}.`);
    else await plan();
  };
  const left = () => due().filter(({ item }) => !told()[item.id]).length;
  const standing = () => {
    const plan = agenda();
    if (!plan) return 'Looking up what you missed…';
    if (left() > 0) return `${questionsInWords(left())} to answer today.`;
    const later = laterInWords(plan, today());
    if (due().length > 0) return `That was all for today. ${later}`;
    return later
      ? `Nothing is due today. ${later}`
      : 'There is nothing to come back to. What you miss in a chapter’s questions will stand here a day later.';
  };

  return (
    <div class="review">
      <p class="standing" role="status">
        {standing()}
      </p>
      <div role="alert">
        <Show when={failed()}>
          <p class="failed">{failed()}</p>
        </Show>
      </div>
      <Show when={due().length > 0}>
        <div class="quiz">
          <ol>
            <For each={due()}>
              {({ item, chapter }) => (
                <li>
                  <p class="from">
                    From <a href={chapter.href}>{`${chapter.number}. ${chapter.title}`}</a>
                  </p>
                  <Question
                    item={item}
                    last={told()[item.id]}
                    afterVerdict={() =>
                      afterwards(repetitionOf(answered(answers()[item.id] ?? [])), today())
                    }
                    keep={(answer) => void keep(item.id, answer)}
                  />
                </li>
              )}
            </For>
          </ol>
        </div>
      </Show>
      <Show when={agenda()?.gone.length ? agenda()?.gone : null}>
        {(gone) => (
          <p class="gone">
            {goneInWords(gone().length)}{' '}
            <button type="button" class="act" onClick={() => void forget(gone())}>
              Forget {gone().length === 1 ? 'it' : 'them'}
            </button>
          </p>
        )}
      </Show>
    </div>
  );
}

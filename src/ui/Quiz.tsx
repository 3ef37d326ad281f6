import { createSignal, For, onMount, Show } from 'solid-js';
import { lastOf, type QuizAnswer } from '../session/keep/keepsake.ts';
import { keepsakes } from '../session/keep/page-keep.ts';
import { Choices, createChoice } from './Choices.tsx';
import { hasSeveral, isRight, type QuizItem } from './quiz.ts';
import './quiz.css';

/** Conceptual questions of a chapter. They need no cluster; what was answered when is kept on the device. */
export default function Quiz(props: { items: readonly QuizItem[] }) {
  const [answers, setAnswers] = createSignal<Readonly<Record<string, readonly QuizAnswer[]>>>({});
  const [forgets, setForgets] = createSignal(false);
  onMount(() => {
    for (const { id } of props.items) void recall(id);
  });
  const recall = async (id: string) => {
    const kept = await keepsakes.read('quiz', id);
    // What was answered while the device was asked stands.
    if (kept) setAnswers((all) => ({ ...all, [id]: all[id] ?? kept.contents }));
  };
  const keep = async (item: QuizItem, answer: QuizAnswer) => {
    const all = lastOf([...(answers()[item.id] ?? []), answer]);
    setAnswers({ ...answers(), [item.id]: all });
    setForgets((await keepsakes.keep('quiz', item.id, all)) !== null);
  };
  const last = () => props.items.map((item) => answers()[item.id]?.at(-1));
  const answered = () => last().filter((answer) => answer).length;
  const right = () => last().filter((answer) => answer?.right).length;

  return (
    <div class="quiz">
      <ol>
        <For each={props.items}>
          {(item) => (
            <li>
              <Question
                item={item}
                last={answers()[item.id]?.at(-1)}
                afterVerdict={({ right }) => (right ? '' : 'It comes back a day later.')}
                keep={(answer) => void keep(item, answer)}
              />
            </li>
          )}
        </For>
      </ol>
      <p class="score" role="status">
        {answered()} of {props.items.length} answered
        <Show when={answered() > 0}>, {right()} right</Show>.
        <Show when={forgets()}>
          {' '}
          This browser lets the page keep nothing: your answers last until you leave it.
        </Show>
      </p>
      {/* For readers without scripts; the style sheet hides it from the others. */}
      <details class="key">
        <summary>The answers</summary>
        <ol>
          <For each={props.items}>
            {(item) => (
              <li>
                <Reasons item={item} shown={() => true} />
              </li>
            )}
          </For>
        </ol>
      </details>
    </div>
  );
}

/** One conceptual question: asked, checked, and told with its reasons. */
export function Question(props: {
  item: QuizItem;
  last: QuizAnswer | undefined;
  /** Said after the verdict: when the question comes back. */
  afterVerdict: (answer: QuizAnswer) => string;
  keep: (answer: QuizAnswer) => void;
}) {
  const several = () => hasSeveral(props.item);
  const { chosen, toggle, clear } = createChoice(several);
  /** An answered question asks again. */
  const [open, setOpen] = createSignal(false);
  let form!: HTMLFormElement;
  const shown = () => (open() ? undefined : props.last);
  const check = (event: SubmitEvent) => {
    event.preventDefault();
    if (chosen().length === 0) return;
    const right = isRight(props.item, chosen());
    props.keep({ at: new Date().toISOString(), chosen: chosen(), right });
    setOpen(false);
    // The button that had the focus is gone; what is to be read next takes it.
    form.querySelector<HTMLElement>('.verdict')?.focus();
  };
  const again = () => {
    clear();
    setOpen(true);
    form.querySelector('input')?.focus();
  };

  return (
    <form ref={form} onSubmit={check} data-item={props.item.id}>
      <fieldset disabled={shown() !== undefined}>
        <legend>
          {props.item.question}
          <Show when={several()}>
            <span class="several"> More than one is right.</span>
          </Show>
        </legend>
        <Choices
          of={props.item.choices}
          several={several()}
          chosen={shown()?.chosen ?? chosen()}
          toggle={toggle}
        />
      </fieldset>
      <Show
        when={shown()}
        fallback={
          <button type="submit" class="act" disabled={chosen().length === 0}>
            Check
          </button>
        }
      >
        {(answer) => (
          <div class="checked">
            <p class="verdict" tabindex="-1" data-right={answer().right}>
              {answer().right ? 'Right.' : 'Not quite.'} {props.afterVerdict(answer())}
            </p>
            <Reasons item={props.item} shown={(id) => answer().chosen.includes(id)} />
            <button type="button" class="act" onClick={again}>
              Answer again
            </button>
          </div>
        )}
      </Show>
    </form>
  );
}

/** Why the right choices are right, and what is wrong with those others that are `shown`. */
function Reasons(props: { item: QuizItem; shown: (id: string) => boolean }) {
  return (
    <ul>
      <For each={props.item.choices.filter(({ id, right }) => right || props.shown(id))}>
        {(choice) => (
          <li data-right={choice.right ?? false}>
            <strong>
              <span class="mark">{choice.right ? 'Right: ' : 'Wrong: '}</span>
              {choice.label}.
            </strong>{' '}
            {choice.why}
          </li>
        )}
      </For>
    </ul>
  );
}

import { createSignal, For, lazy, onMount, Show, Suspense } from 'solid-js';
import type { PlacementAnswers, PlacementQuestion } from '../../course/placement.ts';
import { keepsakes } from '../../session/keep/page-keep.ts';
import { Choices } from '../Choices.tsx';
import type { PlacesOfCourse } from './Suggested.tsx';
import '../quiz.css';
import './placement.css';

// What is suggested is fetched with the first answers.
const Suggested = lazy(async () => ({ default: (await import('./Suggested.tsx')).Suggested }));

/** Its name among what a device keeps. There is one. */
const KEPT_AS = 'course';

/** A few questions, and where to begin. The answers are kept on the device; what they suggest is worked out from them. */
export default function Placement(props: {
  questions: readonly PlacementQuestion[];
  places: PlacesOfCourse;
}) {
  const [answers, setAnswers] = createSignal<PlacementAnswers>({});
  const [done, setDone] = createSignal(false);
  let result: HTMLElement | undefined;
  onMount(async () => {
    const kept = await keepsakes.read('placement', KEPT_AS);
    if (!kept || Object.keys(answers()).length > 0) return;
    setAnswers(kept.contents);
    setDone(true);
  });
  const left = () => props.questions.filter(({ id }) => !answers()[id]).length;
  const suggest = (event: SubmitEvent) => {
    event.preventDefault();
    if (left() > 0) return;
    setDone(true);
    result?.focus();
    void keepsakes.keep('placement', KEPT_AS, answers());
  };
  const again = () => {
    setDone(false);
    setAnswers({});
    void keepsakes.forget('placement', KEPT_AS);
  };
  return (
    <div class="quiz placement">
      <form onSubmit={suggest} aria-label="Where to begin">
        <For each={props.questions}>
          {({ id, question, choices }) => (
            <fieldset disabled={done()}>
              <legend>{question}</legend>
              <Choices
                of={choices}
                several={false}
                chosen={[answers()[id] ?? '']}
                toggle={(choice) => setAnswers({ ...answers(), [id]: choice })}
              />
            </fieldset>
          )}
        </For>
        <Show when={!done()}>
          <div class="placement-end">
            <button type="submit" class="act primary" disabled={left() > 0}>
              Suggest a way
            </button>
            <p role="status">{left() > 0 ? `${left()} to answer.` : ''}</p>
          </div>
        </Show>
      </form>
      <section class="suggested" ref={result} tabindex="-1" aria-label="What is suggested">
        <Show when={done()}>
          <Suspense>
            <Suggested questions={props.questions} answers={answers()} places={props.places} />
          </Suspense>
          <button type="button" class="act" onClick={again}>
            Answer again
          </button>
        </Show>
      </section>
    </div>
  );
}

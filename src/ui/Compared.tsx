import { For, Show } from 'solid-js';
import type { Prediction } from '../session/keep/keepsake.ts';
import { isRight, type QuizChoice } from './quiz.ts';

/** How well the reader knew what she knew: what she was sure of and got wrong is worth the most. */
const COMPARED: Readonly<Record<string, { readonly right: string; readonly wrong: string }>> = {
  'a guess': { right: 'A guess, and right.', wrong: 'You said it was a guess.' },
  'fairly sure': { right: 'You were fairly sure, and right.', wrong: 'You were fairly sure.' },
  certain: {
    right: 'You were certain, and right.',
    wrong: 'You were certain: this is the one to remember.',
  },
};

/** A prediction that is kept: what was said, and beside it what the cluster says, once it is known. */
export function Compared(props: {
  prediction: Prediction;
  choices: readonly QuizChoice[];
  known: boolean;
}) {
  const labels = (ids: readonly string[]) =>
    props.choices
      .filter(({ id }) => ids.includes(id))
      .map(({ label }) => label)
      .join(', ') || 'none of them';
  const right = () => props.choices.filter((choice) => choice.right).map(({ id }) => id);
  const isAsSaid = () => isRight(props, props.prediction.chosen);
  const verdict = () => {
    const compared = COMPARED[props.prediction.sure];
    return isAsSaid()
      ? `As you said: ${labels(right())}. ${compared?.right ?? ''}`
      : `You said ${labels(props.prediction.chosen)}. The cluster says: ${labels(right())}. ${compared?.wrong ?? ''}`;
  };
  return (
    <Show
      when={props.known}
      fallback={
        <p>
          Kept: {labels(props.prediction.chosen)}, {props.prediction.sure}. Now ask the database.
        </p>
      }
    >
      <p class="verdict" data-right={isAsSaid()}>
        {verdict()}
      </p>
      <ul>
        <For
          each={props.choices.filter(
            ({ id, right }) => right || props.prediction.chosen.includes(id),
          )}
        >
          {(choice) => (
            <li>
              <strong>{choice.label}.</strong> {choice.why}
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

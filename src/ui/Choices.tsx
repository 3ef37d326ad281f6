import { createSignal, createUniqueId, For } from 'solid-js';
import type { QuizChoice } from './quiz.ts';
import './choices.css';

/** What a reader has chosen so far; of a question with one answer, the last choice alone. */
export function createChoice(several: () => boolean) {
  const [chosen, setChosen] = createSignal<readonly string[]>([]);
  const toggle = (id: string, on: boolean) => {
    if (!several()) setChosen([id]);
    else setChosen(on ? [...chosen(), id] : chosen().filter((other) => other !== id));
  };
  return { chosen, toggle, clear: () => setChosen([]) };
}

/** The choices of a question: one of them, or several. */
export function Choices(props: {
  of: readonly Pick<QuizChoice, 'id' | 'label'>[];
  several: boolean;
  chosen: readonly string[];
  toggle: (id: string, on: boolean) => void;
}) {
  const group = createUniqueId();
  return (
    <For each={props.of}>
      {(choice) => (
        <label class="option">
          <input
            type={props.several ? 'checkbox' : 'radio'}
            name={group}
            value={choice.id}
            checked={props.chosen.includes(choice.id)}
            onChange={(event) => props.toggle(choice.id, event.currentTarget.checked)}
          />
          <span>{choice.label}</span>
        </label>
      )}
    </For>
  );
}

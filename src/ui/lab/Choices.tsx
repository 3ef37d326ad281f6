import { For } from 'solid-js';
import type { Question } from '../../lab/answers.ts';
import { ServerText } from '../Pieces.tsx';
import { Inline } from './Inline.tsx';

/** One of several, as radio buttons. */
export function Choices(props: {
  question: Extract<Question, { kind: 'choice' }>;
  group: string;
  text: string;
  onChange: (text: string) => void;
}) {
  return (
    <fieldset>
      <legend>
        <Inline text={props.question.ask} />
      </legend>
      <For each={props.question.options}>
        {(option) => (
          <label class="choice">
            <input
              type="radio"
              name={props.group}
              value={option.id}
              checked={props.text === option.id}
              onChange={() => props.onChange(option.id)}
            />
            <span>
              <ServerText text={option.label} />
            </span>
          </label>
        )}
      </For>
    </fieldset>
  );
}

import { For } from 'solid-js';

/** A value out of a few, in a list to choose from; one that is none of the few stands among them. */
export function Choice(props: {
  label: string;
  /** What it belongs to, for those who do not see where it stands. */
  of: string;
  value: number;
  values: readonly number[];
  words: (value: number) => string;
  choose: (value: number) => void;
}) {
  const values = () => [...new Set([...props.values, props.value])].sort((a, b) => a - b);
  return (
    <label class="choice">
      <span>
        {props.label} <span class="visually-hidden">{props.of}</span>
      </span>
      <select onChange={(event) => props.choose(Number(event.currentTarget.value))}>
        <For each={values()}>
          {(value) => (
            <option value={value} selected={value === props.value}>
              {props.words(value)}
            </option>
          )}
        </For>
      </select>
    </label>
  );
}

import { For } from 'solid-js';
import { inlineMarks } from './inline-marks.ts';

/** A line of a lab's own text, with its marks for code and emphasis. */
export function Inline(props: { text: string }) {
  return (
    <For each={inlineMarks(props.text)}>
      {({ kind, text }) => {
        if (kind === 'code') return <code>{text}</code>;
        return kind === 'em' ? <em>{text}</em> : text;
      }}
    </For>
  );
}

import { type Accessor, createSignal } from 'solid-js';

/** What the field of patroni.yml of a figure with real servers holds; null: what its cluster began with. */
export interface GovernedFileText {
  readonly text: Accessor<string | null>;
  readonly setText: (text: string) => void;
}

const texts = new Map<string, GovernedFileText>();

/** All islands of the page share it. */
export function governedFile(figure: string): GovernedFileText {
  let known = texts.get(figure);
  if (known === undefined) {
    const [text, setText] = createSignal<string | null>(null);
    known = { text, setText };
    texts.set(figure, known);
  }
  return known;
}

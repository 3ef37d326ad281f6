import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js';
import type { Box } from './cable-path.ts';

export type Boxes = ReadonlyMap<string, Box>;

/** Where the cards with `data-node` stand within an element, measured again whenever one of them changes its size. */
export function useBoxes(
  stage: Accessor<HTMLElement | undefined>,
  names: Accessor<readonly string[]>,
) {
  const [boxes, setBoxes] = createSignal<Boxes>(new Map());
  createEffect(() => {
    names();
    const element = stage();
    if (!element) return;
    const measure = () => {
      const origin = element.getBoundingClientRect();
      const cards = [...element.querySelectorAll<HTMLElement>('[data-node]')];
      setBoxes(
        new Map(
          cards.map((card) => {
            const { left, top, width, height } = card.getBoundingClientRect();
            const box = { left: left - origin.left, top: top - origin.top, width, height };
            return [card.dataset.node ?? '', box];
          }),
        ),
      );
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const card of element.querySelectorAll('[data-node]')) observer.observe(card);
    onCleanup(() => observer.disconnect());
  });
  return boxes;
}

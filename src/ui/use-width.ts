import { createSignal, onCleanup } from 'solid-js';

/** The width of an element in CSS pixels, and what to give it as its `ref`. */
export function useWidth() {
  const [width, setWidth] = createSignal(0);
  const measured = (element: Element) => {
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(element);
    onCleanup(() => observer.disconnect());
  };
  return [width, measured] as const;
}

import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js';

const EVERY_MS = 150;

/** A value as it is a few times a second: for what takes longer to draw than a page's frame. Its last change is never left out. */
export function useCalm<T>(value: Accessor<T>): Accessor<T> {
  const [calm, setCalm] = createSignal(value());
  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(
    on(value, () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setCalm(() => value());
      }, EVERY_MS);
    }),
  );
  onCleanup(() => clearTimeout(timer));
  return calm;
}

import { lazy, Show, Suspense } from 'solid-js';
import { useLab } from './lab-state.ts';

const HandInForm = lazy(async () => ({ default: (await import('./HandInForm.tsx')).HandInForm }));

/** Writes the file that an instructor grades again. What it holds is said before it is written. */
export function HandIn() {
  const { checkedHere } = useLab();
  return (
    <section class="lab-hand-in" aria-label="Hand in">
      <h2>Hand in</h2>
      <Show
        when={checkedHere()}
        fallback={
          <p class="soft">
            Have your work checked first. Then this writes a file with it, which your instructor
            does again and compares. Nothing is sent anywhere.
          </p>
        }
      >
        {(checked) => (
          <Suspense>
            <HandInForm checked={checked()} />
          </Suspense>
        )}
      </Show>
    </section>
  );
}

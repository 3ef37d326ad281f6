import { lazy, Show, Suspense } from 'solid-js';
import { useFigure } from './figure-session.ts';

const Busy = lazy(async () => ({ default: (await import('./Told.tsx')).Busy }));
const Words = lazy(async () => ({ default: (await import('./Told.tsx')).Words }));
const Fork = lazy(async () => ({ default: (await import('./Fork.tsx')).Fork }));
const Incoming = lazy(async () => ({ default: (await import('./Incoming.tsx')).Incoming }));

/**
 * What the page has to say about the run: a statement that hangs the worker, a question, a refusal. It stands at the
 * lower edge of the window, for what caused it may be far from the figure, in the prose.
 */
export function Notices(props: { figure: string }) {
  const { snapshot, pick } = useFigure(props.figure);
  const busy = pick((s) => s.busy);
  return (
    <div class="notices">
      <div aria-live="assertive">
        <Show when={busy()}>
          <Suspense>
            <Busy figure={props.figure} />
          </Suspense>
        </Show>
      </div>
      <Show when={snapshot().fork}>
        {(fork) => (
          <Suspense>
            <Fork figure={props.figure} forgets={fork().forgets} />
          </Suspense>
        )}
      </Show>
      <Show when={snapshot().incoming}>
        <Suspense>
          <Incoming figure={props.figure} />
        </Suspense>
      </Show>
      <div aria-live="polite">
        <Show when={snapshot().notice}>
          {(words) => (
            <Suspense>
              <Words figure={props.figure} words={words()} />
            </Suspense>
          )}
        </Show>
      </div>
    </div>
  );
}

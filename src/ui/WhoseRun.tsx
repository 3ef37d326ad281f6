import { lazy, Show, Suspense } from 'solid-js';
import { useFigure } from './figure-session.ts';
import './keep.css';

const WhoseWords = lazy(async () => ({ default: (await import('./WhoseWords.tsx')).WhoseWords }));

/** Says so while the open run is not saved: a shared one, one that another tab saves, one that the browser refuses. */
export function WhoseRun(props: { figure: string }) {
  const { pick } = useFigure(props.figure);
  const unsaved = pick(
    ({ shared, view, elsewhere, unsaved }) =>
      (shared !== null && view !== null) || elsewhere || unsaved !== null,
  );
  return (
    <div class="whose" role="status">
      <Show when={unsaved()}>
        <Suspense>
          <WhoseWords figure={props.figure} />
        </Suspense>
      </Show>
    </div>
  );
}

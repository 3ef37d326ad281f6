import { lazy, Show, Suspense } from 'solid-js';
import { shownView } from '../session/snapshot.ts';
import { useFigure } from './figure-session.ts';

const StallTable = lazy(() => import('./load/StallTable.tsx'));

/** In the prose: how long the clients of a figure stood behind what was run. Fetched with the run. */
export default function Stalls(props: { figure: string; limitMs?: number }) {
  const { pick } = useFigure(props.figure);
  const runs = pick((s) => shownView(s) !== null);
  return (
    <div class="stalls-place">
      <Show when={runs()} fallback={<p>Start the cluster to see how long its clients stand.</p>}>
        <Suspense>
          <StallTable figure={props.figure} limitMs={props.limitMs} />
        </Suspense>
      </Show>
    </div>
  );
}

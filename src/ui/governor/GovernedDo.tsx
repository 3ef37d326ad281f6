import { createSignal, lazy, onMount, Show, Suspense } from 'solid-js';
import type { DeedsOfProse } from './GovernedDeeds.tsx';
import '../step.css';

const GovernedDeeds = lazy(() => import('./GovernedDeeds.tsx'));

/** What is done from the prose to real servers and to what governs them; fetched once the page is alive. */
export default function GovernedDo(props: DeedsOfProse) {
  const [alive, setAlive] = createSignal(false);
  onMount(() => setAlive(true));
  return (
    <div class="step do" data-figure={props.figure}>
      <Show when={alive()}>
        <Suspense>
          <GovernedDeeds {...props} />
        </Suspense>
      </Show>
    </div>
  );
}

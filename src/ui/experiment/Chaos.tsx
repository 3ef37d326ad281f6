import { createSignal, lazy, onMount, Show, Suspense } from 'solid-js';
import '../step.css';
import './experiment.css';

const Form = lazy(async () => ({
  default: (await import('./ChaosForm.tsx')).ChaosForm,
}));

/** The chaos console. Its form comes by itself: what it knows of schedules would otherwise weigh on every page. */
export default function Chaos(props: { figure: string }) {
  const [there, setThere] = createSignal(false);
  onMount(() => setThere(true));
  return (
    <div class="chaos">
      <Show when={there()}>
        <Suspense fallback={<p role="status">Fetching the console…</p>}>
          <Form figure={props.figure} />
        </Suspense>
      </Show>
    </div>
  );
}

import { createSignal, lazy, onMount, Show, Suspense } from 'solid-js';
import { governorSession } from './governor-session.ts';
import '../figure.css';

const GovernorBench = lazy(async () => ({
  default: (await import('./GovernorBench.tsx')).GovernorBench,
}));

/** A governed cluster in the page. Nothing is fetched before someone asks for it. */
export default function GovernorFigure(props: {
  id: string;
  title: string;
  /** The patroni.yml that it begins with, on every node. */
  yml: string;
}) {
  const session = governorSession(props.id);
  const [loading, setLoading] = createSignal(false);
  const [alive, setAlive] = createSignal(false);
  onMount(() => setAlive(true));
  const start = async () => {
    setLoading(true);
    await session.bootstrap(props.yml);
    setLoading(false);
  };
  return (
    <section class="figure wide governor" aria-label={props.title} data-governor={props.id}>
      <header class="figure-head">
        <h2>{props.title}</h2>
      </header>
      <Show
        when={session.snapshot()}
        fallback={
          <div class="start">
            <button
              type="button"
              class="act primary"
              disabled={!alive() || loading()}
              onClick={() => void start()}
            >
              Start the governed cluster
            </button>
            <p class="size">
              Three nodes with a Patroni each, a DCS of three members, a proxy: nothing large to
              fetch.
            </p>
          </div>
        }
      >
        <Suspense fallback={<p role="status">One moment…</p>}>
          <GovernorBench figure={props.id} yml={props.yml} />
        </Suspense>
      </Show>
    </section>
  );
}

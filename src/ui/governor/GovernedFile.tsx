import { createSignal, onMount, Show } from 'solid-js';
import { useFigure } from '../figure-session.ts';
import { governedFile } from './governed-file.ts';
import '../step.css';

/** Some lines of a patroni.yml in the prose, and a button that starts real servers anew under the whole file. */
export default function GovernedFile(props: {
  figure: string;
  /** The lines that matter. */
  shows: string;
  /** The whole file. */
  yml: string;
  /** Nodes that have no watchdog device. */
  withoutWatchdog?: readonly string[];
}) {
  const { session } = useFigure(props.figure);
  const [alive, setAlive] = createSignal(false);
  onMount(() => setAlive(true));
  const bootstrap = async () => {
    const { bootstrapFigure } = await import('./bootstrap-figure.ts');
    await bootstrapFigure(props.figure, session, props.yml, props.withoutWatchdog);
  };
  return (
    <div class="step">
      <div class="step-ask">
        <p class="place">
          patroni.yml of all three nodes
          {props.withoutWatchdog?.length
            ? `; no watchdog device on ${props.withoutWatchdog.join(', ')}`
            : ''}
        </p>
        <pre>
          <code>{props.shows}</code>
        </pre>
        <button
          type="button"
          class="act primary"
          disabled={!alive()}
          onClick={() => void bootstrap()}
        >
          New servers with this
        </button>
      </div>
      <p class="visually-hidden" role="status">
        <Show when={governedFile(props.figure).text() === props.yml}>
          The servers were started anew with these lines.
        </Show>
      </p>
    </div>
  );
}

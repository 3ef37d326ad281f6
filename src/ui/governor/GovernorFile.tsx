import { createSignal, onMount, Show } from 'solid-js';
import { governorSession } from './governor-session.ts';
import '../step.css';

/** Some lines of a patroni.yml in the prose, and a button that bootstraps a new cluster with the whole file. */
export default function GovernorFile(props: {
  figure: string;
  /** The lines that matter. */
  shows: string;
  /** The whole file. */
  yml: string;
  /** Nodes that have no watchdog device. */
  withoutWatchdog?: readonly string[];
}) {
  const session = governorSession(props.figure);
  const [alive, setAlive] = createSignal(false);
  onMount(() => setAlive(true));
  const current = () => session.began() !== null && session.text() === props.yml;
  return (
    <div class="step">
      <div class="step-ask">
        <p class="place">
          patroni.yml of all three nodes
          {props.withoutWatchdog
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
          onClick={() => void session.bootstrap(props.yml, [...(props.withoutWatchdog ?? [])])}
        >
          New cluster with this
        </button>
      </div>
      <p class="visually-hidden" role="status">
        <Show when={current()}>The cluster above was bootstrapped with these lines.</Show>
      </p>
    </div>
  );
}

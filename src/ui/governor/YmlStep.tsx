import { createSignal, onMount, Show } from 'solid-js';
import '../step.css';

/** Some lines of a patroni.yml in the prose. */
export interface YmlOfProse {
  readonly figure: string;
  /** The lines that matter. */
  readonly shows: string;
  /** The whole file. */
  readonly yml: string;
  /** Nodes that have no watchdog device. */
  readonly withoutWatchdog?: readonly string[];
}

/** Lines of a patroni.yml, a button that begins anew with the whole file, and word of it to who cannot see. */
export function YmlStep(props: {
  file: YmlOfProse;
  button: string;
  begin: () => void;
  /** Whether the figure runs with this file. */
  current: boolean;
  began: string;
}) {
  const [alive, setAlive] = createSignal(false);
  onMount(() => setAlive(true));
  return (
    <div class="step">
      <div class="step-ask">
        <p class="place">
          patroni.yml of all three nodes
          {props.file.withoutWatchdog?.length
            ? `; no watchdog device on ${props.file.withoutWatchdog.join(', ')}`
            : ''}
        </p>
        <pre>
          <code>{props.file.shows}</code>
        </pre>
        <button type="button" class="act primary" disabled={!alive()} onClick={() => props.begin()}>
          {props.button}
        </button>
      </div>
      <p class="visually-hidden" role="status">
        <Show when={props.current}>{props.began}</Show>
      </p>
    </div>
  );
}

import { createSignal, onMount, Show } from 'solid-js';
import { work } from '../../session/keep/page-work.ts';
import { bytesOf } from '../time-words.ts';

/** What has to be typed before everything goes. */
const WORD = 'delete';

/** How much is kept, how safely, and how to be rid of it. */
export function DeviceStorage(props: { bytes: number; changed: () => Promise<void> }) {
  const [used, setUsed] = createSignal<number | null>(null);
  const [lasts, setLasts] = createSignal<boolean | null>(null);
  const [typed, setTyped] = createSignal('');
  const [said, setSaid] = createSignal('');
  onMount(async () => {
    setUsed((await navigator.storage?.estimate?.())?.usage ?? null);
    setLasts((await navigator.storage?.persisted?.()) ?? null);
  });
  const ask = async () => {
    const granted = await navigator.storage.persist();
    setLasts(granted);
    if (!granted) setSaid('The browser does not promise it. Export everything from time to time.');
  };
  const deleteAll = async (event: SubmitEvent) => {
    event.preventDefault();
    if (typed().trim().toLowerCase() !== WORD) return;
    const refusal = await work.deleteEverything();
    setTyped('');
    setSaid(refusal ? `Nothing is deleted: ${refusal}.` : 'Everything is deleted.');
    await props.changed();
  };
  return (
    <section class="device" aria-labelledby="device">
      <h2 id="device">On this device</h2>
      <p>
        Your work takes {bytesOf(props.bytes)}
        <Show when={used()}>
          {(bytes) => <> of the {bytesOf(bytes())} that the whole site has stored here</>}
        </Show>
        . <Show when={lasts() === true}>The browser has promised not to clear it by itself.</Show>
        <Show when={lasts() === false}>
          The browser may clear it when space runs short, or when you have not come back for weeks.
        </Show>
      </p>
      <Show when={lasts() === false}>
        <button type="button" class="act" onClick={() => void ask()}>
          Ask the browser to keep it
        </button>
      </Show>
      <form class="delete" onSubmit={(event) => void deleteAll(event)}>
        <label>
          <span>
            To delete everything that is kept here, type <kbd>{WORD}</kbd>
          </span>
          <input
            type="text"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            value={typed()}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="act" disabled={typed().trim().toLowerCase() !== WORD}>
          Delete everything
        </button>
      </form>
      <p class="said" role="status">
        {said()}
      </p>
    </section>
  );
}

import { createSignal, For, onMount, Show } from 'solid-js';
import type { PlayAction } from '../../ha/play/play.ts';
import { deedWords } from './deed-words.ts';
import { governorSession, type ScriptStep } from './governor-session.ts';
import '../step.css';

/** What is done to a governed cluster from the prose: buttons for single deeds, or one button for several in a row. */
export default function GovernorDo(props: {
  figure: string;
  deeds?: readonly PlayAction[];
  /** Deeds in a row, with the time that passes between them. */
  script?: readonly ScriptStep[];
}) {
  const session = governorSession(props.figure);
  const [alive, setAlive] = createSignal(false);
  onMount(() => setAlive(true));
  const ready = () => alive() && session.snapshot() !== null;
  return (
    <div class="step do">
      <Show when={props.script}>
        {(script) => (
          <>
            <ol class="script">
              <For each={script()}>
                {({ wait, deed }) => (
                  <li>
                    {wait === undefined ? '' : `${wait} s later: `}
                    {deedWords(deed)}
                  </li>
                )}
              </For>
            </ol>
            <button
              type="button"
              class="act"
              disabled={!ready()}
              onClick={() => session.perform(script())}
            >
              Do this
            </button>
          </>
        )}
      </Show>
      <Show when={props.deeds}>
        {(deeds) => (
          <div class="tool-row">
            <For each={deeds()}>
              {(deed) => (
                <button
                  type="button"
                  class="act"
                  disabled={!ready()}
                  onClick={() => session.act(deed)}
                >
                  {deedWords(deed)}
                </button>
              )}
            </For>
          </div>
        )}
      </Show>
      <Show when={alive() && session.snapshot() === null}>
        <p class="asleep">This works once the governed cluster above runs.</p>
      </Show>
    </div>
  );
}

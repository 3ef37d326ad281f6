import { createSignal, For, Show } from 'solid-js';
import { runFileName } from '../session/run-file.ts';
import type { EarlierWork as Earlier } from '../session/snapshot.ts';
import { download } from './download.ts';
import { useFigure } from './figure-session.ts';
import { actionsInWords, clockTime, dayAndTime } from './time-words.ts';

/** How a run came to be put aside. */
const WHY: Readonly<Record<Earlier['why'], string>> = {
  reset: 'before a reset',
  import: 'before a run was opened from a file',
  exchange: 'exchanged for another run',
  fork: 'before it went on in another way',
  'shared run': 'before you went on with a shared run',
  'other tab': 'from another tab',
  unfit: 'found when the page was opened',
};

/** Runs that were put aside on this device. Nothing but the reader deletes them. */
export function EarlierWork(props: { figure: string }) {
  const { snapshot } = useFigure(props.figure);
  return (
    <Show when={snapshot().earlier.length > 0}>
      <section class="earlier" aria-label="Earlier work">
        <h4>Earlier work</h4>
        <ul>
          <For each={snapshot().earlier.toReversed()}>
            {(run) => <Item figure={props.figure} run={run} />}
          </For>
        </ul>
      </section>
    </Show>
  );
}

function Item(props: { figure: string; run: Earlier }) {
  const { session } = useFigure(props.figure);
  const [asks, setAsks] = createSignal(false);
  let remove: HTMLButtonElement | undefined;
  const { exchange } = session;
  const name = () =>
    `${actionsInWords(props.run.actions)}, ${clockTime(props.run.until)} long, put aside ${dayAndTime(props.run.savedAt)}`;
  const take = async () => {
    const text = await exchange.earlierText(props.run.of);
    if (text !== null) download(runFileName(props.figure), text);
  };
  const leave = () => {
    setAsks(false);
    remove?.focus();
  };
  return (
    <li>
      <p>
        {name()} <span class="why">({WHY[props.run.why]})</span>
        <Show when={props.run.unfit}>
          {(why) => (
            <span class="unfit">It cannot be opened here: {why()}. It can be exported.</span>
          )}
        </Show>
      </p>
      <Show
        when={asks()}
        fallback={
          <div class="tool-row">
            <Show when={props.run.unfit === null}>
              <button
                type="button"
                class="act"
                aria-label={`Open the run: ${name()}`}
                onClick={() => void exchange.openEarlier(props.run.of)}
              >
                Open
              </button>
            </Show>
            <button
              type="button"
              class="act"
              aria-label={`Export the run: ${name()}`}
              onClick={() => void take()}
            >
              Export
            </button>
            <button
              type="button"
              class="act"
              ref={remove}
              aria-label={`Delete the run: ${name()}`}
              onClick={() => setAsks(true)}
            >
              Delete
            </button>
          </div>
        }
      >
        <div class="tool-row">
          <span>Delete it for good?</span>
          <button
            type="button"
            class="act primary"
            aria-label={`Delete for good: ${name()}`}
            ref={(button) => queueMicrotask(() => button.focus())}
            onClick={() => void exchange.deleteEarlier(props.run.of)}
          >
            Delete
          </button>
          <button type="button" class="act" onClick={leave}>
            Keep it
          </button>
        </div>
      </Show>
    </li>
  );
}

import { createSignal, Show } from 'solid-js';
import type { EarlierWork } from '../session/snapshot.ts';
import { actionsInWords, clockTime, dayAndTime } from './time-words.ts';
import './keep.css';

/** How a run came to be put aside. */
const WHY: Readonly<Record<EarlierWork['why'], string>> = {
  reset: 'before a reset',
  import: 'before a run came from a file',
  exchange: 'exchanged for another run',
  fork: 'before it went on in another way',
  'shared run': 'before you went on with a shared run',
  'other tab': 'from another tab',
  unfit: 'found when the page was opened',
};

/** A run that was put aside. It is deleted only after a second press. */
export function EarlierItem(props: {
  run: EarlierWork;
  /** Its figure or lab, where the list does not say it. */
  place?: { readonly title: string; readonly href: string };
  /** Where it can be opened here. */
  open?: () => void;
  take: () => void;
  remove: () => void;
}) {
  const [asks, setAsks] = createSignal(false);
  let remove: HTMLButtonElement | undefined;
  const name = () =>
    `${actionsInWords(props.run.actions)}, ${clockTime(props.run.until)} long, put aside ${dayAndTime(props.run.savedAt)}`;
  const full = () => (props.place ? `${props.place.title}: ${name()}` : name());
  const leave = () => {
    setAsks(false);
    remove?.focus();
  };
  return (
    <li>
      <p>
        <Show when={props.place}>
          {(place) => (
            <>
              <a href={place().href}>{place().title}</a>:{' '}
            </>
          )}
        </Show>
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
            <Show when={props.run.unfit === null && props.open}>
              {(open) => (
                <button
                  type="button"
                  class="act"
                  aria-label={`Open the run: ${full()}`}
                  onClick={() => open()()}
                >
                  Open
                </button>
              )}
            </Show>
            <button
              type="button"
              class="act"
              aria-label={`Export the run: ${full()}`}
              onClick={() => props.take()}
            >
              Export
            </button>
            <button
              type="button"
              class="act"
              ref={remove}
              aria-label={`Delete the run: ${full()}`}
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
            aria-label={`Delete for good: ${full()}`}
            ref={(button) => queueMicrotask(() => button.focus())}
            onClick={() => props.remove()}
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

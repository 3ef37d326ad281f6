import { createEffect, createSignal, For, on, onCleanup, Show } from 'solid-js';
import { shownEvents } from '../session/snapshot.ts';
import { useFigure } from './figure-session.ts';
import { clockTime } from './time-words.ts';

const RECENT = 100;
const NEAR_END_PX = 40;
/** A screen reader is told of new events at most this often, and only how many and the last one. */
const ANNOUNCE_EVERY_MS = 4_000;

/** What happened in the cluster, in words, the newest last. */
export function EventLog(props: { figure: string }) {
  const { pick } = useFigure(props.figure);
  const events = pick(shownEvents);
  const [limit, setLimit] = createSignal(RECENT);
  const [announced, setAnnounced] = createSignal('');
  let list: HTMLDivElement | undefined;
  /** It follows the newest event, until someone scrolls up to read. */
  let atEnd = true;
  const scrolled = (box: HTMLDivElement) => {
    atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX;
  };
  let told = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const announce = () => {
    timer = undefined;
    const fresh = events().length - told;
    told = events().length;
    const last = events().at(-1);
    if (fresh > 0 && last) setAnnounced(`${fresh} new events. Last: ${last.words}`);
  };
  createEffect(
    on(events, () => {
      if (atEnd) queueMicrotask(() => list?.scrollTo({ top: list.scrollHeight }));
      timer ??= setTimeout(announce, ANNOUNCE_EVERY_MS);
    }),
  );
  onCleanup(() => clearTimeout(timer));

  return (
    <section class="event-log" aria-label="Event log">
      <h3>What happened</h3>
      <p class="visually-hidden" aria-live="polite">
        {announced()}
      </p>
      <Show when={events().length > limit()}>
        <button type="button" class="quiet" onClick={() => setLimit(limit() + RECENT)}>
          Show {Math.min(RECENT, events().length - limit())} earlier
        </button>
      </Show>
      <div
        ref={list}
        onScroll={(event) => scrolled(event.currentTarget)}
        class="events"
        role="log"
        aria-live="off"
        aria-label="Events"
        tabindex="0"
      >
        <ol>
          <For each={events().slice(-limit())}>
            {(event) => (
              <li data-kind={event.kind}>
                <time>{clockTime(event.at)}</time> <span>{event.words}</span>
              </li>
            )}
          </For>
        </ol>
        <Show when={events().length === 0}>
          <p class="empty">Nothing has happened yet.</p>
        </Show>
      </div>
    </section>
  );
}

import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js';
import { shownNow } from '../../session/snapshot.ts';
import { useBench } from '../bench-state.ts';
import { clockTime } from '../time-words.ts';
import { type EventFilter, type EventGroup, GROUPS, passes } from './event-groups.ts';

const RECENT = 100;
/** Looking back, so many later entries stay in sight. */
const LATER = 30;
const NEAR_END_PX = 40;
/** A screen reader is told of new events at most this often, and only how many and the last one. */
const ANNOUNCE_EVERY_MS = 4_000;

/** What happened in the cluster, in words, the newest last. An entry leads to its moment. */
export function EventLog() {
  const { session, pick, pickList } = useBench();
  const events = pick((s) => s.events);
  const nodes = pickList((s) => s.view?.nodes.map(({ name }) => name) ?? []);
  const now = pick(shownNow);
  const looks = pick((s) => s.lookingAt !== null);
  const [filter, setFilter] = createSignal<EventFilter>({ group: null, node: null });
  const [limit, setLimit] = createSignal(RECENT);
  const [announced, setAnnounced] = createSignal('');
  const passing = createMemo(() => {
    const { group, node } = filter();
    return group === null && node === null ? events() : events().filter((e) => passes(e, filter()));
  });
  /** Where the entries of the shown moment end. */
  const reached = createMemo(() =>
    looks() ? passing().findLastIndex(({ at }) => at <= now()) + 1 : passing().length,
  );
  const end = () => Math.min(passing().length, reached() + (looks() ? LATER : 0));
  const entries = createMemo(() => passing().slice(Math.max(0, end() - limit()), end()));
  const current = () => passing()[reached() - 1];

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
    if (fresh > 0 && last)
      setAnnounced(`${fresh} new ${fresh === 1 ? 'event' : 'events'}. Last: ${last.words}`);
  };
  createEffect(
    on([events, now], () => {
      queueMicrotask(() => {
        const box = list;
        if (!box) return;
        if (looks()) showWithin(box, box.querySelector('[aria-current]'));
        else if (atEnd) box.scrollTo({ top: box.scrollHeight });
      });
      timer ??= setTimeout(announce, ANNOUNCE_EVERY_MS);
    }),
  );
  onCleanup(() => clearTimeout(timer));

  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus();
  };

  return (
    <section class="event-log" aria-label="Event log">
      <p class="visually-hidden" aria-live="polite">
        {announced()}
      </p>
      <div class="tool-row">
        <label class="choice">
          <span>show</span>
          <select
            onChange={(event) =>
              setFilter({ ...filter(), group: (event.currentTarget.value || null) as EventGroup })
            }
          >
            <option value="">everything</option>
            <For each={GROUPS}>{({ group, words }) => <option value={group}>{words}</option>}</For>
          </select>
        </label>
        <label class="choice">
          <span>of</span>
          <select
            onChange={(event) =>
              setFilter({ ...filter(), node: event.currentTarget.value || null })
            }
          >
            <option value="">every node</option>
            <For each={nodes()}>{(node) => <option value={node}>{node}</option>}</For>
          </select>
        </label>
        <Show when={end() > limit()}>
          <button type="button" class="quiet" onClick={() => setLimit(limit() + RECENT)}>
            Show {Math.min(RECENT, end() - limit())} earlier
          </button>
        </Show>
      </div>
      <div
        ref={list}
        onScroll={(event) => scrolled(event.currentTarget)}
        onKeyDown={onKeyDown}
        class="events"
        role="log"
        aria-live="off"
        aria-label="Events"
      >
        <ol>
          <For each={entries()}>
            {(event) => (
              <li
                data-kind={event.kind}
                data-later={event.at > now()}
                aria-current={event === current() && looks() ? 'step' : undefined}
              >
                <button
                  type="button"
                  tabindex={event === current() ? 0 : -1}
                  title="Show this moment"
                  onClick={() => session.look(event.at)}
                >
                  <time>{clockTime(event.at)}</time>
                </button>
                <span>{event.words}</span>
              </li>
            )}
          </For>
        </ol>
        <Show when={entries().length === 0}>
          <p class="empty">Nothing of that kind has happened yet.</p>
        </Show>
      </div>
    </section>
  );
}

/** Scrolls a box, and nothing around it, until an entry shows. */
function showWithin(box: HTMLElement, entry: Element | null): void {
  if (!(entry instanceof HTMLElement)) return;
  const top = entry.offsetTop;
  if (top < box.scrollTop) box.scrollTop = top - entry.offsetHeight;
  const bottom = top + 2 * entry.offsetHeight;
  if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
}

import { createMemo, For, Show } from 'solid-js';
import { shownNow } from '../../session/snapshot.ts';
import { useFigure } from '../figure-session.ts';
import { clockTime } from '../time-words.ts';
import { Inline } from './Inline.tsx';
import { useLab } from './lab-state.ts';
import './pager.css';

/** The pages that have come by the shown moment, the newest first. The clock stops at each (`stopsAt` of a lab's run): the night waits until it is read. */
export function Pager() {
  const { facts, figure } = useLab();
  const { pick } = useFigure(figure);
  const now = pick(shownNow);
  const count = createMemo(() => facts.pages.filter(({ at }) => at <= now()).length);
  const newest = () => facts.pages.slice(0, count()).toReversed();
  return (
    <section class="pager" aria-label="Pager">
      <h3>Pager</h3>
      <div role="log">
        <Show when={count() > 0} fallback={<p class="quiet-night">No page so far.</p>}>
          <ol>
            <For each={newest()}>
              {({ at, text }) => (
                <li>
                  <p>
                    <strong>{clockTime(at)}</strong> <Inline text={text} />
                  </p>
                </li>
              )}
            </For>
          </ol>
        </Show>
      </div>
    </section>
  );
}

import { createMemo, createSignal, For } from 'solid-js';
import type { GovernedSnapshot } from './governed-snapshot.ts';

/** Lines that every turn of a loop leaves. */
const EVERYDAY = /^(?:Lock owner: |no action\. I am )/;

/** Patroni's log of all nodes, the newest line first. */
export function PatroniLog(props: { snapshot: () => GovernedSnapshot }) {
  const [all, setAll] = createSignal(false);
  const lines = createMemo(() =>
    props
      .snapshot()
      .lines.filter(({ text }) => all() || !EVERYDAY.test(text))
      .toReversed(),
  );
  return (
    <>
      <label class="option">
        <input
          type="checkbox"
          checked={all()}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
        <span>also what every turn of the loop says</span>
      </label>
      <ol class="patroni-log" tabindex="0" aria-label="Patroni’s log, the newest line first">
        <For each={lines()} fallback={<li class="soft">Nothing out of the ordinary so far.</li>}>
          {({ at, node, level, text }) => (
            <li data-level={level}>
              <span class="soft">{(at / 1e6).toFixed(1)} s</span> <strong>{node}</strong> {level}:{' '}
              {text}
            </li>
          )}
        </For>
      </ol>
    </>
  );
}

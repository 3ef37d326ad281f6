import { For, Show } from 'solid-js';
import { ms, toMs } from '../sim/instant.ts';
import { useFigure } from './figure-session.ts';

/** One-way delays to choose from, from the next rack to another continent. */
const DELAYS_MS = [0.1, 1, 5, 20, 80, 250];

/** The cables of the cluster: their delay, and whether they are cut. */
export function LinkControls(props: { figure: string }) {
  const { session, snapshot, pickList } = useFigure(props.figure);
  const pairs = pickList((s) => (s.view?.links ?? []).map(({ a, b }) => `${a} ${b}`));
  return (
    <ul class="links" aria-label="Links between the nodes">
      <For each={pairs()}>
        {(pair) => {
          const [a = '', b = ''] = pair.split(' ');
          const link = () => snapshot().view?.links.find((l) => l.a === a && l.b === b);
          const cut = () => link()?.cut ?? false;
          const delayMs = () => toMs(link()?.delay ?? ms(0));
          const choices = () => [...new Set([...DELAYS_MS, delayMs()])].sort((x, y) => x - y);
          return (
            <li>
              <span class="pair">
                {a} – {b}
                <Show when={cut()}>
                  {' '}
                  <span class="badge status">cut</span>
                </Show>
              </span>
              <label>
                one way{' '}
                <select
                  aria-label={`Delay between ${a} and ${b}`}
                  onChange={(event) =>
                    void session.act({
                      kind: 'delay',
                      a,
                      b,
                      delay: ms(Number(event.currentTarget.value)),
                    })
                  }
                >
                  <For each={choices()}>
                    {(choice) => (
                      <option value={choice} selected={choice === delayMs()}>
                        {choice} ms
                      </option>
                    )}
                  </For>
                </select>
              </label>
              <button
                type="button"
                class="act"
                aria-pressed={cut()}
                onClick={() => void session.act({ kind: cut() ? 'heal' : 'cut', a, b })}
              >
                {cut() ? 'Heal' : 'Cut'}{' '}
                <span class="visually-hidden">
                  the link between {a} and {b}
                </span>
              </button>
            </li>
          );
        }}
      </For>
    </ul>
  );
}

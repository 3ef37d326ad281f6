import { For, Show } from 'solid-js';
import { runFileName } from '../session/run-file.ts';
import { download } from './download.ts';
import { EarlierItem } from './EarlierItem.tsx';
import { useFigure } from './figure-session.ts';

/** Runs of a figure that were put aside on this device. Nothing but the reader deletes them. */
export function EarlierWork(props: { figure: string }) {
  const { session, snapshot } = useFigure(props.figure);
  const take = async (of: string) => {
    const text = await session.exchange.earlierText(of);
    if (text !== null) download(runFileName(props.figure), text);
  };
  return (
    <Show when={snapshot().earlier.length > 0}>
      <section class="earlier" aria-label="Earlier work">
        <p class="earlier-title">Earlier work</p>
        <ul>
          <For each={snapshot().earlier.toReversed()}>
            {(run) => (
              <EarlierItem
                run={run}
                open={() => void session.exchange.openEarlier(run.of)}
                take={() => void take(run.of)}
                remove={() => void session.exchange.deleteEarlier(run.of)}
              />
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}

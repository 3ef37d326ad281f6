import { createMemo, For, Show } from 'solid-js';
import { shownEvents, shownStatements } from '../../session/snapshot.ts';
import { useFigure } from '../figure-session.ts';
import { useCalm } from '../use-calm.ts';
import { guestsInShort } from './guests-in-short.ts';
import { useLab } from './lab-state.ts';

/** The guests of a lab's app: where they read, and what they missed. */
export function Guests(props: { figure: string }) {
  const { facts } = useLab();
  const { snapshot } = useFigure(props.figure);
  const calm = useCalm(snapshot);
  const short = createMemo(() =>
    guestsInShort(facts.guests, shownStatements(calm()), shownEvents(calm())),
  );
  return (
    <section class="clients guests" aria-label="Guests">
      <header>
        <h3>Guests</h3>
        <p>
          {number(short().orders)} orders placed, {number(short().reads)} reads
        </p>
      </header>
      <dl>
        <For each={short().byNode}>
          {({ node, reads, share }) => (
            <>
              <dt>read on {node}</dt>
              <dd>
                {number(reads)}, {share} of 100
              </dd>
            </>
          )}
        </For>
        <dt>missed an order of her own</dt>
        <dd data-bad={short().stale > 0}>{number(short().stale)} reads</dd>
        <dt>saw less than before</dt>
        <dd data-bad={short().backward > 0}>{number(short().backward)} reads</dd>
        <Show when={short().faults > 0}>
          <dt>the router gave no decision</dt>
          <dd data-bad="true">{number(short().faults)} reads</dd>
        </Show>
      </dl>
      <p class="soft">
        Guests’ orders are written by PostgreSQL. Their reads are modelled: a node shows what it has
        replayed.
      </p>
    </section>
  );
}

const number = (count: number): string => count.toLocaleString('en');

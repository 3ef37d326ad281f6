import { createMemo, createSignal, For } from 'solid-js';
import { runInTurn } from '../session/run-in-turn.ts';
import { shownView } from '../session/snapshot.ts';
import { useFigure } from './figure-session.ts';
import './step.css';

/** Changes synchronous_standby_names as an operator does: ALTER SYSTEM, then a reload. */
export default function NamesToggle(props: {
  figure: string;
  node: string;
  choices: readonly string[];
}) {
  const { session, pick } = useFigure(props.figure);
  const names = pick((s) => shownView(s)?.synchronousStandbyNames ?? props.choices[0] ?? '');
  const [pending, setPending] = createSignal(false);
  const legend = createMemo(() => `synchronous_standby_names on ${props.node}`);
  const choose = async (value: string) => {
    setPending(true);
    const quoted = `'${value.replaceAll("'", "''")}'`;
    await runInTurn(session, props.node, 'operator', [
      `alter system set synchronous_standby_names = ${quoted};`,
      'select pg_reload_conf();',
    ]);
    setPending(false);
  };
  return (
    <fieldset class="step names" data-figure={props.figure} disabled={pending()}>
      <legend>
        <code>synchronous_standby_names</code>
        <span class="visually-hidden"> on {props.node}</span>
      </legend>
      <For each={props.choices}>
        {(choice) => (
          <button
            type="button"
            class="act"
            aria-label={`${labelOf(choice)} in ${legend()}`}
            aria-pressed={names() === choice}
            onClick={() => void choose(choice)}
          >
            {labelOf(choice)}
          </button>
        )}
      </For>
    </fieldset>
  );
}

const labelOf = (names: string): string => (names === '' ? "'' (empty)" : `'${names}'`);

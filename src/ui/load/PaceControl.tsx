import { createUniqueId, For } from 'solid-js';
import { shownView } from '../../session/snapshot.ts';
import { useFigure } from '../figure-session.ts';

const PACES: readonly (readonly [pace: number, words: string])[] = [
  [0, 'are away'],
  [0.5, 'come half as often'],
  [1, 'come as usual'],
  [2, 'come twice as often'],
  [5, 'come five times as often'],
];

/** How busy a population is: an action of the run, as everything that is done. */
export function PaceControl(props: { figure: string; population: string }) {
  const { session, pick } = useFigure(props.figure);
  const id = createUniqueId();
  const population = pick((s) =>
    shownView(s)?.populations.find(({ name }) => name === props.population),
  );
  const pace = () => population()?.pace ?? 0;
  const options = () =>
    PACES.some(([one]) => one === pace())
      ? PACES
      : [...PACES, [pace(), `come ${pace()} times as often`] as const];
  return (
    <p class="pace">
      <label for={id}>
        The {population()?.clients.length} clients <code>{props.population}</code> at{' '}
        {population()?.node}
      </label>{' '}
      <select
        id={id}
        value={String(pace())}
        onChange={(event) =>
          void session.act({
            kind: 'clients',
            population: props.population,
            pace: Number(event.currentTarget.value),
          })
        }
      >
        <For each={options()}>
          {([value, words]) => (
            <option value={String(value)} selected={value === pace()}>
              {words}
            </option>
          )}
        </For>
      </select>
    </p>
  );
}

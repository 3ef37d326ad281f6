import { createSignal, For, lazy, onMount, Show, Suspense } from 'solid-js';
import { configurations } from '../../experiment/configuration.ts';
import { CAPTAINS_EVENING, TWO_CAPTAINS } from '../../experiment/fault-plan.ts';
import type { ExperimentResult } from '../../session/experiment-protocol.ts';
import { keepsakes } from '../../session/keep/page-keep.ts';
import { useFigure } from '../figure-session.ts';
import { openResult } from './open-result.ts';
import { createRunning } from './running.ts';

const Cell = lazy(async () => ({
  default: (await import('./MatrixCell.tsx')).MatrixCell,
}));
const InvariantsOfAll = lazy(async () => ({
  default: (await import('./Invariants.tsx')).InvariantsOfAll,
}));
const Detail = lazy(async () => ({
  default: (await import('./MatrixCell.tsx')).MatrixDetail,
}));

/** The book’s own table, cell by cell, in short. */
const BOOK: Readonly<
  Record<string, { readonly kept: string; readonly goes: string; readonly time: string }>
> = {
  async: { kept: 'loss possible, 200 ms of it', goes: 'high', time: 'lowest' },
  write: {
    kept: 'loss possible if the standby crashes',
    goes: 'high',
    time: 'low',
  },
  apply: { kept: 'no loss', goes: 'medium', time: 'medium' },
  quorum: { kept: 'no loss', goes: 'high', time: 'medium' },
  all: { kept: 'no loss', goes: 'low', time: 'highest' },
};

/** The columns of what is measured. A reader predicts those that have a claim. */
export const COLUMNS = [
  { id: 'time', head: 'A change takes', claim: null },
  { id: 'frozen', head: 'standby2 freezes', claim: 'the till goes on' },
  { id: 'cut', head: 'Cut off with standby1', claim: 'the till goes on' },
  { id: 'lost', head: 'Both burn', claim: 'nothing acknowledged is lost' },
  { id: 'captains', head: 'Primaries at once', claim: null },
  { id: 'primary', head: 'Reads at primaries', claim: null },
  { id: 'anywhere', head: 'Reads anywhere', claim: null },
] as const;
export type ColumnId = (typeof COLUMNS)[number]['id'];

const KEPT = 'c2-matrix';
const bookSays = (row: string, column: ColumnId): string | null => {
  const book = BOOK[row];
  if (!book) return null;
  if (column === 'time') return book.time;
  if (column === 'lost') return book.kept;
  return column === 'frozen' || column === 'cut' ? book.goes : null;
};

/** Predict, then measure: five configurations under one schedule of faults, each cell beside the book’s. */
export function MatrixBoard(props: { figure: string; seed: number }) {
  const { session } = useFigure(props.figure);
  const [expected, setExpected] = createSignal<readonly string[]>([]);
  const [kept, setKept] = createSignal(false);
  const [results, setResults] = createSignal<readonly ExperimentResult[]>([]);
  const [shown, setShown] = createSignal<{
    row: string;
    column: ColumnId;
  } | null>(null);
  const [takeover, setTakeover] = createSignal(false);
  const running = createRunning((result) => setResults([...results(), result]));
  const resultOf = (row: string) =>
    results().find(({ configuration }) => configuration.id === row) ?? null;
  onMount(async () => {
    const before = await keepsakes.read('prediction', KEPT);
    if (!before || kept()) return;
    setExpected(before.contents.chosen);
    setKept(true);
  });
  const toggle = (cell: string) =>
    setExpected(
      expected().includes(cell) ? expected().filter((one) => one !== cell) : [...expected(), cell],
    );
  const keep = (sure: string) => {
    setKept(true);
    void keepsakes.keep('prediction', KEPT, { chosen: expected(), sure });
  };
  const measure = async () => {
    setResults([]);
    setShown(null);
    await running.run(
      configurations.map((configuration) => ({
        configuration,
        plan: takeover() ? TWO_CAPTAINS : CAPTAINS_EVENING,
        seed: props.seed,
        pace: 1,
        shrinkTo: null,
      })),
    );
  };

  return (
    <>
      <div class="scroll" tabindex="0">
        <table>
          <caption>
            Five configurations under one schedule. Tick what you expect, then measure. Small: what
            the book says.
          </caption>
          <thead>
            <tr>
              <th scope="col">Who is waited for</th>
              <For each={COLUMNS}>{({ head }) => <th scope="col">{head}</th>}</For>
            </tr>
          </thead>
          <tbody>
            <For each={configurations}>
              {(row) => (
                <tr>
                  <th scope="row">
                    {row.name}
                    <code class="waited-for">
                      {row.names === '' ? 'no names' : row.names}, {row.level}
                    </code>
                  </th>
                  <For each={COLUMNS}>
                    {({ id, head, claim }) => (
                      <td>
                        <Show when={claim}>
                          <label>
                            <input
                              type="checkbox"
                              checked={expected().includes(`${id}-${row.id}`)}
                              disabled={kept()}
                              onChange={() => toggle(`${id}-${row.id}`)}
                            />
                            <span class="visually-hidden">
                              {row.name}, {head}: you expect that
                            </span>{' '}
                            {claim}
                          </label>
                        </Show>
                        <Show when={resultOf(row.id)} fallback={<span>–</span>}>
                          {(result) => (
                            <Suspense>
                              <Cell
                                result={result()}
                                column={id}
                                expected={
                                  claim && kept() ? expected().includes(`${id}-${row.id}`) : null
                                }
                                show={() => setShown({ row: row.id, column: id })}
                              />
                            </Suspense>
                          )}
                        </Show>
                        <Show when={bookSays(row.id, id)}>
                          {(says) => <small>book: {says()}</small>}
                        </Show>
                      </td>
                    )}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <div class="matrix-tools">
        <Show
          when={kept()}
          fallback={
            <fieldset>
              <legend>Keep my prediction; I am</legend>
              <For each={['a guess', 'fairly sure', 'certain']}>
                {(sure) => (
                  <button type="button" class="act" onClick={() => keep(sure)}>
                    {sure === 'a guess' ? 'guessing' : sure}
                  </button>
                )}
              </For>
            </fieldset>
          }
        >
          <button
            type="button"
            class="act quiet"
            onClick={() => {
              setKept(false);
              void keepsakes.forget('prediction', KEPT);
            }}
          >
            Predict again
          </button>
        </Show>
        <label>
          <input
            type="checkbox"
            checked={takeover()}
            disabled={running.busy()}
            onChange={({ currentTarget }) => setTakeover(currentTarget.checked)}
          />{' '}
          standby2 is promoted at second 12
        </label>
        <button
          type="button"
          class="act primary"
          disabled={running.busy()}
          onClick={() => void measure()}
        >
          Measure all five
        </button>
        <span role="status">{running.said()}</span>
      </div>
      <Show when={results().length > 0}>
        <Suspense>
          <InvariantsOfAll results={results()} />
        </Suspense>
      </Show>
      <Show when={shown()} keyed>
        {({ row, column }) => (
          <Show when={resultOf(row)}>
            {(result) => (
              <Suspense>
                <Detail
                  result={result()}
                  column={column}
                  open={(at) => void openResult(props.figure, session, result(), at)}
                />
              </Suspense>
            )}
          </Show>
        )}
      </Show>
    </>
  );
}

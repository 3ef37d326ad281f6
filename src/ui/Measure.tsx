import { createSignal, For, Show } from 'solid-js';
import { useFigure } from './figure-session.ts';
import { cellText, columnsOf, type MeasuredColumn, type MeasuredRow } from './measurement.ts';
import './step.css';
import './measure.css';

/** More would not fit beside one another. */
const SHOWN_COLUMNS = 4;
/**
 * Measures statements one after the other and keeps each press of the button as a column, headed by what was different
 * about the cluster: so that an experiment is compared with the one before.
 */
export default function Measure(props: {
  figure: string;
  node: string;
  /** The session that measures; no other table of the page has it. */
  session: string;
  caption: string;
  rows: readonly MeasuredRow[];
}) {
  const { session, snapshot, pick } = useFigure(props.figure);
  const [busy, setBusy] = createSignal(false);
  const [conditions, setConditions] = createSignal<ReadonlyMap<number, string>>(new Map());
  const columns = () => columnsOf(snapshot().statements, props.session, props.rows);
  const shown = () => columns().slice(-SHOWN_COLUMNS);
  const standing = pick((s) => s.phase === 'running' && s.speed === 0);
  const heading = ({ startedAt }: MeasuredColumn, i: number) =>
    conditions().get(startedAt) ?? `run ${columns().length - shown().length + i + 1}`;

  const measure = async () => {
    setBusy(true);
    try {
      await addColumn();
    } finally {
      setBusy(false);
    }
  };
  const addColumn = async () => {
    const { conditionsOf, measureRows } = await import('./measuring.ts');
    const before = columns().length;
    await measureRows(session, props.node, props.session, props.rows, () => {
      const { view } = session.snapshot.get();
      const column = columns()[before];
      if (!view || !column || conditions().has(column.startedAt)) return;
      const words = conditionsOf(view).join(', ') || 'as built';
      setConditions(new Map([...conditions(), [column.startedAt as number, words]]));
    });
  };

  return (
    <div class="step measure" data-figure={props.figure}>
      <div class="scroll" tabindex="0">
        <table>
          <caption>{props.caption}</caption>
          <thead>
            <tr>
              <td />
              <For each={shown()} fallback={<th scope="col">not measured yet</th>}>
                {(column, i) => <th scope="col">{heading(column, i())}</th>}
              </For>
            </tr>
          </thead>
          <tbody>
            <For each={props.rows}>
              {(row, i) => (
                <tr>
                  <th scope="row">
                    <code>{row.label}</code>
                  </th>
                  <For each={shown()} fallback={<td>–</td>}>
                    {(column) => {
                      const text = () => cellText(column.cells[i()] ?? null);
                      return <td data-none={text() === 'no answer' ? '' : undefined}>{text()}</td>;
                    }}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <div class="measure-tools" role="status">
        <button type="button" class="act primary" disabled={busy()} onClick={() => void measure()}>
          {columns().length > 0 ? 'Measure again' : 'Measure'}
        </button>
        <Show when={busy()}>
          <span>{standing() ? 'The clock stands still: press Play.' : 'Measuring…'}</span>
        </Show>
      </div>
    </div>
  );
}

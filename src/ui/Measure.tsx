import { createSignal, For, Show } from 'solid-js';
import type { Session } from '../session/session.ts';
import type { Snapshot } from '../session/snapshot.ts';
import type { Instant } from '../sim/instant.ts';
import { useFigure } from './figure-session.ts';
import {
  cellText,
  columnsOf,
  conditionsOf,
  isTooLate,
  type MeasuredColumn,
  type MeasuredRow,
} from './measurement.ts';
import './step.css';
import './measure.css';

/** More would not fit beside one another. */
const SHOWN_COLUMNS = 4;
/** Lets what the row before has set off come to rest, so that each row is measured for itself. */
const REST = 'select pg_sleep(0.25);';

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
    const before = columns().length;
    await measureRows(session, props.node, props.session, props.rows, () => {
      const { view } = session.snapshot.get();
      const column = columns()[before];
      if (!view || !column || conditions().has(column.startedAt)) return;
      const words = conditionsOf(view).join(', ') || 'as built';
      setConditions(new Map([...conditions(), [column.startedAt as number, words]]));
    });
    setBusy(false);
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

async function measureRows(
  session: Session,
  node: string,
  name: string,
  rows: readonly MeasuredRow[],
  began: () => void,
): Promise<void> {
  const namesBefore = session.snapshot.get().view?.synchronousStandbyNames ?? '';
  const setNames = async (names: string) =>
    session.runInTurn(node, 'operator', [
      `alter system set synchronous_standby_names = '${names.replaceAll("'", "''")}';`,
      'select pg_reload_conf();',
    ]);
  for (const row of rows) {
    if (row.names !== undefined) await setNames(row.names);
    await session.runInTurn(node, name, [REST]);
    if (!(await session.runSql(node, name, row.sql))) break;
    began();
    await answeredOrLate(session, name, row.sql);
    const late = lastOf(session.snapshot.get(), name, row.sql)?.state === 'running';
    if (late) await session.act({ kind: 'cancel', node, session: name });
  }
  if (rows.some(({ names }) => names !== undefined)) await setNames(namesBefore);
}

const lastOf = ({ statements }: Snapshot, session: string, sql: string) =>
  statements.findLast((s) => s.session === session && s.sql === sql);

function answeredOrLate(session: Session, name: string, sql: string): Promise<void> {
  const over = (snapshot: Snapshot): boolean => {
    const sent = lastOf(snapshot, name, sql);
    const now = snapshot.view?.now ?? (0 as Instant);
    return sent === undefined || sent.state !== 'running' || isTooLate(sent, now);
  };
  return new Promise((resolve) => {
    if (over(session.snapshot.get())) return resolve();
    const stop = session.snapshot.watch((snapshot) => {
      if (!over(snapshot)) return;
      stop();
      resolve();
    });
  });
}

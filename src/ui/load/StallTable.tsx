import { createMemo, For, Show } from 'solid-js';
import type { StatementView } from '../../cluster/cluster-view.ts';
import { shownNow, shownStatements, shownView } from '../../session/snapshot.ts';
import type { Duration } from '../../sim/instant.ts';
import { useFigure } from '../figure-session.ts';
import { lengthOfTime } from '../time-words.ts';
import { useCalm } from '../use-calm.ts';
import { type Stall, stallsOf } from './stalls.ts';
import './stalls.css';

/** So many of the newest are shown. */
const SHOWN = 12;
const NONE: readonly never[] = [];
const words = (us: number) => lengthOfTime(Math.round(us) as Duration);

/** How long writers stood behind each thing that was run: bars, with the figures beside them. */
export default function StallTable(props: { figure: string; limitMs?: number | undefined }) {
  const { snapshot: current, pickList } = useFigure(props.figure);
  const snapshot = useCalm(current);
  const populations = pickList((s) => shownView(s)?.populations ?? NONE);
  /** What a lab has others do is theirs: here stands what the reader runs. */
  const own = createMemo(() => {
    const actions = snapshot().record?.actions ?? [];
    const sent = actions.flatMap(({ action }) => (action.kind === 'sql' ? [action] : []));
    const sessions = new Set(sent.map(({ node, session }) => `${node} ${session}`));
    return ({ node, session }: StatementView) => sessions.has(`${node} ${session}`);
  });
  const stalls = createMemo((): readonly Stall[] =>
    stallsOf(populations(), shownStatements(snapshot()), shownNow(snapshot()), own()).slice(-SHOWN),
  );
  const limit = () => (props.limitMs === undefined ? null : props.limitMs * 1_000);
  const full = () => Math.max(limit() ?? 0, ...stalls().map(({ longest }) => longest), 1);
  return (
    <Show
      when={stalls().length > 0}
      fallback={<p class="stalls-none">Nothing has been run beside the clients yet.</p>}
    >
      <div class="scroll" tabindex="0">
        <table class="figures stalls">
          <caption>
            How long clients stood while this ran
            <Show when={limit()}>{(most) => <> (the line: {words(most())})</>}</Show>
          </caption>
          <thead>
            <tr>
              <th scope="col">statement, or transaction</th>
              <th scope="col">took</th>
              <th scope="col">requests that stood</th>
              <th scope="col">longest request</th>
            </tr>
          </thead>
          <tbody>
            <For each={stalls()}>
              {(stall) => (
                <tr data-over={limit() !== null && stall.longest > (limit() ?? 0)}>
                  <th scope="row">
                    <code>{short(stall.sql)}</code>
                  </th>
                  <td>
                    {words(stall.took)}
                    {stall.open ? ', still open' : ''}
                  </td>
                  <td>{stall.stood}</td>
                  <td>
                    {words(stall.longest)}
                    <svg
                      viewBox="0 0 100 10"
                      preserveAspectRatio="none"
                      class="stall-bar"
                      aria-hidden="true"
                    >
                      <rect x="0" y="2" width={(100 * stall.longest) / full()} height="6" />
                      <Show when={limit()}>
                        {(most) => (
                          <line
                            x1={(100 * most()) / full()}
                            x2={(100 * most()) / full()}
                            y1="0"
                            y2="10"
                          />
                        )}
                      </Show>
                    </svg>
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </Show>
  );
}

function short(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim();
  return line.length > 64 ? `${line.slice(0, 62)}…` : line;
}

import { createMemo, For, Show } from 'solid-js';
import { shownEvents, shownNow, shownStatements, shownView } from '../../session/snapshot.ts';
import type { Duration } from '../../sim/instant.ts';
import { useBench } from '../bench-state.ts';
import { primaryOf } from '../primary-of.ts';
import { WindowControls } from '../time/WindowControls.tsx';
import { bytesOf, lengthOfTime } from '../time-words.ts';
import { useCalm } from '../use-calm.ts';
import { Plot } from './Plot.tsx';
import type { CurveStyle } from './plot-options.ts';
import { commitLatencies, type Lag, lagsOf, latest, median, type Point } from './series.ts';
import './plots.css';

/** Standbys are told apart by the stroke: the colour says that it is replay. */
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
const NO_LAGS: readonly Lag[] = [];

const lengthWords = (value: number) => lengthOfTime(Math.round(value) as Duration);

/** How long commits take, and how far each standby is behind: as curves, and as figures in words. */
export default function Curves() {
  const bench = useBench();
  const { pick } = bench;
  const snapshot = useCalm(bench.snapshot);
  const latencies = createMemo(() => commitLatencies(shownStatements(snapshot())));
  const lags = createMemo(() => {
    const view = shownView(snapshot());
    if (!view) return NO_LAGS;
    const standbys = view.nodes.filter(({ standby }) => standby).map(({ name }) => name);
    return lagsOf(
      shownEvents(snapshot()),
      standbys.map((name) => ({ name, primary: primaryOf(view, name)?.name ?? name })),
      shownNow(snapshot()),
    );
  });
  const styles = createMemo(
    (): readonly CurveStyle[] =>
      lags().map(({ standby }, i) => ({
        label: standby,
        colour: '--stage-replayed',
        dash: DASHES[i % DASHES.length] ?? [],
      })),
    [],
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  const rows = pick((s) => shownView(s)?.nodes.filter(({ standby }) => standby) ?? []);
  return (
    <div class="curves">
      <WindowControls />
      <Plot
        title="A commit takes"
        curves={[{ label: 'commit', colour: '--ink', points: true }]}
        data={[latencies()]}
        words={lengthWords}
      />
      <Plot
        title="Not yet replayed, in bytes"
        curves={styles()}
        data={lags().map(({ bytes }) => bytes)}
        words={(value) => bytesOf(Math.round(value))}
        binary
      />
      <Plot
        title="Not yet replayed, in time"
        curves={styles()}
        data={lags().map(({ time }) => time)}
        words={lengthWords}
      />
      <details class="tools">
        <summary>The same in figures</summary>
        <p>{commitsInWords(latencies())}</p>
        <table class="figures">
          <caption>Of each standby, at the moment shown</caption>
          <thead>
            <tr>
              <th scope="col">standby</th>
              <th scope="col">not replayed</th>
              <th scope="col">for</th>
              <th scope="col">write_lag</th>
              <th scope="col">flush_lag</th>
              <th scope="col">replay_lag</th>
            </tr>
          </thead>
          <tbody>
            <For each={lags()}>
              {(lag) => {
                const row = () => rows().find(({ name }) => name === lag.standby)?.standby;
                return (
                  <tr>
                    <th scope="row">{lag.standby}</th>
                    <td>{bytesOf(latest(lag.bytes) ?? 0)}</td>
                    <td>{lengthWords(latest(lag.time) ?? 0)}</td>
                    <For each={[row()?.writeLag, row()?.flushLag, row()?.replayLag]}>
                      {(length) => (
                        <td>
                          <Show when={length != null} fallback="NULL">
                            {lengthWords(length as number)}
                          </Show>
                        </td>
                      )}
                    </For>
                  </tr>
                );
              }}
            </For>
          </tbody>
        </table>
      </details>
    </div>
  );
}

function commitsInWords(points: readonly Point[]): string {
  const last = points.at(-1);
  const middle = median(points);
  if (!last || middle === null) return 'No commit has been answered yet.';
  const longest = Math.max(...points.map(({ value }) => value));
  return `${points.length.toLocaleString('en')} commits answered; the last took ${lengthWords(last.value)}, the middle one ${lengthWords(middle)}, the longest ${lengthWords(longest)}.`;
}

import { createMemo, For, Show } from 'solid-js';
import { shownNow, shownStatements, shownView } from '../../session/snapshot.ts';
import type { Duration } from '../../sim/instant.ts';
import { useBench } from '../bench-state.ts';
import { Plot } from '../plots/Plot.tsx';
import type { CurveStyle } from '../plots/plot-options.ts';
import { WindowControls } from '../time/WindowControls.tsx';
import { lengthOfTime } from '../time-words.ts';
import { useCalm } from '../use-calm.ts';
import { type Load, loadsOf } from './load.ts';
import { PaceControl } from './PaceControl.tsx';
import StallTable from './StallTable.tsx';
import '../plots/plots.css';
import './load.css';

/** Crowds are told apart by the stroke, and by its colour beside that. */
const STROKES: readonly Pick<CurveStyle, 'colour' | 'dash'>[] = [
  { colour: '--ink' },
  { colour: '--accent', dash: [7, 4] },
  { colour: '--stage-sent', dash: [2, 3] },
  { colour: '--stage-flushed', dash: [10, 3, 2, 3] },
];

const NONE: readonly never[] = [];
const lengthWords = (value: number) => lengthOfTime(Math.round(value) as Duration);
const rateWords = (value: number) => Number(value.toFixed(value < 10 ? 1 : 0)).toLocaleString('en');

/** What the cluster's clients get: answers a second and how long they take, as curves and in figures. */
export default function ClientLoad() {
  const bench = useBench();
  const snapshot = useCalm(bench.snapshot);
  const populations = bench.pickList((s) => shownView(s)?.populations ?? NONE);
  const loads = createMemo((): readonly Load[] =>
    loadsOf(populations(), shownStatements(snapshot()), bench.time.window(), shownNow(snapshot())),
  );
  const styles = createMemo(
    (): readonly CurveStyle[] =>
      loads().map(({ name, node }, i) => ({
        label: `${name} at ${node}`,
        ...(STROKES[i % STROKES.length] as Pick<CurveStyle, 'colour' | 'dash'>),
      })),
    [],
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  return (
    <div class="curves load">
      <For each={populations().filter(({ pacedBy }) => pacedBy === 'anyone')}>
        {(population) => <PaceControl figure={bench.figure} population={population.name} />}
      </For>
      <WindowControls />
      <Plot
        title="Answers a second"
        curves={styles()}
        data={loads().map(({ rate }) => rate)}
        words={rateWords}
      />
      <Plot
        title="95 of 100 are answered within"
        curves={styles()}
        data={loads().map(({ late }) => late)}
        words={lengthWords}
      />
      <div class="scroll" tabindex="0">
        <table class="figures">
          <caption>In the stretch of time shown</caption>
          <thead>
            <tr>
              <th scope="col">clients</th>
              <th scope="col">answers a second</th>
              <th scope="col">half within</th>
              <th scope="col">95 of 100 within</th>
              <th scope="col">waiting now</th>
              <th scope="col">errors</th>
            </tr>
          </thead>
          <tbody>
            <For each={loads()}>{(load) => <Row load={load} />}</For>
          </tbody>
        </table>
      </div>
      <StallTable figure={bench.figure} />
    </div>
  );
}

function Row(props: { load: Load }) {
  const length = (value: number | null) => (value === null ? '–' : lengthWords(value));
  return (
    <tr>
      <th scope="row">
        {props.load.clients.length} × {props.load.name} at {props.load.node}
      </th>
      <td>{rateWords(props.load.perSecond)}</td>
      <td>{length(props.load.p50)}</td>
      <td>{length(props.load.p95)}</td>
      <td>{props.load.waiting}</td>
      <td>
        <Show when={props.load.errors.length > 0} fallback="none">
          {props.load.errors.map(([sqlstate, count]) => `${count} × ${sqlstate}`).join(', ')}
        </Show>
      </td>
    </tr>
  );
}

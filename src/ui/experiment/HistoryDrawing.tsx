import { For, Show } from 'solid-js';
import type { Operation } from '../../grading/operation.ts';
import type { Instant } from '../../sim/instant.ts';
import { clockTime } from '../time-words.ts';
import { type Bar, lanesAround } from './history-lanes.ts';

const WIDTH = 640;
const LABEL = 96;
const LANE = 34;
const BAR = 14;

/** A history around what is wrong with it: a lane a client, a bar an operation, from its beginning to its answer. */
export function HistoryDrawing(props: {
  history: readonly Operation[];
  named: readonly Operation[];
}) {
  const drawing = () => lanesAround(props.history, props.named);
  const x = (part: number) => LABEL + part * (WIDTH - LABEL - 4);
  return (
    <Show when={drawing()}>
      {(shown) => (
        <figure class="history">
          <div class="scroll" tabindex="0">
            <svg
              viewBox={`0 0 ${WIDTH} ${shown().lanes.length * LANE + 22}`}
              role="img"
              aria-label={`What clients did from ${clockTime(shown().from as Instant)} to ${clockTime(shown().to as Instant)}: the operations that contradict each other are told above.`}
            >
              <For each={shown().lanes}>
                {(lane, i) => (
                  <g transform={`translate(0 ${i() * LANE + 4})`}>
                    <text x="0" y={BAR}>
                      {lane.client}
                    </text>
                    <line x1={LABEL} x2={WIDTH} y1={LANE - 8} y2={LANE - 8} />
                    <For each={lane.bars}>{(bar) => <OneBar bar={bar} x={x} />}</For>
                  </g>
                )}
              </For>
              <text x={LABEL} y={shown().lanes.length * LANE + 18}>
                {clockTime(shown().from as Instant)}
              </text>
              <text x={WIDTH} y={shown().lanes.length * LANE + 18} text-anchor="end">
                {clockTime(shown().to as Instant)}
              </text>
            </svg>
          </div>
          <figcaption>
            Filled: a write. Outlined: a read. The number is the price that was written or read;
            what contradicts itself is drawn strong.
          </figcaption>
        </figure>
      )}
    </Show>
  );
}

function OneBar(props: { bar: Bar; x: (part: number) => number }) {
  const left = () => props.x(props.bar.left);
  const width = () => Math.max(3, props.x(props.bar.left + props.bar.width) - left());
  const before = () => props.bar.labelled === 'before';
  return (
    <g data-named={props.bar.labelled !== null} data-kind={props.bar.operation.kind}>
      <rect x={left()} y="2" width={width()} height={BAR} rx="2" />
      <Show when={props.bar.labelled}>
        <text
          x={before() ? left() - 4 : left() + width() + 4}
          y={BAR}
          text-anchor={before() ? 'end' : 'start'}
        >
          {props.bar.operation.value}
        </text>
      </Show>
    </g>
  );
}

import { For, Index, Show } from 'solid-js';
import type { LinkView } from '../../cluster/cluster-view.ts';
import { sameSelection, useBench } from '../bench-state.ts';
import { type Box, type Cable, type CablePath, drawn, middleOf, placeAt } from './cable-path.ts';
import { labelOf, nameOfLink, stateOf } from './link-words.ts';

export interface LaidCable {
  readonly upstream: string;
  readonly standby: string;
  readonly link: LinkView;
  readonly cable: Cable;
  /** The standby's card. */
  readonly end: Box;
}

/** The cables, each with a label on it that opens what can be done to it. */
export function Cables(props: {
  laid: readonly LaidCable[];
  idle: readonly { readonly link: LinkView; readonly path: CablePath }[];
  panel: string;
}) {
  return (
    <>
      <svg class="cables" aria-hidden="true">
        <Index each={props.idle}>
          {(one) => <path class="idle" data-state={stateOf(one().link)} d={drawn(one().path)} />}
        </Index>
        <Index each={props.laid}>
          {(one) => (
            <g class="cable" data-state={stateOf(one().link)}>
              <path class="lane" d={drawn(one().cable.down)} />
              <path class="lane" d={drawn(one().cable.up)} />
              <Show when={one().link.cut}>
                <Break cable={one().cable} />
              </Show>
            </g>
          )}
        </Index>
      </svg>
      <For each={props.laid.map(({ standby }) => standby)}>
        {(standby) => {
          const one = () => props.laid.find((laid) => laid.standby === standby);
          return (
            <Show when={one()}>
              {(laid) => <Label link={laid().link} at={labelPlace(laid())} panel={props.panel} />}
            </Show>
          );
        }}
      </For>
      <Index each={props.idle}>
        {(one) => (
          <Label link={one().link} at={placeAt(one().path, 0.5)} panel={props.panel} idle />
        )}
      </Index>
    </>
  );
}

/** From a label's middle to the card behind it. */
const LABEL_ROOM = 44;

/** Beside a cable that runs across, where nothing travels; above the card that a cable down the margin leads to. */
function labelPlace({ cable, end }: LaidCable) {
  if (!cable.across) return { x: end.left + 44, y: end.top - 20 };
  const { x: there, y } = middleOf(cable, 0.8);
  const x = Math.min(there, end.left - LABEL_ROOM);
  const rises = y < middleOf(cable, 0.2).y - 1;
  return { x, y: y + (rises ? 28 : -28) };
}

/** Two strokes across a gap. */
function Break(props: { cable: Cable }) {
  const at = () => middleOf(props.cable, 0.5);
  return (
    <g class="break" transform={`translate(${at().x} ${at().y}) rotate(${at().heading})`}>
      <rect x="-5" y="-11" width="10" height="22" />
      <path d="M-8 11 -2 -11M2 11 8 -11" />
    </g>
  );
}

function Label(props: {
  link: LinkView;
  at: { readonly x: number; readonly y: number };
  panel: string;
  idle?: boolean;
}) {
  const { selection, select } = useBench();
  const me = () => ({ kind: 'cable', a: props.link.a, b: props.link.b }) as const;
  const chosen = () => sameSelection(selection(), me());
  return (
    <button
      type="button"
      class="cable-label"
      data-state={stateOf(props.link)}
      data-idle={props.idle ?? false}
      style={{ left: `${props.at.x}px`, top: `${props.at.y}px` }}
      aria-expanded={chosen()}
      aria-controls={props.panel}
      onClick={() => select(me())}
    >
      <span class="visually-hidden">Cable {nameOfLink(props.link)}: </span>
      {labelOf(props.link)}
    </button>
  );
}

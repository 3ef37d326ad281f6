import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { createMemo, createSignal, For, Show } from 'solid-js';
import { shownEvents, shownNow, shownStatements, shownView } from '../../session/snapshot.ts';
import { instant, us } from '../../sim/instant.ts';
import { sameSelection, useBench } from '../bench-state.ts';
import { trafficAt } from '../stage/traffic.ts';
import { WindowControls } from '../time/WindowControls.tsx';
import { clockTime } from '../time-words.ts';
import { useWidth } from '../use-width.ts';
import { itemInWords } from './item-words.ts';
import { Shape } from './Shape.tsx';
import { GUTTER, type Item, spaceTime, TOP } from './space-time.ts';
import './space-time.css';

const RIGHT = 16;
/** One label of the axis each so many pixels. */
const LABEL_WIDTH = 110;
const CLICK_PX = 4;

/** Lanes of nodes over time, and every message between them as a slanted line. */
export default function SpaceTime() {
  const { session, snapshot, pick, pickList, time, selection, select } = useBench();
  const [width, measured] = useWidth();
  const now = pick(shownNow);
  const nodes = pickList((s) => shownView(s)?.nodes.map(({ name }) => name) ?? []);
  const scale = createMemo(() =>
    scaleLinear()
      .domain([time.window().from, time.window().to])
      .range([GUTTER, Math.max(GUTTER + 1, width() - RIGHT)]),
  );
  const drawing = createMemo(() => {
    const s = snapshot();
    const view = shownView(s);
    const flying = view ? trafficAt(view, s.messages, now(), us(0)).flying : [];
    const ids = new Set(flying.map(({ id }) => id));
    return spaceTime({
      nodes: nodes(),
      messages: [...s.messages.filter(({ id }) => !ids.has(id)), ...flying],
      statements: shownStatements(s),
      events: shownEvents(s),
      window: time.window(),
      now: now(),
      x: scale(),
    });
  });
  const ids = pickIds(() => drawing().items);
  const [told, tell] = createSignal<string | null>(null);
  const [stop, setStop] = createSignal<string | null>(null);
  const stopId = () => (ids().includes(stop() ?? '') ? stop() : (ids().at(-1) ?? null));
  const itemOf = (id: string) => drawing().items.find((item) => item.id === id);
  const toldItem = () => itemOf(told() ?? '');
  const choose = (item: Item) => {
    if (item.kind === 'message') select({ kind: 'message', id: item.id });
    else session.look(instant(item.at));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = ids().indexOf(stopId() ?? '');
    const next = ids()[Math.min(ids().length - 1, Math.max(0, at + step))];
    if (next === undefined) return;
    setStop(next);
    svg?.querySelector<SVGElement>(`[data-id="${next}"]`)?.focus();
  };
  let svg: SVGSVGElement | undefined;
  const drag = dragOf({
    pan: (px) => time.pan(-px / (scale().range()[1] as number)),
    press: (px) => session.look(instant(Math.max(0, Math.round(scale().invert(px))))),
  });
  return (
    <div class="space-time">
      <WindowControls />
      <div class="space-time-drawing" ref={measured}>
        {/* biome-ignore lint/a11y/useSemanticElements: SVG has no group of its own */}
        <svg
          ref={svg}
          height={drawing().height}
          role="group"
          aria-label={`Messages in time, ${clockTime(instant(Math.round(time.window().from)))} to ${clockTime(instant(Math.round(time.window().to)))}: ${ids().length} shapes, by arrow keys`}
          onKeyDown={onKeyDown}
          onPointerDown={drag.down}
          onPointerMove={drag.move}
          onPointerUp={drag.up}
          onWheel={(event) => {
            if (!event.ctrlKey && !event.metaKey) return;
            event.preventDefault();
            time.zoom(event.deltaY > 0 ? 1.25 : 0.8, scale().invert(event.offsetX));
          }}
        >
          <Axis scale={scale()} height={drawing().height} count={width() / LABEL_WIDTH} />
          <For each={drawing().lanes}>
            {(lane) => (
              <g class="lane">
                <line x1={GUTTER} x2={width() - RIGHT} y1={lane.y} y2={lane.y} />
                <For each={lane.down}>
                  {({ x1, x2 }) => <line class="down" x1={x1} x2={x2} y1={lane.y} y2={lane.y} />}
                </For>
              </g>
            )}
          </For>
          <clipPath id="space-time-window">
            <rect
              x={GUTTER - 8}
              y="0"
              width={Math.max(0, width() - GUTTER - RIGHT + 16)}
              height={drawing().height}
            />
          </clipPath>
          <g clip-path="url(#space-time-window)">
            <For each={ids()}>
              {(id) => (
                <Show when={itemOf(id)}>
                  {(item) => (
                    <Shape
                      item={item()}
                      isStop={stopId() === id}
                      chosen={sameSelection(selection(), { kind: 'message', id })}
                      words={itemInWords(item())}
                      tell={(on) => tell(on ? id : null)}
                      focused={() => setStop(id)}
                      choose={() => choose(item())}
                    />
                  )}
                </Show>
              )}
            </For>
            <line
              class="cursor"
              x1={scale()(now())}
              x2={scale()(now())}
              y1={TOP - 8}
              y2={drawing().height}
            />
          </g>
          <For each={drawing().lanes}>
            {(lane) => (
              <text class="name" x="0" y={lane.y + 4}>
                {lane.node}
              </text>
            )}
          </For>
        </svg>
      </div>
      <p class="told">
        <Show
          when={toldItem()}
          fallback={
            <Show
              when={drawing().left > 0}
              fallback="A press on a line shows the message; one beside them shows that moment."
            >
              {drawing().left.toLocaleString('en')} more in this window: zoom in to see them.
            </Show>
          }
        >
          {(item) => <>{itemInWords(item())}</>}
        </Show>
      </p>
    </div>
  );
}

function Axis(props: { scale: ScaleLinear<number, number>; height: number; count: number }) {
  const ticks = () => props.scale.ticks(Math.max(2, Math.floor(props.count)));
  const digits = () => {
    const [first = 0, second = 0] = ticks();
    return second - first < 1_000 ? 6 : 3;
  };
  return (
    <g class="axis">
      <For each={ticks()}>
        {(at) => (
          <>
            <line x1={props.scale(at)} x2={props.scale(at)} y1={TOP - 8} y2={props.height} />
            <text x={props.scale(at)} y={TOP - 14} text-anchor="middle">
              {(at / 1e6).toFixed(digits())} s
            </text>
          </>
        )}
      </For>
    </g>
  );
}

/** The ids of the shapes; another list only when another shape comes or goes. */
function pickIds(items: () => readonly Item[]) {
  return createMemo(() => items().map(({ id }) => id), [] as readonly string[], {
    equals: (a, b) => a.length === b.length && a.every((id, i) => id === b[i]),
  });
}

/** A press beside every shape, or a drag. */
function dragOf(on: { pan(px: number): void; press(px: number): void }) {
  let startX: number | null = null;
  let lastX = 0;
  let moved = false;
  return {
    down: (event: PointerEvent) => {
      if ((event.target as Element).closest('[role=button]')) return;
      startX = lastX = event.offsetX;
      moved = false;
    },
    move: (event: PointerEvent) => {
      if (startX === null || event.buttons === 0) return;
      if (Math.abs(event.offsetX - startX) > CLICK_PX) moved = true;
      if (moved) on.pan(event.offsetX - lastX);
      lastX = event.offsetX;
    },
    up: (event: PointerEvent) => {
      if (startX !== null && !moved) on.press(event.offsetX);
      startX = null;
    },
  };
}

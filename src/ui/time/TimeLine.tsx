import { scaleLinear } from 'd3-scale';
import { createMemo, For } from 'solid-js';
import { runEnd, shownNow } from '../../session/snapshot.ts';
import { type Instant, instant, START } from '../../sim/instant.ts';
import { useBench } from '../bench-state.ts';
import { clockTime } from '../time-words.ts';
import { useWidth } from '../use-width.ts';
import { apart, stepBefore, ticksOf } from './time-ticks.ts';

/** Half of the thumb: the field's own scale starts and ends that far from its edges. */
const INSET = 9;
const HEIGHT = 34;
const LEAST_GAP = 3;

/** The whole run as a line: where one is, what was done when, and which stretch the panels below show. */
export function TimeLine() {
  const { session, snapshot, pick, time } = useBench();
  const [width, measured] = useWidth();
  const end = pick((s) => Math.max(1, runEnd(s), s.view?.now ?? START) as Instant);
  const now = pick(shownNow);
  const scale = createMemo(() =>
    scaleLinear()
      .domain([0, end()])
      .range([INSET, Math.max(INSET, width() - INSET)]),
  );
  const ticks = createMemo(() => {
    const { phase, record, events } = snapshot();
    const actions = phase === 'recorded' ? [] : (record?.actions ?? []);
    return apart(ticksOf(actions, events), (at) => scale()(at), LEAST_GAP);
  });
  const known = pick((s) => s.view?.now ?? START);
  const look = (at: Instant) => session.look(at >= known() ? null : at);
  const step = (direction: -1 | 1) => {
    if (direction === 1) session.advance('next event');
    else {
      const before = stepBefore(snapshot().events, now());
      if (before !== null) session.look(before);
    }
  };
  return (
    <div class="time-line" ref={measured}>
      <svg height={HEIGHT} aria-hidden="true">
        <rect
          class="window"
          x={scale()(Math.min(end(), time.window().from))}
          width={Math.max(
            2,
            scale()(Math.min(end(), time.window().to)) -
              scale()(Math.min(end(), time.window().from)),
          )}
          y="4"
          height={HEIGHT - 8}
        />
        <line class="base" x1={INSET} x2={scale()(end())} y1={HEIGHT / 2} y2={HEIGHT / 2} />
        <line class="past" x1={INSET} x2={scale()(now())} y1={HEIGHT / 2} y2={HEIGHT / 2} />
        <For each={ticks()}>
          {(tick) => (
            <line
              class="tick"
              data-kind={tick.kind}
              x1={scale()(tick.at)}
              x2={scale()(tick.at)}
              y1={tick.kind === 'event' ? HEIGHT / 2 : 7}
              y2={tick.kind === 'event' ? HEIGHT - 9 : HEIGHT / 2}
            />
          )}
        </For>
      </svg>
      <input
        type="range"
        min="0"
        max={end()}
        step="1"
        value={now()}
        aria-label="Moment shown"
        aria-valuetext={`${clockTime(now())} of ${clockTime(end())}`}
        onInput={(event) => look(instant(Number(event.currentTarget.value)))}
        onChange={(event) => {
          const at = instant(Number(event.currentTarget.value));
          // Behind what has been seen again after a jump lies what only the record knows.
          if (at > known()) void session.jump(at);
        }}
        onKeyDown={(event) => {
          const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
          if (!direction) return;
          event.preventDefault();
          step(direction as -1 | 1);
        }}
      />
    </div>
  );
}

import { createEffect, createSignal, For, on, onCleanup, onMount, Show } from 'solid-js';
import uPlot from 'uplot';
import { shownNow } from '../../session/snapshot.ts';
import { instant } from '../../sim/instant.ts';
import { useBench } from '../bench-state.ts';
import { useCalm } from '../use-calm.ts';
import { useWidth } from '../use-width.ts';
import { aligned } from './aligned.ts';
import { type CurveStyle, plotOptions } from './plot-options.ts';
import type { Point } from './series.ts';
import 'uplot/dist/uPlot.min.css';

/** Curves over the window of time that all panels share. */
export function Plot(props: {
  title: string;
  curves: readonly CurveStyle[];
  data: readonly (readonly Point[])[];
  words: (value: number) => string;
  binary?: boolean;
}) {
  const { session, pick, time } = useBench();
  const [width, measured] = useWidth();
  const now = useCalm(pick(shownNow));
  const window = useCalm(time.window);
  const colours = new Map<string, string>();
  const [plot, setPlot] = createSignal<uPlot>();
  let place: HTMLDivElement | undefined;

  createEffect(
    on([() => props.curves, () => width() > 0], ([curves, ready]) => {
      if (!place || !ready || curves.length === 0) return;
      const style = getComputedStyle(place);
      const made = new uPlot(
        plotOptions({
          width: width(),
          curves,
          words: props.words,
          binary: props.binary ?? false,
          now,
          look: (at) => session.look(instant(Math.max(0, Math.round(at)))),
          colour: (property) => {
            const known = colours.get(property) ?? resolved(place, style, property);
            colours.set(property, known);
            return known;
          },
        }),
        aligned(props.data, window()),
        place,
      );
      setPlot(made);
      onCleanup(() => {
        made.destroy();
        setPlot(undefined);
      });
    }),
  );
  createEffect(() => plot()?.setSize({ width: width(), height: plot()?.height ?? 0 }));
  createEffect(() => {
    const stretch = window();
    now();
    const shown = plot();
    // A standby more or less (a promotion): the plot of that many curves is about to be made.
    if (!shown || shown.series.length !== props.data.length + 1) return;
    shown.batch(() => {
      shown.setData(aligned(props.data, stretch), false);
      shown.setScale('x', { min: stretch.from, max: stretch.to });
    });
  });
  onMount(() => {
    // The colours of a canvas are those of when it was drawn.
    const repaint = () => {
      colours.clear();
      plot()?.redraw();
    };
    const observer = new MutationObserver(repaint);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', repaint);
    observer.observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['data-theme'],
    });
    onCleanup(() => {
      observer.disconnect();
      dark.removeEventListener('change', repaint);
    });
  });
  return (
    <figure class="plot">
      <figcaption>
        {props.title}
        <Show when={props.curves.length > 1}>
          <For each={props.curves}>
            {(curve) => (
              <span class="key" data-colour={curve.colour}>
                <svg viewBox="0 0 30 4" aria-hidden="true">
                  <line x1="0" x2="30" y1="2" y2="2" stroke-dasharray={curve.dash?.join(' ')} />
                </svg>
                {curve.label}
              </span>
            )}
          </For>
        </Show>
      </figcaption>
      <div
        class="canvas"
        ref={(element) => {
          place = element;
          measured(element);
        }}
        aria-hidden="true"
      />
    </figure>
  );
}

/** A custom property as the colour that it is in this theme: asking for it has the browser work out the page's styles. */
function resolved(place: HTMLElement | undefined, style: CSSStyleDeclaration, property: string) {
  if (!place) return '';
  place.style.color = `var(${property})`;
  const { color } = style;
  place.style.color = '';
  return color;
}

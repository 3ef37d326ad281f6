import type uPlot from 'uplot';
import { GUTTER } from '../space-time/space-time.ts';

export interface CurveStyle {
  readonly label: string;
  /** A colour's custom property: `--stage-replayed`. */
  readonly colour: string;
  readonly dash?: readonly number[];
  readonly points?: boolean;
}

const HEIGHT = 132;
const AXIS_HEIGHT = 26;
const POWERS = Array.from({ length: 31 }, (_, i) => 2 ** i);

/** One plot of the bench: its time axis is that of the space-time diagram, its cursor the shown moment. */
export function plotOptions(options: {
  width: number;
  curves: readonly CurveStyle[];
  words: (value: number) => string;
  /** Bytes are counted in powers of two. */
  binary: boolean;
  now: () => number;
  look: (at: number) => void;
  colour: (property: string) => string;
}): uPlot.Options {
  const { width, curves, words, binary, now, look, colour } = options;
  const font = '12px system-ui, sans-serif';
  const axis = {
    stroke: () => colour('--ink-soft'),
    grid: { stroke: () => colour('--rule'), width: 1 },
    ticks: { show: false },
    font,
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, auto: false },
      y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] },
    },
    axes: [
      { ...axis, size: AXIS_HEIGHT, values: (_, splits) => splits.map(seconds) },
      {
        ...axis,
        size: GUTTER,
        values: (_, splits) => splits.map(words),
        ...(binary ? { incrs: POWERS } : {}),
      },
    ],
    series: [
      {},
      ...curves.map(
        (curve): uPlot.Series => ({
          label: curve.label,
          stroke: () => colour(curve.colour),
          width: 2,
          dash: [...(curve.dash ?? [])],
          spanGaps: true,
          ...(curve.points
            ? {
                paths: () => null,
                points: { show: true, size: 8, fill: () => colour(curve.colour) },
              }
            : { points: { show: false } }),
        }),
      ),
    ],
    hooks: {
      draw: [(plot) => drawCursor(plot, now(), colour('--accent'))],
      ready: [
        (plot) => {
          plot.over.addEventListener('click', (event) => look(plot.posToVal(event.offsetX, 'x')));
        },
      ],
    },
  };
}

const seconds = (at: number): string => `${Number((at / 1e6).toFixed(4))} s`;

/** The same line at the same moment as in the diagram above. */
function drawCursor(plot: uPlot, at: number, colour: string): void {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(at, 'x', true);
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

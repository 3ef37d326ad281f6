import type { TimeWindow } from '../time/time-window.ts';
import type { Point } from './series.ts';

/** Columns as a plot wants them: all instants once in order, and of each series its value there or null. */
export type Columns = [number[], ...(number | null)[][]];

/**
 * The points of a window, with the nearest ones outside of it, so that lines reach its edges. Of two points of one
 * instant (a step) the later one is drawn a hair later.
 */
export function aligned(series: readonly (readonly Point[])[], window: TimeWindow): Columns {
  const near = series.map((points) => within(points, window));
  const instants = [...new Set(near.flatMap((points) => points.map(({ at }) => at)))].sort(
    (a, b) => a - b,
  );
  const row = new Map(instants.map((at, i) => [at, i]));
  const columns = near.map((points) => {
    const column: (number | null)[] = instants.map(() => null);
    for (const { at, value } of points) column[row.get(at) ?? 0] = value;
    return column;
  });
  return [instants, ...columns];
}

const HAIR = 1e-3;

function within(points: readonly Point[], { from, to }: TimeWindow): readonly Point[] {
  const first = Math.max(
    0,
    points.findLastIndex(({ at }) => at < from),
  );
  const after = points.findIndex(({ at }) => at > to);
  const last = after === -1 ? points.length : after + 1;
  const near = points.slice(first, last);
  return near.map((point, i) =>
    near[i - 1]?.at === point.at ? { ...point, at: point.at + HAIR } : point,
  );
}

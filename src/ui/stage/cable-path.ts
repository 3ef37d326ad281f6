/** Where cables run between the cards of nodes, as points: drawn once, and walked by every message. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** One direction of a cable, from its first point to its last. */
export interface CablePath {
  readonly points: readonly Point[];
  /** How long the way is up to each point. */
  readonly reach: readonly number[];
}

export interface Place extends Point {
  /** Which way a message is heading there, in degrees; 0 is to the right. */
  readonly heading: number;
}

/** Both directions of a cable, from the upstream's side. */
export interface Cable {
  readonly down: CablePath;
  readonly up: CablePath;
  /** Whether it runs from left to right, or down a margin. */
  readonly across: boolean;
}

/** Half of what lies between the two directions of a cable. */
const HALF_GAP = 5;
const CURVE_STEPS = 24;
const CORNER = 8;
const CORNER_STEPS = 4;
/** Where cables leave a card that stands above: as high as its name. */
const HEAD = 22;
/** Between two cables that leave the same side. */
const SPREAD = 30;
/** From the cards to the first cable that runs down the margin, and from that to the next. */
export const MARGIN = 13;
export const TRACK = 17;

/**
 * The cable between two cards. `index` counts the cables that leave the same upstream, `count` says how many there are.
 * Cards side by side are joined by a curve, cards above each other by a track down the left margin.
 */
export function cableBetween(from: Box, to: Box, index: number, count: number): Cable {
  const across = to.left >= from.left + from.width;
  return across ? acrossFrom(from, to, index, count) : downMargin(from, to, index);
}

function acrossFrom(from: Box, to: Box, index: number, count: number): Cable {
  const spread = Math.min(SPREAD, (from.height - 2 * SPREAD) / Math.max(1, count - 1));
  const leaves = from.top + from.height / 2 + (index - (count - 1) / 2) * Math.max(14, spread);
  const start = { x: from.left + from.width, y: leaves };
  const end = { x: to.left, y: to.top + to.height / 2 };
  const curve = (dy: number) =>
    pathThrough(bezier({ x: start.x, y: start.y + dy }, { x: end.x, y: end.y + dy }));
  return { down: curve(-HALF_GAP), up: reversed(curve(HALF_GAP)), across: true };
}

function downMargin(from: Box, to: Box, index: number): Cable {
  const x = Math.min(from.left, to.left) - MARGIN - index * TRACK;
  // The outer tracks leave higher, so that no two cables cross.
  const leaves = from.top + from.height - HEAD - index * (2 * HALF_GAP + 6);
  const track = (outward: number) => {
    const line = [
      { x: from.left, y: leaves - outward },
      { x: x - outward, y: leaves - outward },
      { x: x - outward, y: to.top + HEAD + outward },
      { x: to.left, y: to.top + HEAD + outward },
    ];
    return pathThrough(rounded(line));
  };
  return { down: track(HALF_GAP), up: reversed(track(-HALF_GAP)), across: false };
}

/**
 * The straight way between two cards that stand above each other and do not stream to each other; null for others.
 * @param cards those that it must not run over.
 */
export function idleCable(a: Box, b: Box, cards: Iterable<Box> = []): CablePath | null {
  const [upper, lower] = a.top < b.top ? [a, b] : [b, a];
  const sameColumn = Math.abs(upper.left - lower.left) < 1;
  if (!sameColumn || lower.top < upper.top + upper.height) return null;
  for (const { left, top } of cards)
    if (Math.abs(left - upper.left) < 1 && top > upper.top && top < lower.top) return null;
  const x = upper.left + upper.width - 40;
  return pathThrough([
    { x, y: upper.top + upper.height },
    { x, y: lower.top },
  ]);
}

/** The place that lies a share (0 to 1) of the way along a path. */
export function placeAt({ points, reach }: CablePath, share: number): Place {
  const length = reach.at(-1) ?? 0;
  const wanted = Math.min(1, Math.max(0, share)) * length;
  let i = 1;
  while (i < points.length - 1 && (reach[i] ?? 0) < wanted) i++;
  const a = points[i - 1] ?? { x: 0, y: 0 };
  const b = points[i] ?? a;
  const start = reach[i - 1] ?? 0;
  const piece = (reach[i] ?? 0) - start;
  const part = piece === 0 ? 0 : (wanted - start) / piece;
  return {
    x: a.x + (b.x - a.x) * part,
    y: a.y + (b.y - a.y) * part,
    heading: (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI,
  };
}

/** The middle between the two directions of a cable, a share of the way down. */
export function middleOf({ down, up }: Cable, share: number): Place {
  const one = placeAt(down, share);
  const other = placeAt(up, 1 - share);
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, heading: one.heading };
}

/** As the `d` of an SVG path. */
export const drawn = ({ points }: CablePath): string =>
  points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

function pathThrough(points: readonly Point[]): CablePath {
  const reach: number[] = [];
  let length = 0;
  for (const [i, point] of points.entries()) {
    const before = points[i - 1];
    if (before) length += Math.hypot(point.x - before.x, point.y - before.y);
    reach.push(length);
  }
  return { points, reach };
}

const reversed = ({ points }: CablePath): CablePath => pathThrough([...points].reverse());

/** A curve that leaves and arrives level. */
function bezier(start: Point, end: Point): readonly Point[] {
  const pull = (end.x - start.x) / 2;
  return Array.from({ length: CURVE_STEPS + 1 }, (_, i) => {
    const t = i / CURVE_STEPS;
    const u = 1 - t;
    const [a, b, c, d] = [u ** 3, 3 * u * u * t, 3 * u * t * t, t ** 3];
    return {
      x: a * start.x + b * (start.x + pull) + c * (end.x - pull) + d * end.x,
      y: (a + b) * start.y + (c + d) * end.y,
    };
  });
}

/** A line of straight pieces with its corners rounded. */
function rounded(line: readonly Point[]): readonly Point[] {
  return line.flatMap((corner, i) => {
    const before = line[i - 1];
    const after = line[i + 1];
    if (!before || !after) return [corner];
    const from = towards(corner, before, CORNER);
    const to = towards(corner, after, CORNER);
    return Array.from({ length: CORNER_STEPS + 1 }, (_, step) => {
      const t = step / CORNER_STEPS;
      const u = 1 - t;
      return {
        x: u * u * from.x + 2 * u * t * corner.x + t * t * to.x,
        y: u * u * from.y + 2 * u * t * corner.y + t * t * to.y,
      };
    });
  });
}

/** The point so far from one towards another, and at most half-way. */
function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(0.5, distance / length);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** The stretch of virtual time that the space-time diagram and the plots show: one for all of them. In µs, as numbers. */
import type { ClusterView, MessageView, StatementView } from '../../cluster/cluster-view.ts';

export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

const LEAST_SPAN = 100;
/** In a window that follows what happens, the last thing that did stands here. */
const LAST_AT = 0.82;
/** A window of its own accord holds so many one-way trips on the longest cable: a commit, and all that comes of it. */
const TRIPS = 7;
const LEAST_TRIP = 5_000;
const LONGEST_OWN = 4_000_000;

export const spanOf = ({ from, to }: TimeWindow): number => to - from;

/** So that it starts no earlier than the run, and is no shorter than anyone can read. */
export function windowOf(from: number, span: number): TimeWindow {
  const length = Math.max(LEAST_SPAN, span);
  const start = Math.max(0, from);
  return { from: start, to: start + length };
}

/** The span that suits a cluster's cables. */
export function ownSpan({ links }: ClusterView): number {
  const longest = Math.max(LEAST_TRIP, ...links.map(({ delay }) => delay));
  return Math.min(LONGEST_OWN, longest * TRIPS);
}

/** Larger (factor above 1) or smaller, with one instant staying where it is. */
export function zoomed(window: TimeWindow, factor: number, around: number): TimeWindow {
  const span = Math.max(LEAST_SPAN, spanOf(window) * factor);
  const share = (around - window.from) / spanOf(window);
  return windowOf(around - share * span, span);
}

/** Moved by a share of itself: 1 is one window later. */
export const panned = (window: TimeWindow, share: number): TimeWindow =>
  windowOf(window.from + share * spanOf(window), spanOf(window));

/** Such that an instant is in it; the same one where it already is. */
export function holding(window: TimeWindow, at: number): TimeWindow {
  const span = spanOf(window);
  if (at >= window.from && at <= window.to) return window;
  return windowOf(at - span / 2, span);
}

/** Of the given span, with the last thing that happened near its end. */
export const following = (span: number, last: number): TimeWindow =>
  windowOf(last - LAST_AT * span, span);

/** From a little before a statement was sent until a little after the last message of its time. */
export function windowOfStatement(
  { sentAt, answeredAt }: StatementView,
  now: number,
  trip: number,
): TimeWindow {
  const end = Math.min(now, (answeredAt ?? now) + 3 * trip);
  const length = Math.max(2 * trip, end - sentAt);
  return windowOf(sentAt - length * 0.06, length * 1.16);
}

/** The last instant at which something travelled or was asked: keepalives and reports of an idle standby do not count. */
export function lastActivity(
  messages: readonly MessageView[],
  statements: readonly StatementView[],
  inFlight: readonly MessageView[],
): number {
  const wal = messages.findLast(({ kind }) => kind === 'wal');
  const statement = statements.at(-1);
  return Math.max(
    wal?.arrivesAt ?? 0,
    statement?.answeredAt ?? statement?.sentAt ?? 0,
    ...inFlight.filter(({ kind }) => kind === 'wal').map(({ sentAt }) => sentAt),
  );
}

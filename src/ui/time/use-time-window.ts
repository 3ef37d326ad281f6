import { type Accessor, createMemo, createSignal } from 'solid-js';
import { type Snapshot, shownNow } from '../../session/snapshot.ts';
import {
  following,
  holding,
  lastActivity,
  ownSpan,
  panned,
  spanOf,
  type TimeWindow,
  windowOf,
  windowOfStatement,
  zoomed,
} from './time-window.ts';

export interface TimeWindowState {
  readonly window: Accessor<TimeWindow>;
  /** Whether the window goes with what happens, or stands where somebody has put it. */
  readonly follows: Accessor<boolean>;
  follow(): void;
  zoom(factor: number, around?: number): void;
  pan(share: number): void;
  showAll(): void;
  showLastStatement(): void;
}

/** The stretch of time that the panels of one bench show. A window that follows is at least `leastSpan` µs long at first. */
export function createTimeWindow(snapshot: Accessor<Snapshot>, leastSpan: number): TimeWindowState {
  /** Where somebody has put it; null: it follows. */
  const [placed, place] = createSignal<TimeWindow | null>(null);
  /** How long a window that follows is; null: as long as suits the cluster. */
  const [chosenSpan, chooseSpan] = createSignal<number | null>(null);
  const window = createMemo((): TimeWindow => {
    const now = snapshot();
    const at = shownNow(now);
    const there = placed();
    if (there) return there;
    if (!now.view) return windowOf(0, 1);
    const span = chosenSpan() ?? Math.max(leastSpan, ownSpan(now.view));
    const { messages, statements, view } = now;
    const last = following(span, lastActivity(messages, statements, view.inFlight));
    return now.lookingAt === null ? last : holding(last, at);
  });
  const middle = () => (window().from + window().to) / 2;
  return {
    window,
    follows: () => placed() === null,
    follow: () => place(null),
    zoom: (factor, around) => {
      if (placed() === null && around === undefined) chooseSpan(spanOf(window()) * factor);
      else place(zoomed(window(), factor, around ?? middle()));
    },
    pan: (share) => place(panned(window(), share)),
    showAll: () => place(windowOf(0, (snapshot().view?.now ?? 1) * 1.02)),
    showLastStatement: () => {
      const { statements, view } = snapshot();
      const last = statements.at(-1);
      if (last && view) place(windowOfStatement(last, view.now, ownSpan(view) / 7));
    },
  };
}

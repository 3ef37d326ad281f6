import type {
  ClusterView,
  MessageView,
  StatementView,
  TraceEvent,
} from '../cluster/cluster-view.ts';
import { type AppendList, append, countUpTo, emptyList, lastOf } from '../sim/append-list.ts';
import type { Instant } from '../sim/instant.ts';

/** What a running statement waits for, as in pg_stat_activity. */
export interface RunningWait {
  readonly id: number;
  readonly waitEventType: string | null;
  readonly waitEvent: string | null;
}

/** The cluster as it stood from `view.now` on, until the next frame. */
export interface Frame {
  readonly view: ClusterView;
  /** Every statement that was running then. */
  readonly waits: readonly RunningWait[];
}

/** A run as far as it has been seen, in order of time. */
export type Frames = AppendList<Frame>;

/** What a page shows of one moment: only what was known by then. */
export interface Moment {
  readonly view: ClusterView;
  readonly statements: readonly StatementView[];
  readonly events: readonly TraceEvent[];
  readonly messages: readonly MessageView[];
}

/** From so many frames on, the older ones are thinned. One takes about a kilobyte. */
export const FRAMES_MAX = 16_000;

export const NO_FRAMES: Frames = emptyList();

const nowOf = ({ view }: Frame): number => view.now;

/** The frame of a cluster as it stands; null where nothing but time has changed since the frame before. */
export function nextFrame(
  before: Frame | null,
  view: ClusterView,
  statements: readonly StatementView[],
): Frame | null {
  const waits = statements
    .filter(({ state }) => state === 'running')
    .map(({ id, waitEventType, waitEvent }) => ({ id, waitEventType, waitEvent }));
  if (before === null) return { view, waits };
  const stood = { view: { ...view, now: before.view.now }, waits };
  const frame = share<Frame>(before, stood);
  return frame === before ? null : { ...frame, view: { ...frame.view, now: view.now } };
}

/** The frames with more at their end. Of two at the same instant the later one counts. */
export function withFrames(frames: Frames, added: readonly Frame[]): Frames {
  let all = frames;
  for (const frame of added) {
    const last = lastOf(all);
    const shared = last ? share(last, frame) : frame;
    const replaces = last?.view.now === frame.view.now;
    all = append(replaces ? { ...all, length: all.length - 1 } : all, [shared]);
  }
  return all.length > FRAMES_MAX ? thinned(all) : all;
}

/** Of the older half every second frame, of the newer half all. */
function thinned({ items, length }: Frames): Frames {
  const half = length >> 1;
  return append<Frame>(
    NO_FRAMES,
    items.slice(0, length).filter((_, index) => index >= half || index % 2 === 0),
  );
}

/** The last frame at or before an instant; before the first one, the first. */
export function frameAt(frames: Frames, at: Instant): Frame | null {
  const count = countUpTo(frames, at, nowOf);
  return frames.length === 0 ? null : (frames.items[Math.max(0, count - 1)] as Frame);
}

/** When the next frame after an instant begins; null behind the last. */
export function nextFrameAt(frames: Frames, at: Instant): Instant | null {
  const count = countUpTo(frames, at, nowOf);
  return count < frames.length ? (frames.items[count] as Frame).view.now : null;
}

/** The moment `at` of a run, from what has been seen of it. */
export function momentAt(
  frames: Frames,
  { statements, events, messages }: Omit<Moment, 'view'>,
  at: Instant,
): Moment | null {
  const frame = frameAt(frames, at);
  if (frame === null) return null;
  return {
    view: { ...frame.view, now: at },
    statements: statements.filter(({ sentAt }) => sentAt <= at).map((s) => asOf(s, at, frame)),
    events: events.slice(
      0,
      countUpTo({ items: events, length: events.length }, at, (e) => e.at),
    ),
    messages: messages.filter(({ arrivesAt, sentAt }) => (arrivesAt ?? sentAt) <= at),
  };
}

/** What the client knew of its statement then. Statements answered by then stay the same objects. */
function asOf(statement: StatementView, at: Instant, { waits }: Frame): StatementView {
  if (statement.answeredAt !== null && statement.answeredAt <= at) return statement;
  const wait = waits.find(({ id }) => id === statement.id);
  return {
    ...statement,
    state: 'running',
    answeredAt: null,
    results: [],
    notices: [],
    error: null,
    waitEventType: wait?.waitEventType ?? null,
    waitEvent: wait?.waitEvent ?? null,
  };
}

/** `now`, in which all that equals its counterpart in `before` is the same object: so frames share it. */
function share<T>(before: T, now: T): T {
  if (Object.is(before, now)) return before;
  if (!isTree(before) || !isTree(now) || Array.isArray(before) !== Array.isArray(now)) return now;
  const keys = Object.keys(now);
  let same = keys.length === Object.keys(before).length;
  const all: Record<string, unknown> = Array.isArray(now) ? ([] as never) : {};
  for (const key of keys) {
    const item = share(before[key], now[key]);
    if (item !== before[key]) same = false;
    all[key] = item;
  }
  return same ? before : (all as T);
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

import type {
  ClusterView,
  MessageView,
  StatementView,
  TraceEvent,
} from '../cluster/cluster-view.ts';
import { countUpTo, lastOf } from '../sim/append-list.ts';
import type { Instant } from '../sim/instant.ts';
import { asOf, type History, remember } from './history.ts';

/** What a running statement waits for, as in pg_stat_activity. */
export interface RunningWait {
  readonly id: number;
  readonly waitEventType: string | null;
  readonly waitEvent: string | null;
}

/** The cluster as it stood from an instant on, until the next frame. Messages on their way are told by the log of messages. */
export interface Frame {
  readonly at: Instant;
  readonly view: Omit<ClusterView, 'now' | 'inFlight'>;
  /** Every statement that was running then. */
  readonly waits: readonly RunningWait[];
}

/** A run as far as it has been seen. */
export type Frames = History<Frame>;

/** What a page shows of one moment: only what was known by then. */
export interface Moment {
  readonly view: ClusterView;
  readonly statements: readonly StatementView[];
  readonly events: readonly TraceEvent[];
  readonly messages: readonly MessageView[];
}

/** The frame of a cluster as it stands; null where nothing but time and messages has moved since the frame before. */
export function nextFrame(
  before: Frame | null,
  { now, inFlight: _, ...view }: ClusterView,
  statements: readonly StatementView[],
): Frame | null {
  // By way of the sessions: a long run has thousands of statements, and few that run.
  const waits = view.nodes.flatMap(({ sessions }) =>
    sessions.flatMap(({ statementId }) => waitOf(statements[statementId ?? -1])),
  );
  if (before === null) return { at: now, view, waits };
  const { at } = before;
  const frame = share<Frame>(before, { at, view, waits });
  return frame === before ? null : { ...frame, at: now };
}

const waitOf = (statement: StatementView | undefined): readonly RunningWait[] =>
  statement?.state === 'running'
    ? [{ id: statement.id, waitEventType: statement.waitEventType, waitEvent: statement.waitEvent }]
    : [];

/** The frames with more at their end; what one has in common with the one before it is held once. */
export const withFrames = (frames: Frames, added: readonly Frame[]): Frames =>
  added.reduce((all, frame) => {
    const last = lastOf(all);
    return remember(all, last ? share(last, frame) : frame);
  }, frames);

/** The moment `at` of a run, from what has been seen of it; null where nothing has. */
export function momentAt(frames: Frames, seen: Moment, at: Instant): Moment | null {
  const frame = asOf(frames, at);
  if (frame === null) return null;
  const { statements, events, messages, view } = seen;
  const sent = [...messages, ...view.inFlight].filter(({ sentAt }) => sentAt <= at);
  const arrived = ({ arrivesAt, lost }: MessageView) =>
    lost || (arrivesAt !== null && arrivesAt <= at);
  return {
    view: { ...frame.view, now: at, inFlight: sent.filter((message) => !arrived(message)) },
    statements: statements.filter(({ sentAt }) => sentAt <= at).map((s) => known(s, at, frame)),
    events: events.slice(
      0,
      countUpTo(listOf(events), at, (event) => event.at),
    ),
    messages: sent.filter(arrived),
  };
}

const listOf = <T>(items: readonly T[]) => ({ items, length: items.length });

/** What the client knew of its statement then. Statements answered by then stay the same objects. */
function known(statement: StatementView, at: Instant, { waits }: Frame): StatementView {
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

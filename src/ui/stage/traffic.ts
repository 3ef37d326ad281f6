/** What the drawing shows of messages: which are on their way at an instant, how far, and what a reply brings. */
import type { ClusterView, MessageView } from '../../cluster/cluster-view.ts';
import type { Duration, Instant } from '../../sim/instant.ts';

export type Stage = 'sent' | 'written' | 'flushed' | 'replayed';

export interface Traffic {
  /** On their way, by link and in order of sending. */
  readonly flying: readonly MessageView[];
  /** Arrived within the last moment, the newest first. */
  readonly arrived: readonly MessageView[];
}

/** A message that a cut holds up stands before the cut; the ones behind it queue. */
const CUT_AT = 0.44;
const QUEUE_STEP = 0.05;
const QUEUE_END = 0.06;

/**
 * The messages at an instant: those of the view, which is of that instant or of a little earlier, and those that the log
 * of ended messages adds. `since` is how long ago an arrival may be to count as fresh.
 */
export function trafficAt(
  view: ClusterView,
  ended: readonly MessageView[],
  at: Instant,
  since: Duration,
): Traffic {
  const flying = new Map<string, MessageView>();
  for (const message of view.inFlight) {
    if (message.arrivesAt === null || message.arrivesAt >= at) flying.set(message.id, message);
  }
  const arrived: MessageView[] = [];
  for (let i = firstAfter(ended, at - since); i < ended.length; i++) {
    const message = ended[i];
    if (!message || message.arrivesAt === null || message.sentAt > at) continue;
    if (message.arrivesAt > at) flying.set(message.id, message);
    else if (message.arrivesAt >= at - since) arrived.unshift(message);
  }
  for (const { id } of arrived) flying.delete(id);
  return { flying: [...flying.values()], arrived };
}

/** The place of the first message that ended at or after an instant; one that was lost counts with those before it. */
function firstAfter(ended: readonly MessageView[], at: number): number {
  let i = ended.length;
  for (; i > 0; i--) {
    const { arrivesAt, lost } = ended[i - 1] as MessageView;
    if (!lost && arrivesAt !== null && arrivesAt < at) break;
  }
  return i;
}

/** Which share of its way a message has behind it. `queued` counts those that the same cut holds up before it. */
export function shareOfWay(message: MessageView, at: number, queued = 0): number {
  const { sentAt, arrivesAt } = message;
  if (arrivesAt === null) return Math.max(QUEUE_END, CUT_AT - queued * QUEUE_STEP);
  if (arrivesAt <= sentAt) return 1;
  return Math.min(1, Math.max(0, (at - sentAt) / (arrivesAt - sentAt)));
}

/** How far along the stages a reply takes what its receiver knew; null where it brings nothing new. */
export function newsOf(
  message: MessageView,
  before: readonly MessageView[],
  view: ClusterView,
): Stage | null {
  const { reported, from, to, sentAt } = message;
  if (!reported) return null;
  const earlier = before.findLast(
    (one) => one.from === from && one.to === to && one.reported && one.sentAt < sentAt,
  )?.reported;
  return advanced(reported, earlier ?? knownOf(view, from));
}

type Reported = NonNullable<MessageView['reported']>;

/** The furthest stage that a report takes further than the one before it. */
export function advanced(
  reported: Reported | null,
  before: { readonly [K in keyof Reported]: number } | undefined,
): Stage | null {
  if (!reported || !before) return null;
  if (reported.replayLsn > before.replayLsn) return 'replayed';
  if (reported.flushLsn > before.flushLsn) return 'flushed';
  return reported.writeLsn > before.writeLsn ? 'written' : null;
}

function knownOf(view: ClusterView, standby: string) {
  const row = view.nodes.find(({ name }) => name === standby)?.standby;
  return {
    writeLsn: row?.writeLsn ?? 0,
    flushLsn: row?.flushLsn ?? 0,
    replayLsn: row?.replayLsn ?? 0,
  };
}

/** How large a message is drawn: by its bytes, from a keepalive to a full one of 128 kB. */
export function sizeOf({ bytes }: MessageView): number {
  const doublings = Math.log2(Math.max(64, bytes) / 64);
  return Math.min(22, 11 + doublings);
}

import { type Duration, type Instant, ms, NEVER } from './instant.ts';
import { Prng, type PrngState } from './prng.ts';

/** TCP's shortest retransmission timeout (Linux TCP_RTO_MIN). It doubles with each loss of the same data. */
const RETRANSMISSION_TIMEOUT_MIN = ms(200);

/** A message that has been sent and has not arrived. */
export interface InFlight<M> {
  /** Counts the messages of its direction from 0; a message sent again keeps its number. */
  readonly number: number;
  readonly message: M;
  readonly bytes: number;
  /** When the sender handed it over, for the first time. */
  readonly sentAt: Instant;
  /** When its last byte leaves the sender. */
  readonly leavesAt: Instant;
  /** When it arrives, if the link is not cut then. */
  readonly arrivesAt: Instant;
}

/**
 * One direction of a network link that carries TCP: what is sent arrives once, whole and in order. As a value;
 * it holds its messages in flight.
 *
 * - delay: a message arrives that long after its last byte left. A change counts for what is sent later, and a later
 *   message never overtakes.
 * - bandwidth: messages leave one after another.
 * - loss: a lost message is sent again after the retransmission timeout: one round trip, at least 200 ms, doubling;
 *   what was sent after it waits behind it (no fast retransmit).
 * - cut: nothing arrives. All that is in flight is kept, as TCP does, and arrives in order one delay after healing
 *   (TCP's backed-off timers would add up to as much again as the cut took).
 */
export interface Link<M> {
  readonly delay: Duration;
  /** Infinity for no limit. */
  readonly bytesPerSecond: number;
  /** Share of messages lost, 0 ≤ ratio < 1. */
  readonly lossRatio: number;
  readonly cut: boolean;
  /** Messages ever sent. */
  readonly sent: number;
  /** When the last byte sent so far leaves the sender. */
  readonly busyUntil: Instant;
  /** In order of sending, which is the order of arriving. */
  readonly inFlight: readonly InFlight<M>[];
  readonly random: PrngState;
}

export function quietLink<M>(delay: Duration, random: PrngState): Link<M> {
  return {
    delay,
    bytesPerSecond: NEVER,
    lossRatio: 0,
    cut: false,
    sent: 0,
    busyUntil: 0 as Instant,
    inFlight: [],
    random,
  };
}

/** Sends a message. It is the last of the new link's `inFlight`, with the instant at which it arrives. */
export function send<M>(link: Link<M>, message: M, bytes: number, at: Instant): Link<M> {
  const number = link.sent;
  return transmit({ ...link, sent: number + 1 }, { number, message, bytes, sentAt: at }, at);
}

type Outgoing<M> = Pick<InFlight<M>, 'number' | 'message' | 'bytes' | 'sentAt'>;

function transmit<M>(link: Link<M>, outgoing: Outgoing<M>, at: Instant): Link<M> {
  const { number, message, bytes, sentAt } = outgoing;
  const leavesAt = Math.ceil(
    Math.max(at, link.busyUntil) + (bytes / link.bytesPerSecond) * 1e6,
  ) as Instant;
  const { wait, random } = retransmissions(link);
  const previous = link.inFlight.at(-1)?.arrivesAt ?? 0;
  const arrivesAt = Math.max(leavesAt + wait + link.delay, previous) as Instant;
  const one = { number, message, bytes, sentAt, leavesAt, arrivesAt };
  const inFlight = [...link.inFlight, one];
  return { ...link, busyUntil: leavesAt, inFlight, random };
}

/** Takes what has arrived by now, in order; nothing while the link is cut. */
export function arrivals<M>(link: Link<M>, at: Instant): [Link<M>, readonly InFlight<M>[]] {
  if (link.cut) return [link, []];
  const firstLater = link.inFlight.findIndex((one) => one.arrivesAt > at);
  const count = firstLater === -1 ? link.inFlight.length : firstLater;
  if (count === 0) return [link, []];
  const arrived = link.inFlight.slice(0, count);
  return [{ ...link, inFlight: link.inFlight.slice(count) }, arrived];
}

export function cutLink<M>(link: Link<M>): Link<M> {
  return { ...link, cut: true };
}

/** Mends a cut: all that is in flight is sent again now. The caller asks for `arrivals` at each new `arrivesAt`. */
export function healLink<M>(link: Link<M>, at: Instant): Link<M> {
  if (!link.cut) return link;
  let mended: Link<M> = { ...link, cut: false, busyUntil: at, inFlight: [] };
  for (const one of link.inFlight) mended = transmit(mended, one, at);
  return mended;
}

/** The sender's machine stops: what has not left it, or was lost in a cut and cannot be sent again, never arrives. */
export function loseSender<M>(link: Link<M>, at: Instant): Link<M> {
  const inFlight = link.cut ? [] : link.inFlight.filter((one) => one.leavesAt <= at);
  return { ...link, inFlight, busyUntil: Math.min(link.busyUntil, at) as Instant };
}

function retransmissions<M>(link: Link<M>): { wait: number; random: PrngState } {
  if (link.lossRatio === 0) return { wait: 0, random: link.random };
  const prng = new Prng(link.random);
  let wait = 0;
  let timeout = Math.max(RETRANSMISSION_TIMEOUT_MIN, 2 * link.delay);
  while (prng.chance(link.lossRatio)) {
    wait += timeout;
    timeout *= 2;
  }
  return { wait, random: prng.state };
}

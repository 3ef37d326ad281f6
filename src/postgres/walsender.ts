/**
 * The walsender: the process of an upstream that sends WAL to one standby and takes its replies. Follows walsender.c
 * (XLogSendPhysical, ProcessStandbyReplyMessage, WalSndKeepaliveIfNecessary, WalSndCheckTimeOut). Simplified: its output buffer and both kernels' socket buffers are one buffer of SOCKET_BUFFER_BYTES.
 */
import { after, type Duration, type Instant } from '../sim/instant.ts';
import { type LagTracker, readLag, startLagTracker, writeSample } from './lag-tracker.ts';
import { INVALID_LSN, type Lsn } from './lsn.ts';
import type { Keepalive, StandbyFeedback, StandbyReply, XLogData } from './streaming-protocol.ts';
import { wireBytes } from './streaming-protocol.ts';
import type { SyncRepSender } from './sync-rep.ts';

/** MAX_SEND_SIZE: the most WAL in one message; a message that is not the last ends at a page. */
const MAX_SEND_SIZE = 16 * 8_192;
const PAGE = 8_192;

/** What a standby that reads nothing lets its walsender send: about what Linux' TCP buffers grow to on one host. */
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

export interface Walsender extends SyncRepSender {
  readonly connection: number;
  /** The standby's node. */
  readonly standby: string;
  readonly applicationName: string;
  readonly backendStart: Instant;
  readonly state: 'startup' | 'catchup' | 'streaming';
  readonly sentLsn: Lsn;
  /** Its timeline ends here in the history of its server; Infinity while it is the present one. */
  readonly servedUpTo: Lsn;
  readonly writeLag: Duration | null;
  readonly flushLag: Duration | null;
  readonly replayLag: Duration | null;
  /** Of the standby's last feedback; null where it asks for nothing. */
  readonly xmin: number | null;
  /** `sentAt` of the last reply. */
  readonly replyTime: Instant | null;
  readonly lagTracker: LagTracker;
  /** When something came from the standby last; the timeout counts from here. */
  readonly lastReplyAt: Instant;
  readonly waitingForPingResponse: boolean;
  /** The last reply said that all that was sent is applied: a second one clears the lag columns. */
  readonly fullyAppliedLastTime: boolean;
  /** Log it when this standby is found to be synchronous next time. */
  readonly announceNextTakeover: boolean;
  /** Bytes of WAL messages sent that the walreceiver has not read. */
  readonly unreadBytes: number;
  readonly wakeAt: Instant | null;
}

/** A connection was accepted. */
export function startWalsender(options: {
  readonly connection: number;
  readonly slot: number;
  readonly standby: string;
  readonly applicationName: string;
  readonly at: Instant;
}): Walsender {
  const { connection, slot, standby, applicationName, at } = options;
  return {
    connection,
    slot,
    standby,
    applicationName,
    backendStart: at,
    state: 'startup',
    syncPriority: 0,
    sentLsn: INVALID_LSN,
    servedUpTo: Number.POSITIVE_INFINITY as Lsn,
    writeLsn: INVALID_LSN,
    flushLsn: INVALID_LSN,
    replayLsn: INVALID_LSN,
    writeLag: null,
    flushLag: null,
    replayLag: null,
    xmin: null,
    replyTime: null,
    lagTracker: startLagTracker(),
    lastReplyAt: at,
    waitingForPingResponse: false,
    fullyAppliedLastTime: false,
    announceNextTakeover: true,
    unreadBytes: 0,
    wakeAt: null,
  };
}

/** START_REPLICATION came. */
export function startReplication(
  walsender: Walsender,
  { from, upTo }: { readonly from: Lsn; readonly upTo: Lsn },
  syncPriority: number,
  at: Instant,
): Walsender {
  return {
    ...walsender,
    state: 'catchup',
    sentLsn: from,
    servedUpTo: upTo,
    lastReplyAt: at,
    syncPriority,
  };
}

/** Sends what the upstream has flushed, message by message, until the socket is full or all is sent. */
export function sendWal(
  walsender: Walsender,
  { branch, flushLsn }: { readonly branch: number; readonly flushLsn: Lsn },
  at: Instant,
): readonly [Walsender, readonly XLogData[]] {
  if (walsender.state === 'startup' || isSocketFull(walsender)) return [walsender, []];
  const { connection } = walsender;
  const flushedLsn = Math.min(flushLsn, walsender.servedUpTo) as Lsn;
  const messages: XLogData[] = [];
  let { sentLsn, unreadBytes } = walsender;
  while (sentLsn < flushedLsn && unreadBytes < SOCKET_BUFFER_BYTES) {
    const furthest = sentLsn + MAX_SEND_SIZE;
    const to = (flushedLsn <= furthest ? flushedLsn : furthest - (furthest % PAGE)) as Lsn;
    const message: XLogData = {
      kind: 'wal',
      connection,
      branch,
      from: sentLsn,
      to,
      walEnd: flushedLsn,
      sentAt: at,
    };
    messages.push(message);
    unreadBytes += wireBytes(message);
    sentLsn = to;
  }
  const caughtUp = sentLsn >= flushedLsn && unreadBytes < SOCKET_BUFFER_BYTES;
  const lagTracker = writeSample(walsender.lagTracker, flushedLsn, at);
  const state = caughtUp ? 'streaming' : walsender.state;
  return [{ ...walsender, state, sentLsn, unreadBytes, lagTracker }, messages];
}

/** True while it must wait for the walreceiver to read. */
export function isSocketFull(walsender: Walsender): boolean {
  return walsender.unreadBytes >= SOCKET_BUFFER_BYTES;
}

/** A status update came. */
export function takeReply(walsender: Walsender, reply: StandbyReply, at: Instant): Walsender {
  const { writeLsn, flushLsn, replayLsn, sentAt } = reply;
  const [first, writeLag] = readLag(walsender.lagTracker, 'write', writeLsn, at);
  const [second, flushLag] = readLag(first, 'flush', flushLsn, at);
  const [lagTracker, replayLag] = readLag(second, 'apply', replayLsn, at);
  const fullyApplied = replayLsn === walsender.sentLsn;
  const clear = fullyApplied && walsender.fullyAppliedLastTime;
  return {
    ...walsender,
    writeLsn,
    flushLsn,
    replayLsn,
    writeLag: clear ? writeLag : (writeLag ?? walsender.writeLag),
    flushLag: clear ? flushLag : (flushLag ?? walsender.flushLag),
    replayLag: clear ? replayLag : (replayLag ?? walsender.replayLag),
    replyTime: sentAt,
    lagTracker,
    lastReplyAt: at,
    waitingForPingResponse: false,
    fullyAppliedLastTime: fullyApplied,
  };
}

/** Hot standby feedback came (ProcessStandbyHSFeedbackMessage). */
export function takeFeedback(
  walsender: Walsender,
  { xmin, sentAt }: StandbyFeedback,
  at: Instant,
): Walsender {
  return {
    ...walsender,
    xmin,
    replyTime: sentAt,
    lastReplyAt: at,
    waitingForPingResponse: false,
  };
}

export function keepalive(
  walsender: Walsender,
  replyRequested: boolean,
  sentAt: Instant,
): Keepalive {
  const { connection, sentLsn } = walsender;
  return { kind: 'keepalive', connection, walEnd: sentLsn, sentAt, replyRequested };
}

/** What wal_sender_timeout asks for now: to ask the standby for a reply after half of it, to end after all of it. */
export function timerDue(
  walsender: Walsender,
  timeout: Duration,
  at: Instant,
): 'ping' | 'timeout' | null {
  if (timeout === 0 || walsender.state === 'startup') return null;
  if (at >= after(walsender.lastReplyAt, timeout)) return 'timeout';
  if (walsender.waitingForPingResponse) return null;
  return at >= pingAt(walsender, timeout) ? 'ping' : null;
}

/** When `timerDue` is to be asked next; Infinity for never. */
export function nextTimer(walsender: Walsender, timeout: Duration): Instant {
  if (timeout === 0 || walsender.state === 'startup') return Number.POSITIVE_INFINITY as Instant;
  return walsender.waitingForPingResponse
    ? after(walsender.lastReplyAt, timeout)
    : pingAt(walsender, timeout);
}

function pingAt(walsender: Walsender, timeout: Duration): Instant {
  return after(walsender.lastReplyAt, Math.floor(timeout / 2) as Duration);
}

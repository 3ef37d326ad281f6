/**
 * The walreceiver: the process of a standby that takes WAL from its upstream, writes it at once, flushes it when
 * nothing more waits in the socket, and reports. Follows walreceiver.c (WalReceiverMain, XLogWalRcvWrite,
 * XLogWalRcvFlush, XLogWalRcvSendReply). As there it asks for WAL from the start of a segment, so that its write
 * position goes back when it connects anew; while an fsync runs it does nothing else. Simplified: writing takes no time,
 * nor does it fsync at a segment's end; feedback without a catalog_xmin, and none at all from a standby
 * that never had hot_standby_feedback on (PostgreSQL sends one that is empty).
 */

import { after, type Instant, NEVER, seconds } from '../sim/instant.ts';
import { FIRST_TIMELINE, INVALID_LSN, type Lsn, type TimelineId } from './lsn.ts';
import type { ReplicationSettings } from './replication-settings.ts';
import type { Closed, StandbyMessage, UpstreamMessage } from './streaming-protocol.ts';
import { WAL_SEGMENT_SIZE } from './wal/page.ts';

/** How long the operating system tries to connect to a host that does not answer: Linux' six SYNs. */
const CONNECT_TIMEOUT = seconds(127);

/** Of a timer that is off. */
export const FOREVER = NEVER as number as Instant;

export interface Walreceiver {
  readonly status: 'stopped' | 'connecting' | 'streaming' | 'exiting';
  readonly connection: number;
  /** The slot that it asks its upstream for; null for none. */
  readonly slotName: string | null;
  /** The timeline that it asks for. */
  readonly timeline: TimelineId;
  /** The newest timeline whose history file it has. */
  readonly knownTimeline: TimelineId;
  /** The branch of WAL that its upstream was found on; null before. */
  readonly upstreamBranch: number | null;
  readonly frozen: boolean;
  /** An fsync runs, and the process with it. */
  readonly flushing: boolean;
  /** In the socket, unread. */
  readonly inbox: readonly UpstreamMessage[];
  readonly receiveStartLsn: Lsn;
  /** LogstreamResult: what this stream has written and flushed. */
  readonly writeLsn: Lsn;
  readonly flushLsn: Lsn;
  /** writtenUpto: what this process has written itself; INVALID_LSN before. */
  readonly writtenLsn: Lsn;
  /** flushedUpto, pg_last_wal_receive_lsn(): never goes back; null before the first stream since the start. */
  readonly receivedLsn: Lsn | null;
  /** Where the WAL begins that was flushed last (latestChunkStart, walreceiver.h). */
  readonly latestChunkStart: Lsn;
  readonly reportedWriteLsn: Lsn;
  readonly reportedFlushLsn: Lsn;
  /** The startup process wants a reply sent (force_reply). */
  readonly forceReply: boolean;
  /** The primary holds an xmin of ours (primary_has_standby_xmin). */
  readonly primaryHasXmin: boolean;
  /** WALRCV_WAKEUP_HSFEEDBACK, _REPLY, _PING, _TERMINATE. */
  readonly feedbackAt: Instant;
  readonly replyAt: Instant;
  readonly pingAt: Instant;
  readonly terminateAt: Instant;
  readonly lastMsgSendTime: Instant;
  readonly lastMsgReceiptTime: Instant;
  readonly latestEndLsn: Lsn;
  readonly latestEndTime: Instant;
  /** When the startup process may ask for a stream again. */
  readonly retryAt: Instant;
  /** When streaming last failed, as the startup process counts wal_retrieve_retry_interval. */
  readonly lastFailAt: Instant | null;
  /** What the last one that failed wrote into the log; null once WAL comes again. */
  readonly lastError: string | null;
  readonly wakeAt: Instant | null;
}

/** What it reports of its standby. */
export interface StandbyStanding {
  readonly replayLsn: Lsn;
  /** The oldest xmin that queries here need; null where no transaction is known yet. */
  readonly xmin: number | null;
}

/** What it does, in order. */
export type WalreceiverStep =
  | { readonly kind: 'send'; readonly message: StandbyMessage }
  /** It has read so many bytes of WAL messages from the socket. */
  | { readonly kind: 'read'; readonly bytes: number }
  /** It writes WAL up to here. */
  | { readonly kind: 'written'; readonly upTo: Lsn }
  /** It starts an fsync of what it has written; `endFlush` is to be called when that ends. */
  | { readonly kind: 'flush'; readonly upTo: Lsn }
  /** A line of its server log. */
  | {
      readonly kind: 'log';
      readonly event: string | null;
      readonly level: 'LOG' | 'FATAL';
      readonly words: string;
      readonly detail: string | null;
    }
  /** The process is gone. */
  | { readonly kind: 'stopped' };

export type Ran = readonly [Walreceiver, readonly WalreceiverStep[]];

/** None runs yet; the startup process may ask for one at once. */
export function idleWalreceiver(at: Instant): Walreceiver {
  return {
    status: 'stopped',
    connection: 0,
    slotName: null,
    timeline: FIRST_TIMELINE,
    knownTimeline: FIRST_TIMELINE,
    upstreamBranch: null,
    frozen: false,
    flushing: false,
    inbox: [],
    receiveStartLsn: INVALID_LSN,
    writeLsn: INVALID_LSN,
    flushLsn: INVALID_LSN,
    writtenLsn: INVALID_LSN,
    receivedLsn: null,
    latestChunkStart: INVALID_LSN,
    reportedWriteLsn: INVALID_LSN,
    reportedFlushLsn: INVALID_LSN,
    forceReply: false,
    primaryHasXmin: false,
    feedbackAt: FOREVER,
    replyAt: FOREVER,
    pingAt: FOREVER,
    terminateAt: FOREVER,
    lastMsgSendTime: at,
    lastMsgReceiptTime: at,
    latestEndLsn: INVALID_LSN,
    latestEndTime: at,
    retryAt: at,
    lastFailAt: null,
    lastError: null,
    wakeAt: null,
  };
}

/** The startup process asks for WAL from `lsn` on (RequestXLogStreaming): a new process connects. */
export function startWalreceiver(
  previous: Walreceiver,
  options: {
    connection: number;
    applicationName: string;
    slotName: string | null;
    timeline: TimelineId;
    lsn: Lsn;
    at: Instant;
  },
): Ran {
  const { connection, applicationName, slotName, timeline, lsn, at } = options;
  const receiveStartLsn = (lsn - (lsn % WAL_SEGMENT_SIZE)) as Lsn;
  const walreceiver: Walreceiver = {
    ...idleWalreceiver(at),
    status: 'connecting',
    connection,
    slotName,
    timeline,
    knownTimeline: Math.max(previous.knownTimeline, timeline) as TimelineId,
    receiveStartLsn,
    receivedLsn: previous.receivedLsn ?? receiveStartLsn,
    latestChunkStart: previous.latestChunkStart,
    forceReply: previous.forceReply,
    terminateAt: after(at, CONNECT_TIMEOUT),
    lastFailAt: previous.lastFailAt,
    lastError: previous.lastError,
  };
  return [
    walreceiver,
    [{ kind: 'send', message: { kind: 'connect', connection, applicationName } }],
  ];
}

/** When a timer of it is due next; Infinity for none. */
export function nextWake(walreceiver: Walreceiver): Instant {
  const { status, frozen, flushing, feedbackAt, replyAt, pingAt, terminateAt } = walreceiver;
  if (frozen || flushing || status === 'stopped' || status === 'exiting') return FOREVER;
  return Math.min(feedbackAt, replyAt, pingAt, terminateAt) as Instant;
}

/** A reload: feedback is due now, if any is. */
export function recallFeedback(
  walreceiver: Walreceiver,
  settings: ReplicationSettings,
  at: Instant,
): Walreceiver {
  const isDue = sendsFeedback(settings) || walreceiver.primaryHasXmin;
  return walreceiver.status === 'streaming' && isDue
    ? { ...walreceiver, feedbackAt: at }
    : walreceiver;
}

export const sendsFeedback = (settings: ReplicationSettings): boolean =>
  settings.hotStandbyFeedback && settings.walReceiverStatusInterval > 0;

/** The process is gone, and its connection closed. */
export function stopWalreceiver(
  walreceiver: Walreceiver,
  settings: ReplicationSettings,
  at: Instant,
): Ran {
  const { connection, lastFailAt } = walreceiver;
  const retryAt =
    lastFailAt === null
      ? at
      : (Math.max(at, after(lastFailAt, settings.walRetrieveRetryInterval)) as Instant);
  const closed: Closed = { kind: 'closed', connection };
  const stopped: Walreceiver = {
    ...walreceiver,
    status: 'stopped',
    inbox: [],
    retryAt,
    lastFailAt: retryAt,
  };
  return [stopped, [{ kind: 'send', message: closed }, { kind: 'stopped' }]];
}

/**
 * The walreceiver: the process of a standby that takes WAL from its upstream, writes it at once, flushes it when
 * nothing more waits in the socket, and reports. Follows walreceiver.c (WalReceiverMain, XLogWalRcvWrite,
 * XLogWalRcvFlush, XLogWalRcvSendReply). As there it asks for WAL from the start of a segment, so that its write
 * position goes back when it connects anew; while an fsync runs it does nothing else. Simplified: writing takes no time,
 * nor does it fsync at a segment's end; feedback without a catalog_xmin, and none at all from a standby
 * that never had hot_standby_feedback on (PostgreSQL sends one that is empty).
 */

import { after, type Duration, type Instant, NEVER, seconds } from '../sim/instant.ts';
import { FIRST_TIMELINE, formatLsn, INVALID_LSN, type Lsn, type TimelineId } from './lsn.ts';
import type { ReplicationSettings } from './replication-settings.ts';
import {
  type Closed,
  type StandbyMessage,
  type UpstreamMessage,
  wireBytes,
} from './streaming-protocol.ts';
import { WAL_SEGMENT_SIZE } from './wal/page.ts';

/** How long the operating system tries to connect to a host that does not answer: Linux' six SYNs. */
const CONNECT_TIMEOUT = seconds(127);

const FOREVER = NEVER as number as Instant;

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

type Ran = readonly [Walreceiver, readonly WalreceiverStep[]];

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

/** The main loop, until it has to wait: for the socket, its latch, a timer, or the disk. */
export function runWalreceiver(
  start: Walreceiver,
  standing: StandbyStanding,
  settings: ReplicationSettings,
  at: Instant,
): Ran {
  if (start.frozen || start.flushing || start.status === 'stopped') return [start, []];
  if (start.status === 'exiting') return stop(start, settings, at);
  const loop = new MainLoop(start, standing, settings, at);
  loop.run();
  return [loop.walreceiver, loop.steps];
}

/** The fsync has ended: the caller runs the main loop next. */
export function endFlush(
  walreceiver: Walreceiver,
  upTo: Lsn,
  standing: StandbyStanding,
  settings: ReplicationSettings,
  at: Instant,
): Ran {
  const receivedLsn = Math.max(walreceiver.receivedLsn ?? upTo, upTo) as Lsn;
  const latestChunkStart =
    receivedLsn === walreceiver.receivedLsn
      ? walreceiver.latestChunkStart
      : (walreceiver.receivedLsn ?? upTo);
  const flushed = {
    ...walreceiver,
    flushing: false,
    flushLsn: upTo,
    receivedLsn,
    latestChunkStart,
  };
  if (walreceiver.status === 'exiting') return [flushed, []];
  const loop = new MainLoop(flushed, standing, settings, at);
  loop.reply(false, false);
  return [loop.walreceiver, loop.steps];
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

const sendsFeedback = (settings: ReplicationSettings): boolean =>
  settings.hotStandbyFeedback && settings.walReceiverStatusInterval > 0;

function stop(walreceiver: Walreceiver, settings: ReplicationSettings, at: Instant): Ran {
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

/** One pass of WalReceiverMain over a walreceiver's state. */
class MainLoop {
  walreceiver: Walreceiver;
  readonly steps: WalreceiverStep[] = [];
  readonly #standing: StandbyStanding;
  readonly #settings: ReplicationSettings;
  readonly #at: Instant;

  constructor(
    start: Walreceiver,
    standing: StandbyStanding,
    settings: ReplicationSettings,
    at: Instant,
  ) {
    this.walreceiver = start;
    this.#standing = standing;
    this.#settings = settings;
    this.#at = at;
  }

  run(): void {
    const { inbox } = this.walreceiver;
    if (inbox.length > 0) {
      this.#change({ inbox: [] });
      for (const message of inbox) {
        if (this.#take(message) === 'closed') return;
      }
      if (this.walreceiver.status === 'streaming') {
        this.reply(false, false);
        this.#flush();
      }
    }
    if (this.walreceiver.flushing) return;
    this.#wake();
  }

  /** XLogWalRcvSendReply. */
  reply(force: boolean, replyRequested: boolean): void {
    const { connection, writeLsn, flushLsn, reportedWriteLsn, reportedFlushLsn } = this.walreceiver;
    const interval = this.#settings.walReceiverStatusInterval;
    if (!force) {
      if (interval === 0) return;
      const nothingNew = writeLsn === reportedWriteLsn && flushLsn === reportedFlushLsn;
      if (nothingNew && this.#at < this.walreceiver.replyAt) return;
    }
    this.#change({
      replyAt: this.#timer(interval),
      reportedWriteLsn: writeLsn,
      reportedFlushLsn: flushLsn,
    });
    const message: StandbyMessage = {
      kind: 'reply',
      connection,
      writeLsn,
      flushLsn,
      replayLsn: this.#standing.replayLsn,
      sentAt: this.#at,
      replyRequested,
    };
    this.steps.push({ kind: 'send', message });
  }

  /** XLogWalRcvProcessMsg, and what libpq does before the stream begins. */
  #take(message: UpstreamMessage): 'closed' | null {
    if (message.kind === 'closed') {
      this.#exit(
        this.walreceiver.status === 'connecting'
          ? 'could not connect to the primary server: the connection was refused'
          : 'could not receive data from WAL stream: server closed the connection unexpectedly',
      );
      return 'closed';
    }
    if (message.kind === 'error') {
      this.#exit(
        this.walreceiver.status === 'connecting'
          ? `could not start WAL streaming: ERROR:  ${message.message}`
          : `could not receive data from WAL stream: ERROR:  ${message.message}`,
      );
      return 'closed';
    }
    if (message.kind === 'accepted') return this.#askForTimeline(message);
    if (message.kind === 'timelineEnded') {
      this.#endTimeline(message.endLsn);
      return 'closed';
    }
    if (message.kind === 'replicationStarted') {
      this.#startStreaming();
      return null;
    }
    const timeout = this.#settings.walReceiverTimeout;
    this.#change({
      terminateAt: this.#timer(timeout),
      pingAt: this.#timer(Math.floor(timeout / 2) as Duration),
      lastMsgSendTime: message.sentAt,
      lastMsgReceiptTime: this.#at,
    });
    if (message.walEnd > this.walreceiver.latestEndLsn) {
      this.#change({ latestEndLsn: message.walEnd, latestEndTime: message.sentAt });
    }
    if (message.kind === 'wal') {
      this.steps.push({ kind: 'read', bytes: wireBytes(message) });
      this.#change({ writeLsn: message.to, writtenLsn: message.to, lastError: null });
      this.steps.push({ kind: 'written', upTo: message.to });
    } else if (message.replyRequested) {
      this.reply(true, false);
    }
    return null;
  }

  /** WalRcvFetchTimeLineHistoryFiles and START_REPLICATION. */
  #askForTimeline(upstream: UpstreamMessage & { kind: 'accepted' }): 'closed' | null {
    const { connection, slotName: slot, receiveStartLsn: from, timeline } = this.walreceiver;
    if (upstream.timeline < timeline) {
      this.#exit(
        `highest timeline ${upstream.timeline} of the primary is behind recovery timeline ${timeline}`,
      );
      return 'closed';
    }
    for (let next = this.walreceiver.knownTimeline + 1; next <= upstream.timeline; next++)
      this.#log(null, `fetching timeline history file for timeline ${next} from primary server`);
    const knownTimeline = Math.max(this.walreceiver.knownTimeline, upstream.timeline) as TimelineId;
    this.#change({ knownTimeline, upstreamBranch: upstream.branch });
    const message = { kind: 'startReplication', connection, slot, from, timeline } as const;
    this.steps.push({ kind: 'send', message });
    return null;
  }

  /** The upstream has no more of this timeline: the startup process is to say how to go on. */
  #endTimeline(endLsn: Lsn): void {
    const { status, timeline } = this.walreceiver;
    if (status === 'connecting')
      this.#log(null, `primary server contains no more WAL on requested timeline ${timeline}`);
    else
      this.#log(
        null,
        'replication terminated by primary server',
        `End of WAL reached on timeline ${timeline} at ${formatLsn(endLsn)}.`,
      );
    this.#leave();
  }

  #startStreaming(): void {
    const start = formatLsn(this.walreceiver.receiveStartLsn);
    const timeout = this.#settings.walReceiverTimeout;
    this.#change({
      status: 'streaming',
      writeLsn: this.#standing.replayLsn,
      flushLsn: this.#standing.replayLsn,
      terminateAt: this.#timer(timeout),
      pingAt: this.#timer(Math.floor(timeout / 2) as Duration),
    });
    const { timeline } = this.walreceiver;
    this.#log(
      'streamingStarted',
      `started streaming WAL from primary at ${start} on timeline ${timeline}`,
    );
    this.reply(true, false);
    this.#feedback();
  }

  /** The latch and the timers of WaitLatchOrSocket. */
  #wake(): void {
    const { status, forceReply, replyAt, pingAt, terminateAt } = this.walreceiver;
    if (status === 'connecting') {
      if (this.#at >= terminateAt) this.#exit('could not connect to the primary server: timed out');
      return;
    }
    if (forceReply) {
      this.#change({ forceReply: false });
      this.reply(true, false);
    }
    if (this.#at >= terminateAt) {
      this.#exit('terminating walreceiver due to timeout');
      return;
    }
    if (this.#at >= Math.min(pingAt, replyAt)) {
      const ping = this.#at >= pingAt;
      if (ping) this.#change({ pingAt: FOREVER });
      this.reply(ping, ping);
    }
    if (this.#at >= this.walreceiver.feedbackAt) this.#feedback();
  }

  /** XLogWalRcvSendHSFeedback. Once it is turned off, a last message tells the primary to forget the xmin. */
  #feedback(): void {
    const sends = sendsFeedback(this.#settings);
    const interval = this.#settings.walReceiverStatusInterval;
    this.#change({ feedbackAt: sends ? this.#timer(interval) : FOREVER });
    if (!sends && !this.walreceiver.primaryHasXmin) return;
    const xmin = sends ? this.#standing.xmin : null;
    this.#change({ primaryHasXmin: xmin !== null });
    const { connection } = this.walreceiver;
    this.steps.push({
      kind: 'send',
      message: { kind: 'feedback', connection, xmin, sentAt: this.#at },
    });
  }

  /** XLogWalRcvFlush. */
  #flush(): void {
    const { writeLsn, flushLsn } = this.walreceiver;
    if (flushLsn >= writeLsn) return;
    this.#change({ flushing: true });
    this.steps.push({ kind: 'flush', upTo: writeLsn });
  }

  /** An error ends the process, which flushes what it has written before it goes (WalRcvDie). */
  #exit(words: string): void {
    const [message = '', detail = null] = words.split('\nDETAIL:  ');
    this.#log('walreceiverFailed', message, detail, 'FATAL');
    this.#change({ lastError: words.replace('\nDETAIL:  ', ' ') });
    this.#leave();
  }

  #leave(): void {
    this.#change({ status: 'exiting', inbox: [] });
    this.#flush();
    if (this.walreceiver.flushing) return;
    const [stopped, steps] = stop(this.walreceiver, this.#settings, this.#at);
    this.walreceiver = stopped;
    this.steps.push(...steps);
  }

  #log(
    event: string | null,
    words: string,
    detail: string | null = null,
    level: 'LOG' | 'FATAL' = 'LOG',
  ): void {
    this.steps.push({ kind: 'log', event, level, words, detail });
  }

  #timer(length: Duration): Instant {
    return length === 0 ? FOREVER : after(this.#at, length);
  }

  #change(fields: Partial<Walreceiver>): void {
    this.walreceiver = { ...this.walreceiver, ...fields };
  }
}

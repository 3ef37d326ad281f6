/** The walreceiver at work: one pass of WalReceiverMain (walreceiver.c) after another, on a `Walreceiver` as a value. */
import { after, type Duration, type Instant } from '../sim/instant.ts';
import { formatLsn, type Lsn, type TimelineId } from './lsn.ts';
import type { ReplicationSettings } from './replication-settings.ts';
import { type StandbyMessage, type UpstreamMessage, wireBytes } from './streaming-protocol.ts';
import {
  FOREVER,
  type Ran,
  type StandbyStanding,
  sendsFeedback,
  stopWalreceiver,
  type Walreceiver,
  type WalreceiverStep,
} from './walreceiver.ts';

/** The main loop, until it has to wait: for the socket, its latch, a timer, or the disk. */
export function runWalreceiver(
  start: Walreceiver,
  standing: StandbyStanding,
  settings: ReplicationSettings,
  at: Instant,
): Ran {
  if (start.frozen || start.flushing || start.status === 'stopped') return [start, []];
  if (start.status === 'exiting') return stopWalreceiver(start, settings, at);
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
    const [stopped, steps] = stopWalreceiver(this.walreceiver, this.#settings, this.#at);
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

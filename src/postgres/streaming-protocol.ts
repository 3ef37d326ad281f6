/**
 * The messages of streaming replication, as data: those of the protocol (XLogData, keepalive, standby status update)
 * and what stands for a connection's life. Sizes are those of the protocol with its CopyData frame. Simplified:
 * connecting, authentication and IDENTIFY_SYSTEM are one exchange instead of three.
 */
import type { Instant } from '../sim/instant.ts';
import type { Lsn, TimelineId } from './lsn.ts';

/** From a standby to its upstream. */
export type StandbyMessage =
  | { readonly kind: 'connect'; readonly connection: number; readonly applicationName: string }
  /** START_REPLICATION [SLOT …] PHYSICAL. */
  | {
      readonly kind: 'startReplication';
      readonly connection: number;
      readonly slot: string | null;
      readonly from: Lsn;
      readonly timeline: TimelineId;
    }
  | StandbyReply
  | StandbyFeedback
  | Closed;

/** Standby status update (`r`): how far the standby has written, flushed and applied. */
export interface StandbyReply {
  readonly kind: 'reply';
  readonly connection: number;
  readonly writeLsn: Lsn;
  readonly flushLsn: Lsn;
  readonly replayLsn: Lsn;
  readonly sentAt: Instant;
  readonly replyRequested: boolean;
}

/** Hot standby feedback (`h`): the oldest transaction that the standby's queries must still see rows of; null for none. */
export interface StandbyFeedback {
  readonly kind: 'feedback';
  readonly connection: number;
  readonly xmin: number | null;
  readonly sentAt: Instant;
}

/** From the upstream to a standby. */
export type UpstreamMessage =
  /** IDENTIFY_SYSTEM's timeline, and the branch of WAL that the history files of the upstream tell of. */
  | {
      readonly kind: 'accepted';
      readonly connection: number;
      readonly timeline: TimelineId;
      readonly branch: number;
    }
  /** CopyBothResponse: the stream begins. */
  | { readonly kind: 'replicationStarted'; readonly connection: number }
  /** CopyDone: the upstream has no more WAL on the timeline that was asked for, which it left at `endLsn`. */
  | { readonly kind: 'timelineEnded'; readonly connection: number; readonly endLsn: Lsn }
  | WalsenderError
  | XLogData
  | Keepalive
  | Closed;

/** WAL (`w`), from `from` up to `to`; `walEnd` is what the sender could have sent by then. */
export interface XLogData {
  readonly kind: 'wal';
  readonly connection: number;
  /** Of which branch of WAL it is. */
  readonly branch: number;
  readonly from: Lsn;
  readonly to: Lsn;
  readonly walEnd: Lsn;
  readonly sentAt: Instant;
}

/** Primary keepalive (`k`). */
export interface Keepalive {
  readonly kind: 'keepalive';
  readonly connection: number;
  readonly walEnd: Lsn;
  readonly sentAt: Instant;
  readonly replyRequested: boolean;
}

/** An ERROR of the walsender (`E`): it serves this connection no longer. */
export interface WalsenderError {
  readonly kind: 'error';
  readonly connection: number;
  readonly message: string;
}

/** The other side's kernel says that the connection is no more: its process ended, or never was. */
export interface Closed {
  readonly kind: 'closed';
  readonly connection: number;
}

export type StreamingMessage = StandbyMessage | UpstreamMessage;

/** CopyData's own five bytes. */
const FRAME = 5;

/** Bytes of a message on the wire. */
export function wireBytes(message: StreamingMessage): number {
  switch (message.kind) {
    case 'wal':
      return FRAME + 25 + (message.to - message.from);
    case 'keepalive':
      return FRAME + 18;
    case 'reply':
      return FRAME + 34;
    case 'feedback':
      return FRAME + 25;
    case 'connect':
    case 'accepted':
      return 200;
    case 'startReplication':
    case 'replicationStarted':
    case 'timelineEnded':
      return 60;
    case 'error':
      return FRAME + 60 + message.message.length;
    case 'closed':
      return 0;
  }
}

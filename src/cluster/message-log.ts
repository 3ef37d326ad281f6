import { type Branches, branchOf } from '../postgres/branches.ts';
import { commitsBetween, type RecordLog } from '../postgres/record-log.ts';
import type { ReplicationState } from '../postgres/replication-state.ts';
import type { StreamingMessage } from '../postgres/streaming-protocol.ts';
import { countUpTo } from '../sim/append-list.ts';
import type { Instant } from '../sim/instant.ts';
import type { InFlight } from '../sim/link.ts';
import type { MessageView, WalRange } from './cluster-view.ts';

type Sent = InFlight<StreamingMessage>;

interface Ended {
  readonly from: string;
  readonly to: string;
  readonly message: Sent;
  /** When it arrived; null where it was lost. */
  readonly at: Instant | null;
}

/** Every message whose way has ended, in order of ending. Keeps what the links held; views are made where somebody looks. */
export class MessageLog {
  readonly #ended: Ended[] = [];

  append(from: string, to: string, messages: readonly Sent[], at: Instant | null): void {
    for (const message of messages) this.#ended.push({ from, to, message, at });
  }

  get length(): number {
    return this.#ended.length;
  }

  /** Those from place `first` on. */
  from(first: number, branches: Branches): readonly MessageView[] {
    return this.#ended
      .slice(first)
      .map(({ from, to, message, at }) =>
        messageView(branches, from, to, message, at, at === null),
      );
  }
}

/** The messages on their way at this instant. */
export function messagesInFlight(state: ReplicationState): readonly MessageView[] {
  return Object.entries(state.links).flatMap(([key, link]) => {
    const [from = '', to = ''] = key.split('>');
    return link.inFlight.map((sent) =>
      messageView(state.branches, from, to, sent, link.cut ? null : sent.arrivesAt, false),
    );
  });
}

function messageView(
  branches: Branches,
  from: string,
  to: string,
  { number, message, bytes, sentAt }: Sent,
  arrivesAt: Instant | null,
  lost: boolean,
): MessageView {
  const { kind } = message;
  return {
    id: `${from}>${to}#${number}`,
    from,
    to,
    kind,
    bytes,
    sentAt,
    arrivesAt,
    lost,
    wal:
      kind === 'wal'
        ? walRange(branchOf(branches, message.branch).records, message.from, message.to)
        : null,
    reported:
      kind === 'reply'
        ? {
            writeLsn: message.writeLsn,
            flushLsn: message.flushLsn,
            replayLsn: message.replayLsn,
          }
        : null,
  };
}

function walRange(
  records: RecordLog,
  startLsn: WalRange['startLsn'],
  endLsn: WalRange['endLsn'],
): WalRange {
  const upTo = (lsn: number) => countUpTo(records.ends, lsn, (end) => end);
  return {
    startLsn,
    endLsn,
    records: upTo(endLsn) - upTo(startLsn),
    commits: commitsBetween(records, startLsn, endLsn).length,
  };
}

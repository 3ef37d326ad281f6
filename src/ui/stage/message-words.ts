/** What the drawing says of a message: its name, and what is known of it. */
import type { ClusterView, MessageView, WaitingCommit } from '../../cluster/cluster-view.ts';
import { formatLsn } from '../../postgres/lsn.ts';
import { between, type Instant } from '../../sim/instant.ts';
import { bytesOf, clockTime, lengthOfTime } from '../time-words.ts';

const KINDS: Readonly<Record<MessageView['kind'], string>> = {
  wal: 'WAL',
  reply: 'Reply',
  feedback: 'Hot standby feedback',
  keepalive: 'Keepalive',
  connect: 'Connection request',
  accepted: 'Connection accepted',
  startReplication: 'START_REPLICATION',
  replicationStarted: 'Stream begins',
  timelineEnded: 'The timeline ends here',
  error: 'An error of the walsender',
  closed: 'Connection closed',
};

export const nameOfMessage = ({ kind, bytes, from, to }: MessageView): string =>
  `${KINDS[kind]}, ${bytesOf(bytes)}, ${from} to ${to}`;

export interface Fact {
  readonly term: string;
  readonly words: string;
}

/** Everything about a message, as it stands at an instant. */
export function factsOf(message: MessageView, view: ClusterView, at: Instant): readonly Fact[] {
  const facts: Fact[] = [{ term: 'way', words: wayOf(message, at) }];
  const { wal, reported, bytes } = message;
  if (wal) {
    facts.push(
      { term: 'carries', words: `${formatLsn(wal.startLsn)} to ${formatLsn(wal.endLsn)}` },
      {
        term: 'size',
        words: `${bytesOf(bytes)} on the wire, ${bytesOf(wal.endLsn - wal.startLsn)} of them WAL: ${counted(wal.records, 'record')}, of which ${wal.commits} end a transaction`,
      },
      { term: 'awaited by', words: awaitedBy(message, view) },
    );
  } else facts.push({ term: 'size', words: `${bytesOf(bytes)} on the wire` });
  if (reported) {
    facts.push({
      term: 'reports',
      words: `written ${formatLsn(reported.writeLsn)}, flushed ${formatLsn(reported.flushLsn)}, replayed ${formatLsn(reported.replayLsn)}`,
    });
  }
  return facts;
}

function wayOf({ from, to, sentAt, arrivesAt, lost }: MessageView, at: Instant): string {
  const left = `left ${from} at ${clockTime(sentAt)}`;
  if (lost) return `${left} and is lost: that machine stopped`;
  if (arrivesAt === null) return `${left}; the cable is cut, and TCP keeps it for later`;
  const took = `${lengthOfTime(between(sentAt, arrivesAt))} on the way`;
  const tense = arrivesAt > at ? 'reaches' : 'reached';
  return `${left}, ${tense} ${to} at ${clockTime(arrivesAt)}, ${took}`;
}

/** The commits whose records lie in a message's WAL and that still wait for a standby. */
export function waitersFor(message: MessageView, view: ClusterView): readonly WaitingCommit[] {
  const { wal } = message;
  if (!wal) return [];
  return view.commits.filter(({ lsn }) => lsn > wal.startLsn && lsn <= wal.endLsn);
}

const STAGE_OF_LEVEL = {
  remote_write: 'written',
  on: 'flushed',
  remote_apply: 'replayed',
} as const;

function awaitedBy(message: MessageView, view: ClusterView): string {
  const commits = waitersFor(message, view);
  if (commits.length === 0) return 'no commit that waits for a standby';
  return commits
    .map(({ session, node, level, lsn }) => {
      const stage = level in STAGE_OF_LEVEL ? STAGE_OF_LEVEL[level as 'on'] : 'flushed';
      return `session ${session} of ${node}: its commit at ${formatLsn(lsn)} waits until it is ${stage} (${level})`;
    })
    .join('; ');
}

export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

/**
 * Timelines in a stream: what a walsender has of the timeline that a standby asks for (StartReplication, walsender.c), and how
 * a standby goes over to a newer one (rescanLatestTimeLine, xlogrecovery.c). Simplified: a standby knows of the timelines of
 * the upstream that it reached last, not of those in an archive.
 */
import { branchOf, commonUpTo, switchPoint, timelineAt } from './branches.ts';
import { formatLsn, type Lsn, type TimelineId } from './lsn.ts';
import type { Transition } from './transition.ts';

/** Up to where a walsender may send of a timeline; Infinity where it is the present one. Or why it may not. */
export function servedUpTo(
  step: Transition,
  name: string,
  timeline: TimelineId,
  from: Lsn,
): { readonly upTo: Lsn } | { readonly refusal: string } {
  const { branch, wal } = step.node(name);
  const upTo = switchPoint(step.state.branches, branch, timeline);
  if (upTo === null)
    return { refusal: `requested timeline ${timeline} is not in this server's history` };
  if (upTo < from)
    return {
      refusal: `requested starting point ${formatLsn(from)} on timeline ${timeline} is not in this server's history\nDETAIL:  This server's history forked from timeline ${timeline} at ${formatLsn(upTo)}.`,
    };
  if (from > wal.flushLsn)
    return {
      refusal: `requested starting point ${formatLsn(from)} is ahead of the WAL flush position of this server ${formatLsn(wal.flushLsn)}`,
    };
  return { upTo };
}

/** The timeline that a standby asks for: that of the WAL that it wants next. */
export function wantedTimeline(step: Transition, name: string): TimelineId {
  const { branch, wal } = step.node(name);
  return timelineAt(step.state.branches, branch, wal.flushLsn);
}

/**
 * Its stream has ended: where the upstream is on a newer timeline that goes on from what has been replayed here, the standby
 * goes over to that. True where it has.
 */
export function followTimeline(step: Transition, name: string, target: number): boolean {
  const node = step.node(name);
  const { branches } = step.state;
  const [own, other] = [node.branch, target].map((one) => branchOf(branches, one).timeline);
  if (target === node.branch || own === undefined || other === undefined) return false;
  const { replayLsn } = node.startup;
  const fork = commonUpTo(branches, node.branch, target);
  if (other < own || (other === own && fork < node.wal.flushLsn)) return false;
  if (!node.settings.followsLatestTimeline && other !== own) return false;
  if (fork < replayLsn) {
    const at = formatLsn(replayLsn);
    const words = `new timeline ${other} forked off current database system timeline ${own} before current recovery point ${at}`;
    step.log(name, 'startup', 'LOG', words);
    return false;
  }
  const least = (position: Lsn) => Math.min(position, fork) as Lsn;
  const { insertLsn, writeLsn, flushLsn } = node.wal;
  step.change(name, {
    branch: target,
    wal: {
      insertLsn: least(insertLsn),
      writeLsn: least(writeLsn),
      flushLsn: least(flushLsn),
    },
    durableLsn: least(node.durableLsn),
    startup: { ...node.startup, target: null, knownLsn: least(node.startup.knownLsn) },
  });
  if (other === own) return true;
  step.log(name, 'startup', 'LOG', `new target timeline is ${other}`);
  const words = `${name} goes over to timeline ${other}, which left timeline ${own} at ${formatLsn(fork)}.`;
  step.happened('timelineFollowed', name, words, { timeline: other, lsn: formatLsn(fork) });
  return true;
}

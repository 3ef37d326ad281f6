/** What a node does that is not the leader: `Ha.follow` of patroni/ha.py. */
import { demote } from './demote.ts';
import { loadCluster } from './leader-key.ts';
import { rewindOrReinitialize } from './rewind.ts';
import type { Call, Run } from './run.ts';
import { nodeToFollow } from './server.ts';

export function* followLeader(
  run: Run,
  demoteReason: string,
  followReason: string,
  refresh = true,
): Call<string> {
  if (refresh) yield* loadCluster(run);
  const { memory } = run;
  const leader = nodeToFollow(run);
  if (run.isPaused) {
    if (run.isPrimary) {
      run.setRole('primary');
      return 'continue to run as primary without lock';
    }
    run.setRole('replica');
    if (leader === null) return `no action. I am (${run.node})`;
  } else if (run.isPrimary) {
    yield* demote(run, 'immediate-nolock');
    return demoteReason;
  }
  const words = rewindOrReinitialize(run);
  if (words !== null) return words;
  if (run.look.own.upstream !== leader && (leader !== null || !run.isPaused)) {
    run.postgres({ kind: 'follow', upstream: leader });
    run.setRole('replica');
    memory.rewind = 'check';
  } else if (leader !== null) {
    const theirs = run.keys.members[leader]?.timeline ?? null;
    if (theirs !== null && run.look.own.timeline < theirs && !run.look.own.streaming) {
      memory.rewind = 'check';
      const again = rewindOrReinitialize(run);
      if (again !== null) return again;
    }
  }
  return followReason;
}

/** What monitoring sees of a node's checkpointer and of its pg_wal. */
import type { Instant } from '../sim/instant.ts';
import { type CheckpointCounts, countsAt } from './checkpointer.ts';
import { FIRST_TIMELINE, type Lsn } from './lsn.ts';
import type { PlacedCheckpoint } from './record-log.ts';
import type { ReplicationState } from './replication-state.ts';
import { WAL_SEGMENT_SIZE } from './wal/page.ts';
import { segmentName } from './wal/wal-store.ts';

export interface CheckpointsView extends CheckpointCounts {
  readonly isStandby: boolean;
  /** What pg_control names: a checkpoint, on a standby the last restartpoint. */
  readonly latest: PlacedCheckpoint;
  /** Names of the segments in pg_wal, oldest first. */
  readonly segments: readonly string[];
}

export function checkpointsView(
  state: ReplicationState,
  name: string,
  at: Instant,
): CheckpointsView {
  const node = state.nodes[name];
  if (!node) throw new RangeError(`no node "${name}"`);
  const { checkpointer, settings, walFrom, wal, upstream } = node;
  return {
    ...countsAt(checkpointer, settings, at),
    isStandby: upstream !== null,
    latest: checkpointer.latest,
    segments: segmentNames(walFrom, wal.writeLsn),
  };
}

function segmentNames(from: Lsn, to: Lsn): readonly string[] {
  const count = Math.max(1, Math.ceil((to - from) / WAL_SEGMENT_SIZE));
  return Array.from({ length: count }, (_, index) =>
    segmentName(FIRST_TIMELINE, (from + index * WAL_SEGMENT_SIZE) as Lsn),
  );
}

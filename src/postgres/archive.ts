/** The WAL archive: a directory that every node has mounted, whose files are whole segments and timelines' history files. */
import { type Branches, branchOf, commonUpTo, historyOf } from './branches.ts';
import { formatLsn, type Lsn, type TimelineId } from './lsn.ts';
import { WAL_SEGMENT_SIZE } from './wal/page.ts';
import { segmentName } from './wal/wal-store.ts';

export interface ArchivedFile {
  readonly name: string;
  /** Whose WAL it is, by index in `branches`. */
  readonly branch: number;
  /** Where the segment starts; null for a history file. */
  readonly segment: Lsn | null;
}

export type Archive = readonly ArchivedFile[];

/** A segment as a node of this branch archives it. */
export const segmentFile = (branches: Branches, branch: number, segment: Lsn): ArchivedFile => ({
  name: segmentName(branchOf(branches, branch).timeline, segment),
  branch,
  segment,
});

export const historyFile = (branches: Branches, branch: number): ArchivedFile => ({
  name: historyName(branchOf(branches, branch).timeline),
  branch,
  segment: null,
});

/** Whether the archive has a segment of a branch's WAL; a file of the same name from elsewhere does not count. */
export const hasSegment = (
  archive: Archive,
  branches: Branches,
  branch: number,
  segment: Lsn,
): boolean =>
  archive.some(
    (file) =>
      file.segment === segment &&
      commonUpTo(branches, branch, file.branch) >= segment + WAL_SEGMENT_SIZE,
  );

/** TLHistoryFileName (xlog_internal.h). */
export const historyName = (timeline: TimelineId): string =>
  `${timeline.toString(16).toUpperCase().padStart(8, '0')}.history`;

/** The text of a history file. */
export const historyText = (branches: Branches, branch: number): string =>
  historyOf(branches, branch)
    .map(({ timeline, switchedAt }) => `${timeline}\t${formatLsn(switchedAt)}\tpromoted\n`)
    .join('\n');

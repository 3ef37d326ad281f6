import type { Archive } from '../postgres/archive.ts';
import type { WalRange } from '../postgres/backup/manifest.ts';
import { lsn } from '../postgres/lsn.ts';
import { startOfSegment, WAL_SEGMENT_SIZE } from '../postgres/wal/page.ts';
import { segmentName } from '../postgres/wal/wal-store.ts';

/** Why pg_waldump cannot read a range of WAL in the archive, in its words; null where it can. */
export function whyUnreadable(archive: Archive, range: WalRange): string | null {
  if (archive.every(({ segment }) => segment === null)) return NO_WAL;
  for (
    let segment = startOfSegment(range.startLsn);
    segment < range.endLsn;
    segment = lsn(segment + WAL_SEGMENT_SIZE)
  ) {
    const name = segmentName(range.timeline, segment);
    if (archive.every((file) => file.name !== name))
      return `could not find file "${name}": No such file or directory`;
  }
  return null;
}

/** What it says of a directory without any segment, such as a backup's pg_wal here. */
export const NO_WAL = 'could not find any WAL file';

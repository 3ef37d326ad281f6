import { type Lsn, lsn, type TimelineId } from '../postgres/lsn.ts';
import { crc32c } from '../postgres/wal/crc32c.ts';
import { maxAlign, startOfSegment, WAL_SEGMENT_SIZE } from '../postgres/wal/page.ts';
import { CONTROL_FILE, checkpointBytes, withCheckpointAt } from './control-file.ts';
import { DATA_DIRECTORY, type FileSet } from './data-directory.ts';
import { isSegmentName, segmentPath } from './wal-files.ts';

/** XLogLongPageHeaderData (xlog_internal.h). */
const PAGE_HEADER = { length: 40, pageAddress: 8, remaining: 16 } as const;
/** XLogRecord (xlogrecord.h), and the header of its short main data. */
const RECORD = { length: 24, totalLength: 0, previous: 8, crc: 20 } as const;
const SHORT_DATA = 255;

/**
 * The files of a server that was shut down, with WAL that starts at another segment: one checkpoint and nothing before it, as
 * RewriteControlFile and WriteEmptyXLOG of pg_resetwal.c leave them. Pages keep their older positions, which harms nothing.
 */
export function moveWal(
  { directories, files }: FileSet,
  timeline: TimelineId,
  start: Lsn,
): { readonly moved: FileSet; readonly endLsn: Lsn } {
  if (start !== startOfSegment(start)) throw new RangeError(`no WAL segment starts at ${start}`);
  const control = files.get(CONTROL_FILE);
  const old = [...files].find(([path]) => isSegmentName(path.slice(path.lastIndexOf('/') + 1)));
  if (!control || !old) throw new Error(`no ${CONTROL_FILE}, or no WAL beside it`);
  const redo = lsn(start + PAGE_HEADER.length);
  const moved = withCheckpointAt(control, redo);
  const record = checkpointRecord(checkpointBytes(moved));
  const segment = new Uint8Array(WAL_SEGMENT_SIZE);
  segment.set(old[1].subarray(0, PAGE_HEADER.length));
  const header = new DataView(segment.buffer);
  header.setBigUint64(PAGE_HEADER.pageAddress, BigInt(start), true);
  header.setUint32(PAGE_HEADER.remaining, 0, true);
  segment.set(record, PAGE_HEADER.length);
  const kept = [...files].filter(
    ([path]) =>
      !path.startsWith(`${DATA_DIRECTORY}/pg_wal/`) ||
      !isSegmentName(path.slice(path.lastIndexOf('/') + 1)),
  );
  return {
    moved: {
      directories,
      files: new Map([...kept, [CONTROL_FILE, moved], [segmentPath(timeline, start), segment]]),
    },
    endLsn: lsn(redo + maxAlign(record.length)),
  };
}

/** An XLOG_CHECKPOINT_SHUTDOWN with nothing before it. Its resource manager and its info are both 0. */
function checkpointRecord(checkpoint: Uint8Array): Uint8Array {
  const head = RECORD.length + 2;
  const bytes = new Uint8Array(head + checkpoint.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(RECORD.totalLength, bytes.length, true);
  bytes.set([SHORT_DATA, checkpoint.length], RECORD.length);
  bytes.set(checkpoint, head);
  // The CRC covers the data first, and then the header before it.
  const covered = new Uint8Array([
    ...bytes.subarray(RECORD.length),
    ...bytes.subarray(0, RECORD.crc),
  ]);
  view.setUint32(RECORD.crc, crc32c(covered), true);
  return bytes;
}

import { type Lsn, lsn } from '../postgres/lsn.ts';
import { WAL_PAGE_SIZE, WAL_SEGMENT_SIZE } from '../postgres/wal/page.ts';

const SHORT_HEADER = 24;
const LONG_HEADER = 40;
const USABLE_PER_PAGE = WAL_PAGE_SIZE - SHORT_HEADER;
const USABLE_ON_FIRST_PAGE = WAL_PAGE_SIZE - LONG_HEADER;
const USABLE_PER_SEGMENT =
  (WAL_SEGMENT_SIZE / WAL_PAGE_SIZE - 1) * USABLE_PER_PAGE + USABLE_ON_FIRST_PAGE;

/**
 * XLogBytePosToEndRecPtr (xlog.c): from a count of usable WAL bytes to the position where they end. At the end of a page
 * that is the page's end; `pg_current_wal_insert_lsn()` says there where the next record will start, behind a header.
 */
export function endOfBytes(bytePosition: number): Lsn {
  const segmentStart = Math.floor(bytePosition / USABLE_PER_SEGMENT) * WAL_SEGMENT_SIZE;
  const inSegment = bytePosition % USABLE_PER_SEGMENT;
  if (inSegment === 0) return lsn(segmentStart);
  if (inSegment < USABLE_ON_FIRST_PAGE) return lsn(segmentStart + LONG_HEADER + inSegment);
  const afterFirst = inSegment - USABLE_ON_FIRST_PAGE;
  const pages = 1 + Math.floor(afterFirst / USABLE_PER_PAGE);
  const inPage = afterFirst % USABLE_PER_PAGE;
  const header = inPage === 0 ? 0 : SHORT_HEADER;
  return lsn(segmentStart + pages * WAL_PAGE_SIZE + header + inPage);
}

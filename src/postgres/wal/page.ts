import { type Lsn, lsn } from '../lsn.ts';

/** The `--wal-segsize=1` of every cluster here. */
export const WAL_SEGMENT_SIZE = 2 ** 20;
export const WAL_PAGE_SIZE = 8192;

/** XLP_FIRST_IS_OVERWRITE_CONTRECORD in a page header's xlp_info (xlog_internal.h). */
export const FIRST_IS_OVERWRITE_CONTRECORD = 0x0008;

const SHORT_PAGE_HEADER = 24;
const LONG_PAGE_HEADER = 40;

/** Where bytes of records go on at or after a position: past the page header, if one starts there. */
export function skipPageHeader(position: Lsn): Lsn {
  if (position % WAL_PAGE_SIZE !== 0) return position;
  return lsn(position + (position % WAL_SEGMENT_SIZE === 0 ? LONG_PAGE_HEADER : SHORT_PAGE_HEADER));
}

export const restOfPage = (position: Lsn): number => WAL_PAGE_SIZE - (position % WAL_PAGE_SIZE);

/** MAXALIGN (c.h): every record, and every part of a two-phase state, starts on a multiple of 8. */
export const maxAlign = (length: number): number => Math.ceil(length / 8) * 8;

export const startOfSegment = (position: Lsn): Lsn => lsn(position - (position % WAL_SEGMENT_SIZE));

export const endOfSegment = (position: Lsn): Lsn =>
  lsn(Math.ceil(position / WAL_SEGMENT_SIZE) * WAL_SEGMENT_SIZE);

/** A stretch of a record's bytes between two page headers. */
export interface Piece {
  readonly position: Lsn;
  /** Offset of the stretch in the record. */
  readonly offset: number;
  readonly length: number;
}

/** Where the bytes of a record lie that starts at a position. */
export function* piecesOf(start: Lsn, length: number): Generator<Piece> {
  let position = start;
  for (let offset = 0; offset < length; ) {
    const piece = { position, offset, length: Math.min(restOfPage(position), length - offset) };
    yield piece;
    offset += piece.length;
    position = skipPageHeader(lsn(position + piece.length));
  }
}

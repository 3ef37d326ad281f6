import { formatLsn, type Lsn, lsn } from '../lsn.ts';
import { crc32c } from './crc32c.ts';
import {
  endOfSegment,
  FIRST_IS_OVERWRITE_CONTRECORD,
  maxAlign,
  piecesOf,
  restOfPage,
  skipPageHeader,
  WAL_PAGE_SIZE,
} from './page.ts';
import { RECORD_HEADER_SIZE, type RecordBody, readBody } from './record-body.ts';
import type { WalBytes } from './wal-store.ts';

/** Where xl_info and xl_rmid lie in a record. */
export const INFO_OFFSET = 16;
export const RMID_OFFSET = 17;
/** Where xl_crc lies: the CRC covers what comes after it, then what comes before it. */
const CRC_OFFSET = 20;

/** The bits of xl_info that belong to the resource manager (XLR_RMGR_INFO_MASK). */
export const RMGR_INFO_MASK = 0xf0;

/** Resource managers (rmgrlist.h) whose records are looked into here. */
export const ResourceManager = { xlog: 0, transaction: 1, logicalMessage: 21 } as const;

/** Operations of the XLOG resource manager (pg_control.h). */
export const XlogOperation = {
  checkpointShutdown: 0x00,
  checkpointOnline: 0x10,
  noop: 0x20,
  switch: 0x40,
} as const;

/** A WAL record (XLogRecord in xlogrecord.h), its bytes free of the page headers between them. */
export class WalRecord {
  readonly lsn: Lsn;
  /**
   * Where the next record may start, as pg_walinspect's `end_lsn` and the flush position after this record say. (Where a
   * page ends there, `pg_current_wal_insert_lsn()` is already past the next page's header.)
   */
  readonly endLsn: Lsn;
  readonly bytes: Uint8Array;

  constructor(start: Lsn, endLsn: Lsn, bytes: Uint8Array) {
    this.lsn = start;
    this.endLsn = endLsn;
    this.bytes = bytes;
  }

  get totalLength(): number {
    return this.bytes.length;
  }

  /** The transaction or subtransaction that wrote the record; 0 for none. */
  get xid(): number {
    return this.#uint32(4);
  }

  /** The start of the record before. */
  get prev(): Lsn {
    return lsn(this.#uint32(8) + this.#uint32(12) * 2 ** 32);
  }

  get info(): number {
    return this.bytes[INFO_OFFSET] as number;
  }

  get rmid(): number {
    return this.bytes[RMID_OFFSET] as number;
  }

  get crc(): number {
    return this.#uint32(CRC_OFFSET);
  }

  get isIntact(): boolean {
    return this.crc === recordCrc(this.bytes);
  }

  /** Block references, origin, top-level xid and main data. */
  body(): RecordBody {
    return readBody(this.bytes);
  }

  mainData(): Uint8Array {
    return this.body().mainData;
  }

  #uint32(offset: number): number {
    return uint32At(this.bytes, offset);
  }
}

/** The CRC that belongs into a record's header. */
export function recordCrc(record: Uint8Array): number {
  return crc32c(record.subarray(0, CRC_OFFSET), crc32c(record.subarray(RECORD_HEADER_SIZE)));
}

/** Sets a record's CRC to what its other bytes say. */
export function sealRecord(record: Uint8Array): void {
  new DataView(record.buffer, record.byteOffset).setUint32(CRC_OFFSET, recordCrc(record), true);
}

/** The record that starts at a position. RangeError where no whole one does. */
export function recordAt(wal: WalBytes, position: Lsn): WalRecord {
  const start = skipPageHeader(position);
  const length = uint32At(wal.read(start, lsn(start + 4)), 0);
  const end = recordEnd(start, length);
  if (length < RECORD_HEADER_SIZE || end > wal.end) {
    throw new RangeError(`no WAL record at ${formatLsn(position)}`);
  }
  return recordFrom(wal.read(start, end), start, start, length);
}

/**
 * The whole records of a range that starts at a record's start (or at the page header before it), in order.
 * Ends before a record that the range does not hold to its end, and where WAL was never written.
 */
export function* readRecords(wal: WalBytes, from: Lsn, to: Lsn = wal.end): Generator<WalRecord> {
  const bytes = wal.read(from, to);
  for (let start = skipPageHeader(from); start < to; ) {
    const length = uint32At(bytes, start - from);
    if (length < RECORD_HEADER_SIZE) return;
    const end = recordEnd(start, length);
    const restart = restartWithin(bytes, from, start, lsn(Math.min(end, to)));
    if (restart !== null) {
      start = restart;
      continue;
    }
    if (end > to) return;
    const record = recordFrom(bytes, from, start, length);
    if (record.endLsn > to) return;
    yield record;
    start = skipPageHeader(record.endLsn);
  }
}

function recordEnd(start: Lsn, length: number): Lsn {
  if (length <= restOfPage(start)) return lsn(start + maxAlign(length));
  let end = start;
  for (const piece of piecesOf(start, length)) end = lsn(piece.position + maxAlign(piece.length));
  return end;
}

/**
 * Where reading goes on if a record was cut off by a crash at a page's end: recovery leaves its first part and starts
 * the next page afresh (CreateOverwriteContrecordRecord in xlog.c).
 */
function restartWithin(bytes: Uint8Array, from: Lsn, start: Lsn, end: Lsn): Lsn | null {
  for (let page = start + restOfPage(start); page < end; page += WAL_PAGE_SIZE) {
    if ((bytes[page - from + 2] as number) & FIRST_IS_OVERWRITE_CONTRECORD)
      return skipPageHeader(lsn(page));
  }
  return null;
}

/** `bytes` are the WAL from `from` on. */
function recordFrom(bytes: Uint8Array, from: Lsn, start: Lsn, length: number): WalRecord {
  const record = new WalRecord(
    start,
    recordEnd(start, length),
    recordBytes(bytes, from, start, length),
  );
  return isSwitch(record)
    ? new WalRecord(start, endOfSegment(record.endLsn), record.bytes)
    : record;
}

function recordBytes(bytes: Uint8Array, from: Lsn, start: Lsn, length: number): Uint8Array {
  if (length <= restOfPage(start)) return bytes.subarray(start - from, start - from + length);
  const joined = new Uint8Array(length);
  for (const piece of piecesOf(start, length)) {
    joined.set(
      bytes.subarray(piece.position - from, piece.position - from + piece.length),
      piece.offset,
    );
  }
  return joined;
}

/** After pg_switch_wal() the rest of the segment holds no records. */
function isSwitch(record: WalRecord): boolean {
  return (
    record.rmid === ResourceManager.xlog && (record.info & RMGR_INFO_MASK) === XlogOperation.switch
  );
}

function uint32At(bytes: Uint8Array, offset: number): number {
  const byte = (index: number) => bytes[offset + index] as number;
  return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0;
}

import { type Lsn, lsn, type TimelineId } from '../../../src/postgres/lsn.ts';
import {
  endOfSegment,
  maxAlign,
  piecesOf,
  skipPageHeader,
  WAL_PAGE_SIZE,
  WAL_SEGMENT_SIZE,
} from '../../../src/postgres/wal/page.ts';
import {
  INFO_OFFSET,
  ResourceManager,
  RMID_OFFSET,
  sealRecord,
  WalRecord,
  XlogOperation,
} from '../../../src/postgres/wal/record-reader.ts';

/** XLOG_PAGE_MAGIC of PostgreSQL 18, and the flags of a page header (xlog_internal.h). */
const PAGE_MAGIC = 0xd118;
const FIRST_IS_CONTRECORD = 0x0001;
const LONG_HEADER = 0x0002;

/** XLR_BLOCK_ID_DATA_SHORT and XLR_BLOCK_ID_DATA_LONG (xlogrecord.h). */
const DATA_SHORT = 255;
const DATA_LONG = 254;

/** What a record says, before it has a place. */
export interface RecordContent {
  readonly rmid: number;
  readonly info: number;
  /** 0 for none. */
  readonly xid: number;
  readonly mainData: Uint8Array;
}

/** Writes WAL as PostgreSQL lays it out: pages with headers, records with CRCs, each pointing at the one before. */
export class WalWriter {
  readonly timeline: TimelineId;
  #end: Lsn;
  #prev: Lsn;
  #taken: Lsn;
  #chunks: Uint8Array[] = [];

  /** `prev` is where the last record before `end` starts. */
  constructor(timeline: TimelineId, end: Lsn, prev: Lsn) {
    this.timeline = timeline;
    this.#end = end;
    this.#prev = prev;
    this.#taken = end;
  }

  get end(): Lsn {
    return this.#end;
  }

  /** The bytes since the last call. */
  take(): { readonly from: Lsn; readonly bytes: Uint8Array } {
    const from = this.#taken;
    const bytes = new Uint8Array(this.#end - from);
    let offset = 0;
    for (const chunk of this.#chunks.splice(0)) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    }
    this.#taken = this.#end;
    return { from, bytes };
  }

  write(content: RecordContent): WalRecord {
    const bytes = recordBytes(content, this.#prev);
    const start = skipPageHeader(this.#end);
    for (const { position, offset, length } of piecesOf(start, bytes.length)) {
      if (position > this.#end) this.#pageHeader(offset === 0 ? 0 : bytes.length - offset);
      this.#push(bytes.subarray(offset, offset + length));
    }
    this.#push(new Uint8Array(maxAlign(this.#end) - this.#end));
    const isSwitch = content.rmid === ResourceManager.xlog && content.info === XlogOperation.switch;
    if (isSwitch) this.#push(new Uint8Array(endOfSegment(this.#end) - this.#end));
    this.#prev = start;
    return new WalRecord(start, this.#end, bytes);
  }

  #push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#end = lsn(this.#end + bytes.length);
  }

  /** `rest`: how much of a record that began on the page before goes on here. */
  #pageHeader(rest: number): void {
    const header = new Uint8Array(skipPageHeader(this.#end) - this.#end);
    const view = new DataView(header.buffer);
    const isLong = this.#end % WAL_SEGMENT_SIZE === 0;
    view.setUint16(0, PAGE_MAGIC, true);
    view.setUint16(2, (rest > 0 ? FIRST_IS_CONTRECORD : 0) | (isLong ? LONG_HEADER : 0), true);
    view.setUint32(4, this.timeline, true);
    view.setBigUint64(8, BigInt(this.#end), true);
    view.setUint32(16, rest, true);
    if (isLong) {
      view.setUint32(32, WAL_SEGMENT_SIZE, true);
      view.setUint32(36, WAL_PAGE_SIZE, true);
    }
    this.#push(header);
  }
}

function recordBytes({ rmid, info, xid, mainData }: RecordContent, prev: Lsn): Uint8Array {
  const head = dataHeader(mainData.length);
  const bytes = new Uint8Array(24 + head.length + mainData.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint32(4, xid, true);
  view.setBigUint64(8, BigInt(prev), true);
  bytes[INFO_OFFSET] = info;
  bytes[RMID_OFFSET] = rmid;
  bytes.set(head, 24);
  bytes.set(mainData, 24 + head.length);
  sealRecord(bytes);
  return bytes;
}

function dataHeader(length: number): Uint8Array {
  if (length === 0) return new Uint8Array();
  if (length <= 255) return Uint8Array.of(DATA_SHORT, length);
  const header = new Uint8Array(5);
  header[0] = DATA_LONG;
  new DataView(header.buffer).setUint32(1, length, true);
  return header;
}

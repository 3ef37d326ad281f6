import { formatLsn, type Lsn, lsn, type TimelineId } from '../lsn.ts';
import { startOfSegment, WAL_SEGMENT_SIZE } from './page.ts';

/** WAL bytes of one timeline from `start` to `end` (a `WalSource` of the SQL engine's port). */
export interface WalBytes {
  readonly timeline: TimelineId;
  readonly start: Lsn;
  readonly end: Lsn;
  /** A copy of the bytes of a range. What lies beyond `end` reads as zeros, as in a WAL file not yet written. */
  read(from: Lsn, to: Lsn): Uint8Array;
}

/** The WAL that a node has: bytes of one timeline, kept in segments as in `pg_wal`. */
export class WalStore implements WalBytes {
  readonly timeline: TimelineId;
  readonly start: Lsn;
  #end: Lsn;
  readonly #segments = new Map<Lsn, Uint8Array<ArrayBuffer>>();
  /** Segments that a cut reads too, by their first position: copied before bytes in them change. */
  readonly #shared = new Set<Lsn>();

  constructor(timeline: TimelineId, start: Lsn) {
    this.timeline = timeline;
    this.start = start;
    this.#end = start;
  }

  get end(): Lsn {
    return this.#end;
  }

  /** Adds bytes at the end. The position says where the caller believes that is; a gap or overlap is a RangeError. */
  append(at: Lsn, bytes: Uint8Array): void {
    if (at !== this.#end) {
      throw new RangeError(
        `WAL at ${formatLsn(at)} does not continue the store, which ends at ${formatLsn(this.#end)}`,
      );
    }
    this.#write(at, bytes);
    this.#end = lsn(at + bytes.length);
  }

  /** Replaces bytes that are already here. Cuts made before keep the old ones. */
  overwrite(at: Lsn, bytes: Uint8Array): void {
    if (at < this.start || at + bytes.length > this.#end) {
      throw new RangeError(`no WAL to overwrite: ${bytes.length} bytes at ${formatLsn(at)}`);
    }
    this.#write(at, bytes);
  }

  read(from: Lsn, to: Lsn): Uint8Array {
    if (from < this.start) {
      throw new RangeError(
        `WAL before ${formatLsn(this.start)} is not kept here: ${formatLsn(from)}`,
      );
    }
    const bytes = new Uint8Array(to - from);
    for (const part of partsBySegment(from, lsn(Math.min(to, this.#end)))) {
      const segment = this.#segments.get(part.segment);
      if (segment) bytes.set(segment.subarray(part.from, part.to), part.offset);
    }
    return bytes;
  }

  /**
   * The same WAL up to a position, from then on independent of this store: for a server as of that position, for what
   * a crash leaves, or, with a timeline of its own, for what a promotion starts from. Whole segments are shared until
   * one side changes them; only the last one is copied.
   */
  cut(end: Lsn, timeline: TimelineId = this.timeline): WalStore {
    if (end < this.start || end > this.#end) {
      throw new RangeError(
        `cannot cut WAL at ${formatLsn(end)}: it ends at ${formatLsn(this.#end)}`,
      );
    }
    const cut = new WalStore(timeline, this.start);
    for (const [position, segment] of this.#segments) {
      if (position + WAL_SEGMENT_SIZE <= end) {
        cut.#segments.set(position, segment);
        cut.#shared.add(position);
        this.#shared.add(position);
      } else if (position < end) {
        cut.#segments.set(position, segment.slice().fill(0, end - position));
      }
    }
    cut.#end = end;
    return cut;
  }

  #write(at: Lsn, bytes: Uint8Array): void {
    for (const part of partsBySegment(at, lsn(at + bytes.length))) {
      this.#ownSegment(part.segment).set(
        bytes.subarray(part.offset, part.offset + part.to - part.from),
        part.from,
      );
    }
  }

  #ownSegment(position: Lsn): Uint8Array {
    const segment = this.#segments.get(position);
    if (segment && !this.#shared.delete(position)) return segment;
    const own = segment?.slice() ?? new Uint8Array(WAL_SEGMENT_SIZE);
    this.#segments.set(position, own);
    return own;
  }
}

/** The segments that a range touches; `from` and `to` within the segment, `offset` within the range. */
function* partsBySegment(from: Lsn, to: Lsn) {
  for (let position = from; position < to; ) {
    const segment = startOfSegment(position);
    const next = lsn(Math.min(segment + WAL_SEGMENT_SIZE, to));
    yield { segment, from: position - segment, to: next - segment, offset: position - from };
    position = next;
  }
}

/** A WAL file's name, as XLogFileName makes it (xlog_internal.h): `000000010000000000000003`. */
export function segmentName(timeline: TimelineId, position: Lsn): string {
  const number = Math.floor(position / WAL_SEGMENT_SIZE);
  const perLogId = 2 ** 32 / WAL_SEGMENT_SIZE;
  return [timeline, Math.floor(number / perLogId), number % perLogId].map(hexadecimal).join('');
}

const hexadecimal = (word: number): string => word.toString(16).toUpperCase().padStart(8, '0');

/**
 * The files of `pg_wal` from which a server replays this WAL, each a whole segment.
 * Where the WAL starts within a segment, the bytes before come from the base backup's own file of that name: PostgreSQL
 * reads the first page header of each segment.
 */
export function walFiles(
  wal: WalBytes,
  baseFiles: ReadonlyMap<string, Uint8Array> = new Map(),
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let position = startOfSegment(wal.start); position < wal.end; ) {
    const next = lsn(position + WAL_SEGMENT_SIZE);
    const name = segmentName(wal.timeline, position);
    if (position >= wal.start) {
      files.set(name, wal.read(position, next));
    } else {
      const file = new Uint8Array(WAL_SEGMENT_SIZE);
      file.set(baseFiles.get(name)?.subarray(0, wal.start - position) ?? []);
      file.set(wal.read(wal.start, next), wal.start - position);
      files.set(name, file);
    }
    position = next;
  }
  return files;
}

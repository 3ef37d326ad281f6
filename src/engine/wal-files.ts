import { FIRST_TIMELINE, formatLsn, type Lsn, lsn, type TimelineId } from '../postgres/lsn.ts';
import { startOfSegment, WAL_SEGMENT_SIZE } from '../postgres/wal/page.ts';
import { DATA_DIRECTORY, type FileSet } from './data-directory.ts';
import { bytesOf, childrenOf, type MemoryNode, type PostgresModule } from './postgres-module.ts';

const WAL_DIRECTORY = `${DATA_DIRECTORY}/pg_wal`;
/** A segment's name begins with its timeline. */
const TIMELINE_DIGITS = 8;
const SEGMENTS_PER_LOG_ID = 2 ** 32 / WAL_SEGMENT_SIZE;

export const isSegmentName = (name: string): boolean => /^[0-9A-F]{24}$/.test(name);

/** XLogFileName (xlog_internal.h). */
export function segmentName(timeline: TimelineId, position: Lsn): string {
  const segment = Math.floor(position / WAL_SEGMENT_SIZE);
  return [timeline, Math.floor(segment / SEGMENTS_PER_LOG_ID), segment % SEGMENTS_PER_LOG_ID]
    .map((part) => part.toString(16).toUpperCase().padStart(8, '0'))
    .join('');
}

export const segmentPath = (timeline: TimelineId, position: Lsn): string =>
  `${WAL_DIRECTORY}/${segmentName(timeline, position)}`;

/** The parts of a range that lie in one segment each. */
export function* segmentsOf(
  from: Lsn,
  to: Lsn,
): Generator<{ readonly start: Lsn; readonly from: Lsn; readonly to: Lsn }> {
  for (let position = from; position < to; ) {
    const start = startOfSegment(position);
    const end = lsn(Math.min(to, start + WAL_SEGMENT_SIZE));
    yield { start, from: position, to: end };
    position = end;
  }
}

export const withFiles = (
  { directories, files }: FileSet,
  more: Iterable<readonly [string, Uint8Array]>,
): FileSet => ({ directories, files: new Map([...files, ...more]) });

/** PostgreSQL needs its WAL from its checkpoint on; older segments would only take memory. */
export function withoutWalBefore({ directories, files }: FileSet, redoLsn: Lsn): FileSet {
  const first = segmentName(FIRST_TIMELINE, redoLsn).slice(TIMELINE_DIGITS);
  const isOld = (path: string): boolean => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return isSegmentName(name) && name.slice(TIMELINE_DIGITS) < first;
  };
  return { directories, files: new Map([...files].filter(([path]) => !isOld(path))) };
}

/**
 * The files in pg_wal. PostgreSQL's own removal of segments at a checkpoint is put off: the cluster decides which the node
 * keeps, for slots and walsenders that this one backend knows nothing of.
 */
export class WalFiles {
  readonly #module: PostgresModule;
  /** pg_wal, once it has been looked up: it stays the same node as long as the server lives. */
  #directory: MemoryNode | null = null;
  readonly #unlink: (parent: MemoryNode, name: string) => void;

  constructor(module: PostgresModule) {
    this.#module = module;
    const directory = module.MEMFS.ops_table.dir.node;
    const { unlink } = directory;
    this.#unlink = unlink;
    directory.unlink = (parent, name) => {
      if (!isSegmentName(name)) unlink(parent, name);
    };
  }

  has(timeline: TimelineId, position: Lsn): boolean {
    return contentsOf(this.#walDirectory(), segmentName(timeline, position)) !== null;
  }

  read(timeline: TimelineId, from: Lsn, to: Lsn): Uint8Array {
    const bytes = new Uint8Array(to - from);
    for (const part of segmentsOf(from, to)) {
      const segment = contentsOf(this.#walDirectory(), segmentName(timeline, part.start));
      if (!segment) throw new Error(`no WAL at ${formatLsn(part.from)}`);
      bytes.set(segment.subarray(part.from - part.start, part.to - part.start), part.from - from);
    }
    return bytes;
  }

  /** Overwrites bytes from a position on, in the segments that are there. */
  overwrite(timeline: TimelineId, at: Lsn, bytes: Uint8Array): void {
    for (const part of segmentsOf(at, lsn(at + bytes.length))) {
      const segment = contentsOf(this.#walDirectory(), segmentName(timeline, part.start));
      segment?.set(bytes.subarray(part.from - at, part.to - at), part.from - part.start);
    }
  }

  /** Removes the segments that end at or before a position. */
  removeBefore(position: Lsn): void {
    const first = segmentName(FIRST_TIMELINE, position).slice(TIMELINE_DIGITS);
    const directory = this.#walDirectory();
    for (const { name } of childrenOf(directory))
      if (isSegmentName(name) && name.slice(TIMELINE_DIGITS) < first) this.#unlink(directory, name);
  }

  #walDirectory(): MemoryNode {
    this.#directory ??= this.#module.FS.lookupPath(WAL_DIRECTORY).node;
    return this.#directory;
  }
}

function contentsOf(directory: MemoryNode, name: string): Uint8Array | null {
  const node = childrenOf(directory).find((child) => child.name === name);
  return node ? bytesOf(node) : null;
}

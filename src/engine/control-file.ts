import { CONTROL_CRC_OFFSET } from '../postgres/backup/control-file.ts';
import type { Lsn, TimelineId } from '../postgres/lsn.ts';
import type { CheckpointFacts } from '../postgres/record-log.ts';
import { readCheckpoint } from '../postgres/wal/checkpoint-record.ts';
import { crc32c } from '../postgres/wal/crc32c.ts';
import { DATA_DIRECTORY } from './data-directory.ts';

export const CONTROL_FILE = `${DATA_DIRECTORY}/global/pg_control`;

/** PG_CONTROL_VERSION of PostgreSQL 18 (pg_control.h). */
const CONTROL_VERSION = 1800;

/** Offsets in ControlFileData (pg_control.h). */
const Offset = { version: 8, state: 16, checkpoint: 32, checkpointCopy: 40 } as const;

/** sizeof(CheckPoint) (pg_control.h). */
const CHECKPOINT_LENGTH = 88;

/** DBState (pg_control.h). */
const IN_PRODUCTION = 6;

/** What a data directory says of its latest checkpoint. */
export interface ControlFile {
  readonly checkpoint: CheckpointFacts;
  readonly timeline: TimelineId;
}

export function readControlFile(bytes: Uint8Array): ControlFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(Offset.version, true);
  if (version !== CONTROL_VERSION) {
    throw new RangeError(`pg_control of version ${version}, expected ${CONTROL_VERSION}`);
  }
  const start = Number(view.getBigUint64(Offset.checkpoint, true));
  const checkpoint = readCheckpoint(start, bytes.subarray(Offset.checkpointCopy));
  return { checkpoint, timeline: checkpoint.control.timeline_id as TimelineId };
}

/** A copy that says that the server was running when it was last heard of. */
export function markRunning(control: Uint8Array): Uint8Array {
  const bytes = control.slice();
  const view = new DataView(bytes.buffer);
  view.setUint32(Offset.state, IN_PRODUCTION, true);
  view.setUint32(CONTROL_CRC_OFFSET, crc32c(bytes.subarray(0, CONTROL_CRC_OFFSET)), true);
  return bytes;
}

/** The copy of the latest checkpoint record's data: it begins with the redo position. */
export const checkpointBytes = (control: Uint8Array): Uint8Array =>
  control.slice(Offset.checkpointCopy, Offset.checkpointCopy + CHECKPOINT_LENGTH);

/** A copy that says that the latest checkpoint's record stands at a position, and that redo starts there too. */
export function withCheckpointAt(control: Uint8Array, at: Lsn): Uint8Array {
  const bytes = control.slice();
  const view = new DataView(bytes.buffer);
  view.setBigUint64(Offset.checkpoint, BigInt(at), true);
  view.setBigUint64(Offset.checkpointCopy, BigInt(at), true);
  view.setUint32(CONTROL_CRC_OFFSET, crc32c(bytes.subarray(0, CONTROL_CRC_OFFSET)), true);
  return bytes;
}

/** What programs beside the server read in pg_control (ControlFileData in pg_control.h). */
import { crc32c } from '../wal/crc32c.ts';

/** Where its CRC lies: it covers all before it. */
export const CONTROL_CRC_OFFSET = 292;

/** sizeof(ControlFileData): what a program reads of the file, which has 8 kB. */
export const CONTROL_FILE_SIZE = 296;

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const controlFileIsIntact = (bytes: Uint8Array): boolean =>
  viewOf(bytes).getUint32(CONTROL_CRC_OFFSET, true) ===
  crc32c(bytes.subarray(0, CONTROL_CRC_OFFSET));

/** The number that all copies of a cluster have in common, in digits. */
export const systemIdentifier = (bytes: Uint8Array): string =>
  viewOf(bytes).getBigUint64(0, true).toString();

/**
 * Where PostgreSQL keeps what no SQL function can read or change for us. Found in the WebAssembly binary and by probing a
 * running server when the template is built, and verified there against PostgreSQL's own answers.
 */
export interface Addresses {
  /** `LocalRecoveryInProgress` (xlog.c), a bool. */
  readonly localRecoveryInProgress: number;
  /** `XLogCtl` (xlog.c), a pointer to shared memory. */
  readonly xlogCtl: number;
  /** Offset of `SharedRecoveryState` in *XLogCtl. */
  readonly sharedRecoveryState: number;
  /** Offset of `Insert.CurrBytePos` in *XLogCtl. */
  readonly insertBytePosition: number;
  /** `max_stack_depth_bytes` (stack_depth.c). */
  readonly maxStackDepthBytes: number;
  /** `procArray` (procarray.c), a pointer to shared memory. */
  readonly procArray: number;
  /** Offset of `replication_slot_xmin` in *procArray. */
  readonly slotXmin: number;
  /** Offsets in PGPROC (proc.h). */
  readonly procXid: number;
  readonly procWaitLock: number;
  readonly procWaitLockMode: number;
  /** `syncRepState`, followed by `syncRepLinks`. */
  readonly procSyncRepState: number;
}

/** RecoveryState (xlog.h). */
export const RecoveryState = { archive: 1, done: 2 } as const;

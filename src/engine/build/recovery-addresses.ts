import type { Addresses } from '../addresses.ts';
import { type CodePattern, operandsOf } from './code-pattern.ts';

export type RecoveryAddresses = Pick<
  Addresses,
  'localRecoveryInProgress' | 'xlogCtl' | 'sharedRecoveryState'
>;

/**
 * RecoveryInProgress() of xlog.c: if (!LocalRecoveryInProgress) return false; else … XLogCtl->SharedRecoveryState. That is
 * i32.const A, i32.load8_u, compare, if, i32.const A, i32.const B, i32.load, i32.load offset=C.
 */
const PATTERN: CodePattern<keyof RecoveryAddresses> = [
  ...([0x01, 0x01, 0x7f, 0x41, 'localRecoveryInProgress', 0x2d, 0x00, 0x00] as const),
  ...([0x41, 0x01, 0x46, 0x04, 0x40, 0x41, 'localRecoveryInProgress'] as const),
  ...([0x41, 'xlogCtl', 0x28, 0x02, 0x00, 0x28, 0x02, 'sharedRecoveryState'] as const),
];

export const findRecoveryAddresses = (wasm: Uint8Array): RecoveryAddresses =>
  operandsOf(wasm, 'RecoveryInProgress', PATTERN);

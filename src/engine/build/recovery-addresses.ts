import type { Addresses } from '../addresses.ts';
import { WasmBinary, WasmReader } from './wasm-binary.ts';

export type RecoveryAddresses = Pick<
  Addresses,
  'localRecoveryInProgress' | 'xlogCtl' | 'sharedRecoveryState'
>;

/**
 * The beginning of RecoveryInProgress() (xlog.c), `if (!LocalRecoveryInProgress) return false; else … XLogCtl->
 * SharedRecoveryState`, as compiled: i32.const A, i32.load8_u, compare, if, i32.const A, i32.const B, i32.load,
 * i32.load offset=C. Operands have the names of what they are.
 */
const PATTERN: readonly (number | keyof RecoveryAddresses)[] = [
  0x01,
  0x01,
  0x7f,
  0x41,
  'localRecoveryInProgress',
  0x2d,
  0x00,
  0x00,
  0x41,
  0x01,
  0x46,
  0x04,
  0x40,
  0x41,
  'localRecoveryInProgress',
  0x41,
  'xlogCtl',
  0x28,
  0x02,
  0x00,
  0x28,
  0x02,
  'sharedRecoveryState',
];

export function findRecoveryAddresses(wasm: Uint8Array): RecoveryAddresses {
  const { start } = new WasmBinary(wasm).bodyOf('RecoveryInProgress');
  const reader = new WasmReader(wasm, start);
  const found: Partial<Record<keyof RecoveryAddresses, number>> = {};
  for (const element of PATTERN) {
    const isOperand = typeof element === 'string';
    const value = isOperand ? reader.leb() : reader.byte();
    const expected = isOperand ? (found[element] ?? value) : element;
    if (value !== expected) {
      throw new Error('RecoveryInProgress() is compiled otherwise than in PGlite 0.5.16');
    }
    if (isOperand) found[element] = value;
  }
  return found as RecoveryAddresses;
}

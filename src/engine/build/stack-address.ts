import type { Addresses } from '../addresses.ts';
import { type CodePattern, operandsOf } from './code-pattern.ts';

export type StackAddress = Pick<Addresses, 'maxStackDepthBytes'>;

/**
 * check_stack_depth() of stack_depth.c: if (stack_base_ptr != NULL && abs(stack_base_ptr - &here) > max_stack_depth_bytes).
 * That is the frame's set-up, i32.const A, i32.load, i32.eqz, br_if, i32.const B, i32.load.
 */
const PATTERN: CodePattern<'stackBase' | keyof StackAddress> = [
  ...([0x01, 0x02, 0x7f, 0x23, 0x00, 0x41, 0x10, 0x6b, 0x22, 0x00, 0x21, 0x01] as const),
  ...([0x20, 0x00, 0x24, 0x00, 0x02, 0x40, 0x41, 'stackBase', 0x28, 0x02, 0x00] as const),
  ...([0x22, 0x00, 0x45, 0x0d, 0x00, 0x41, 'maxStackDepthBytes', 0x28, 0x02, 0x00] as const),
];

export function findStackAddress(wasm: Uint8Array): StackAddress {
  const { maxStackDepthBytes } = operandsOf(wasm, 'check_stack_depth', PATTERN);
  return { maxStackDepthBytes };
}

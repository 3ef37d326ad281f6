import { WasmBinary } from './wasm-binary.ts';

const LOCAL_GET = 0x20;
const I32_CONST = 0x41;
const CALL = 0x10;
const RETURN = 0x0f;
const NOP = 0x01;
const UNREACHABLE = 0x00;
const END = 0x0b;

/** The import that WaitLatch calls from now on: takes six numbers, returns one, and is needed for nothing else here. */
export const WAIT_IMPORT = '__syscall_listen';

/**
 * PostgreSQL waits (for locks, in pg_sleep) in WaitLatch. In WebAssembly there is nobody to wake it, so it would spin for
 * ever. Here WaitLatch(latch, events, timeout, wait event) becomes a call of JavaScript, which says what happened.
 */
export function patchWaitLatch(original: Uint8Array): Uint8Array<ArrayBuffer> {
  const binary = new WasmBinary(original);
  const { start, end } = binary.bodyOf('WaitLatch');
  const parameters = [0, 1, 2, 3].flatMap((index) => [LOCAL_GET, index]);
  const padding = [I32_CONST, 0, I32_CONST, 0];
  const noLocals = 0;
  const body = [
    ...[noLocals, ...parameters, ...padding],
    ...[CALL, ...leb(binary.importIndex(WAIT_IMPORT)), RETURN],
  ];
  if (body.length + 2 > end - start)
    throw new Error('the body of WaitLatch is too short to replace');
  const patched = new Uint8Array(original);
  patched.fill(NOP, start, end);
  patched.set(body, start);
  patched.set([UNREACHABLE, END], end - 2);
  return patched;
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

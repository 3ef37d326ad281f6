import { WasmBinary, WasmReader } from './wasm-binary.ts';

/** How a function begins, byte by byte; a text stands for a number and is its name. */
export type CodePattern<Name extends string> = readonly (number | Name)[];

/** Reads numbers out of an exported function's code. The same name must stand for the same number. */
export function operandsOf<Name extends string>(
  wasm: Uint8Array,
  name: string,
  pattern: CodePattern<Name>,
): Readonly<Record<Name, number>> {
  const reader = new WasmReader(wasm, new WasmBinary(wasm).bodyOf(name).start);
  const found: Partial<Record<Name, number>> = {};
  for (const element of pattern) {
    const isOperand = typeof element === 'string';
    const value = isOperand ? reader.leb() : reader.byte();
    const expected = isOperand ? (found[element] ?? value) : element;
    if (value !== expected) {
      throw new Error(`${name}() is compiled otherwise than in PGlite 0.5.16`);
    }
    if (isOperand) found[element] = value;
  }
  return found as Record<Name, number>;
}

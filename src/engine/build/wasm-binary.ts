/** Sections of a WebAssembly binary (https://webassembly.github.io/spec/core/binary/modules.html). */
const Section = { import: 2, export: 7, code: 10 } as const;
const ExternKind = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

/** A function body's place in the binary. */
export interface Body {
  readonly start: number;
  readonly end: number;
}

/** Just enough of the binary format to find functions by name. */
export class WasmBinary {
  readonly bytes: Uint8Array;
  readonly #sections = new Map<number, number>();
  readonly #importedFunctions: string[] = [];
  readonly #exportedFunctions = new Map<string, number>();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const reader = new WasmReader(bytes, 8);
    while (reader.offset < bytes.length) {
      const id = reader.byte();
      const length = reader.leb();
      this.#sections.set(id, reader.offset);
      reader.offset += length;
    }
    this.#readImports(this.#section(Section.import));
    this.#readExports(this.#section(Section.export));
  }

  importIndex(name: string): number {
    const index = this.#importedFunctions.indexOf(name);
    if (index < 0) throw new Error(`the WebAssembly binary imports no function ${name}`);
    return index;
  }

  /** The body of an exported function, from its declaration of locals to its `end`. */
  bodyOf(name: string): Body {
    const exported = this.#exportedFunctions.get(name);
    if (exported === undefined)
      throw new Error(`the WebAssembly binary exports no function ${name}`);
    const reader = this.#section(Section.code);
    const index = exported - this.#importedFunctions.length;
    const count = reader.leb();
    for (let i = 0; i < count; i++) {
      const length = reader.leb();
      if (i === index) return { start: reader.offset, end: reader.offset + length };
      reader.offset += length;
    }
    throw new Error(`the WebAssembly binary has no body for ${name}`);
  }

  #section(id: number): WasmReader {
    const start = this.#sections.get(id);
    if (start === undefined) throw new Error(`the WebAssembly binary has no section ${id}`);
    return new WasmReader(this.bytes, start);
  }

  #readImports(reader: WasmReader): void {
    const count = reader.leb();
    for (let i = 0; i < count; i++) {
      reader.text(); // module
      const name = reader.text();
      const kind = reader.byte();
      if (kind === ExternKind.function) {
        reader.leb();
        this.#importedFunctions.push(name);
      } else if (kind === ExternKind.table || kind === ExternKind.memory) {
        if (kind === ExternKind.table) reader.byte();
        const hasMaximum = reader.leb() & 1;
        reader.leb();
        if (hasMaximum) reader.leb();
      } else if (kind === ExternKind.global) {
        reader.offset += 2;
      } else if (kind === ExternKind.tag) {
        reader.byte();
        reader.leb();
      }
    }
  }

  #readExports(reader: WasmReader): void {
    const count = reader.leb();
    for (let i = 0; i < count; i++) {
      const name = reader.text();
      const kind = reader.byte();
      const index = reader.leb();
      if (kind === ExternKind.function) this.#exportedFunctions.set(name, index);
    }
  }
}

export class WasmReader {
  readonly #bytes: Uint8Array;
  offset: number;

  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes;
    this.offset = offset;
  }

  byte(): number {
    const byte = this.#bytes[this.offset++];
    if (byte === undefined) throw new RangeError('the WebAssembly binary ends too early');
    return byte;
  }

  /** An unsigned LEB128 number. */
  leb(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  text(): string {
    const length = this.leb();
    const start = this.offset;
    this.offset += length;
    return new TextDecoder().decode(this.#bytes.subarray(start, this.offset));
  }
}

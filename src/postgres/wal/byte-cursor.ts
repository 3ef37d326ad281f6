import { maxAlign } from './page.ts';

/** Reads C structs of a little-endian server one field after another. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.#offset;
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A 64-bit position or timestamp, exact up to 2^53. */
  int64(): number {
    return Number(this.#view.getBigInt64(this.#advance(8), true));
  }

  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Text up to its terminating zero byte. */
  text(): string {
    const start = this.#offset;
    const end = this.#bytes.indexOf(0, start);
    this.#offset = end + 1;
    return new TextDecoder().decode(this.#bytes.subarray(start, end));
  }

  list<T>(count: number, readOne: () => T): T[] {
    return Array.from({ length: count }, readOne);
  }

  skip(length: number): void {
    this.#advance(length);
  }

  align(): void {
    this.#offset = maxAlign(this.#offset);
  }

  #advance(length: number): number {
    const start = this.#offset;
    this.#offset += length;
    return start;
  }
}

/** Writes C structs of a little-endian server one field after another. */
export class ByteWriter {
  readonly #bytes: number[] = [];

  uint32(...values: number[]): void {
    for (const value of values)
      this.#bytes.push(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
  }

  int64(value: number): void {
    this.uint32(value % 2 ** 32, Math.floor(value / 2 ** 32));
  }

  bytes(values: Uint8Array): void {
    for (const value of values) this.#bytes.push(value);
  }

  text(value: string): void {
    this.bytes(new TextEncoder().encode(value));
    this.#bytes.push(0);
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

/** Data that JSON can hold. Infinity is allowed and written as a string. */
export type TraceValue =
  | string
  | number
  | boolean
  | null
  | readonly TraceValue[]
  | { readonly [key: string]: TraceValue };

/**
 * What happened, in order: an append-only list with a hash of its canonical JSON lines, equal in every engine for
 * equal runs.
 */
export class Trace<T> {
  readonly #entries: T[] = [];
  /** How many of the entries the hash covers: it catches up when it is read. */
  #hashed = 0;
  /** FNV-1a, 64 bits, as two halves. */
  #high = 0xcbf29ce4;
  #low = 0x84222325;

  get entries(): readonly T[] {
    return this.#entries;
  }

  /** Adds an entry, which must be plain data and must not be changed afterwards. */
  append(entry: T): void {
    this.#entries.push(entry);
  }

  /** Hash of all entries so far: 16 hexadecimal digits. */
  get hash(): string {
    for (; this.#hashed < this.#entries.length; this.#hashed++) {
      this.#hash(`${canonicalJson(this.#entries[this.#hashed] as TraceValue)}\n`);
    }
    const half = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
    return half(this.#high) + half(this.#low);
  }

  /** FNV-1a over the text's UTF-16 code units, low byte first. The prime is 2^40 + 0x1b3. */
  #hash(text: string): void {
    let high = this.#high;
    let low = this.#low;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      for (const byte of [unit & 0xff, unit >>> 8]) {
        low = (low ^ byte) >>> 0;
        const product = low * 0x1b3;
        high = (Math.imul(high, 0x1b3) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0;
        low = product >>> 0;
      }
    }
    this.#high = high;
    this.#low = low;
  }
}

/** JSON with sorted keys and no white space, so that equal data gives equal text. Throws on what JSON cannot hold. */
export function canonicalJson(value: TraceValue): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    if (Number.isNaN(value)) throw new RangeError('NaN has no place in a trace');
    return value > 0 ? '"Infinity"' : '"-Infinity"';
  }
  if (value === null || typeof value !== 'object') {
    const text = JSON.stringify(value);
    if (text === undefined) throw new RangeError(`not data for a trace: ${typeof value}`);
    return text;
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = value as Readonly<Record<string, TraceValue>>;
  const pairs = Object.keys(fields)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(fields[key] as TraceValue)}`);
  return `{${pairs.join(',')}}`;
}

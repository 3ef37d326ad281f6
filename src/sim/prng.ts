/** The state of a stream: four 32-bit words. Plain data, so that a pure state can hold it. */
export type PrngState = readonly [number, number, number, number];

/**
 * A seeded stream of pseudo-random numbers: xoshiro128** (Blackman and Vigna, 2018), the same in every engine.
 * Each subsystem forks its own stream, so that a new draw in one never disturbs another.
 */
export class Prng {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(state: PrngState) {
    this.#a = state[0];
    this.#b = state[1];
    this.#c = state[2];
    this.#d = state[3];
  }

  /** The stream of a seed: any safe integer. */
  static seeded(seed: number): Prng {
    if (!Number.isSafeInteger(seed))
      throw new RangeError(`not a seed: ${seed} (expected an integer)`);
    const low = seed >>> 0;
    const high = Math.floor(seed / 2 ** 32) >>> 0;
    return new Prng(spread(low, high));
  }

  get state(): PrngState {
    return [this.#a, this.#b, this.#c, this.#d];
  }

  /** A child stream that depends on this stream's state and on the label; drawing from it leaves this one as it is. */
  fork(label: string): Prng {
    let hash = 0x811c9dc5;
    for (let index = 0; index < label.length; index++) {
      hash = Math.imul(hash ^ label.charCodeAt(index), 0x01000193) >>> 0;
    }
    return new Prng(spread((this.#a ^ hash) >>> 0, (this.#c + Math.imul(hash, 0x9e3779b1)) >>> 0));
  }

  /** 32 random bits. */
  uint32(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** A fraction, 0 ≤ x < 1, of 32 bits. */
  fraction(): number {
    return this.uint32() / 2 ** 32;
  }

  /** An integer, 0 ≤ x < n, each equally likely. */
  below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
      throw new RangeError(`cannot draw below ${n} (expected an integer from 1 to 2^32)`);
    }
    const limit = 2 ** 32 - (2 ** 32 % n);
    for (;;) {
      const bits = this.uint32();
      if (bits < limit) return bits % n;
    }
  }

  /** An integer, low ≤ x ≤ high. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True with the given probability. */
  chance(ratio: number): boolean {
    return this.fraction() < ratio;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('cannot pick from nothing');
    return items[this.below(items.length)] as T;
  }
}

/** Four well-mixed words from two, by splitmix32; never all zero. */
function spread(low: number, high: number): PrngState {
  let counter = (low ^ Math.imul(high, 0x85ebca6b)) >>> 0;
  const word = (): number => {
    counter = (counter + 0x9e3779b9) >>> 0;
    let mixed = counter ^ (counter >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  return [word(), word(), (word() ^ high) >>> 0, word() | 1];
}

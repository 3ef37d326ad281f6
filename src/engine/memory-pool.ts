/** The memory that PostgreSQL's binary asks for, in pages of 64 KiB: 128 MiB, of which a small server uses a third. */
export const FIRST_MEMORY = 2048;
/** How far it may grow. */
export const LARGEST_MEMORY = 32768;
const PAGE = 65536;

/**
 * The memories of closed servers, for the next ones. JavaScript frees a WebAssembly memory late, each reserves gigabytes of
 * addresses, and a page boots hundreds of servers; with this it holds as many as were in use at once.
 */
export class MemoryPool {
  readonly #spare: WebAssembly.Memory[] = [];

  take(): WebAssembly.Memory {
    return (
      this.#spare.pop() ??
      new WebAssembly.Memory({ initial: FIRST_MEMORY, maximum: LARGEST_MEMORY })
    );
  }

  /** Takes a memory back whose server is no more; `used` bytes of it were written. One that grew is left to be freed. */
  giveBack(memory: WebAssembly.Memory, used: number): void {
    if (memory.buffer.byteLength > FIRST_MEMORY * PAGE) return;
    new Uint8Array(memory.buffer, 0, used).fill(0);
    this.#spare.push(memory);
  }
}

import { FIRST_MEMORY, LARGEST_MEMORY } from '../engine/memory-pool.ts';
import { BROKEN_OFF } from './broken-off.ts';

/** What a page can know of its browser and device before 6 MB are fetched. */
export interface Machine {
  /** `navigator.deviceMemory`, in GiB; some browsers do not say. */
  readonly memoryGib: number | undefined;
  readonly WebAssembly: typeof WebAssembly | undefined;
  readonly canUnpack: boolean;
}

/** With less, the browser is likely to end the page when the third server boots. */
const LEAST_MEMORY_GIB = 2;
/** Servers that are there at once while a standby answers: the primary, the one that answers, and one that is being built. */
const SERVERS_AT_ONCE = 3;

/** The smallest WebAssembly module: its header and nothing else. */
const EMPTY_MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

/** Why the cluster will hardly run here, as a sentence or two; null where nothing speaks against it. */
export function preflight({ memoryGib, WebAssembly: wasm, canUnpack }: Machine): string | null {
  if (wasm === undefined)
    return 'This browser has no WebAssembly, or it is switched off (as in the strictest modes of some browsers). PostgreSQL runs in the page as WebAssembly.';
  if (!canUnpack)
    return 'This browser is too old for the cluster: it cannot unpack what the page would fetch. Browsers since 2023 can.';
  try {
    new wasm.Module(EMPTY_MODULE);
  } catch {
    return FORBIDDEN;
  }
  if (memoryGib !== undefined && memoryGib < LEAST_MEMORY_GIB)
    return `This device says that it has ${memoryGib} GB of memory. A cluster of three servers takes about half a gigabyte for itself, and the browser would probably end the page.`;
  try {
    new wasm.Memory({ initial: SERVERS_AT_ONCE * FIRST_MEMORY, maximum: LARGEST_MEMORY });
  } catch {
    return NO_MEMORY;
  }
  return null;
}

const FORBIDDEN =
  'The site that shows this page forbids WebAssembly, and PostgreSQL runs as WebAssembly. Who runs the site can allow it: its Content-Security-Policy needs ‘wasm-unsafe-eval’ among the sources of scripts.';
const NO_MEMORY =
  'The browser does not give this page the memory that three PostgreSQL servers need. Closing other tabs may help.';

/** An error of loading or booting, in words that say what a reader can do about it, where that is known. */
export function failureInWords(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  if (/unsafe-eval|content security policy|disallowed by embedder/i.test(words)) return FORBIDDEN;
  if (/out of memory|could not allocate|allocation failed/i.test(words))
    return `${NO_MEMORY} (${words})`;
  // Each browser has words of its own for a fetch that did not come through.
  if (/failed to fetch|networkerror|load failed/i.test(words)) return BROKEN_OFF;
  return words;
}

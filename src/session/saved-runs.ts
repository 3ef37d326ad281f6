import { RUN_RECORD_VERSION, type RunRecord } from './protocol.ts';
import { runFileText } from './run-file.ts';

/** Runs kept on this device, one a figure. Every refusal of the browser is an answer in words, never an exception. */
export class SavedRuns {
  readonly #storage: () => Storage;

  /** `storage` may throw: some browsers forbid even to look at it. */
  constructor(storage: () => Storage) {
    this.#storage = storage;
  }

  /** The text of the saved run, or null where there is none or none can be read. */
  read(figure: string): string | null {
    try {
      return this.#storage().getItem(keyOf(figure));
    } catch {
      return null;
    }
  }

  /** Returns null, or why the run could not be saved and what to do. */
  write(figure: string, record: RunRecord): string | null {
    try {
      this.#storage().setItem(keyOf(figure), runFileText(record, null));
      return null;
    } catch (error) {
      const full = error instanceof DOMException && error.name === 'QuotaExceededError';
      const why = full
        ? 'this browser’s storage for the site is full'
        : 'this browser forbids the site to store anything';
      return `The run goes on, but cannot be saved: ${why}. Use “Export run” to keep it as a file.`;
    }
  }
}

const keyOf = (figure: string): string => `standby.run.${figure}.v${RUN_RECORD_VERSION}`;

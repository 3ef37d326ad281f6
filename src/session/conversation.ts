import type { FromWorker, ToWorker } from './protocol.ts';
import type { RunWorker } from './run-worker.ts';

/** Questions to one worker, and their answers. */
export class Conversation {
  readonly #worker: RunWorker;
  readonly #open = new Map<number, (answer: FromWorker | null) => void>();
  #tickets = 0;

  constructor(worker: RunWorker) {
    this.#worker = worker;
  }

  tell(message: ToWorker): void {
    this.#worker.post(message);
  }

  /** Resolves with the worker's answer, or with null if the worker ends first. */
  ask(question: (ticket: number) => ToWorker): Promise<FromWorker | null> {
    const ticket = ++this.#tickets;
    return new Promise((resolve) => {
      this.#open.set(ticket, resolve);
      this.#worker.post(question(ticket));
    });
  }

  /** Hands a message to whoever asked for it. */
  answered(message: FromWorker): void {
    if (!('ticket' in message) || message.ticket === null) return;
    this.#open.get(message.ticket)?.(message);
    this.#open.delete(message.ticket);
  }

  /** Ends the worker; questions still open are answered by null. */
  end(): void {
    this.#worker.end();
    for (const answer of this.#open.values()) answer(null);
    this.#open.clear();
  }
}

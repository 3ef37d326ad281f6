import { EventQueue, type QueuedEvent } from './event-queue.ts';
import { after, type Duration, type Instant, START } from './instant.ts';

/**
 * Virtual time: a clock and the events to come. The composer gives the handler; an event is plain data. Nothing
 * here waits: `step` takes the next event, sets the clock to its instant and calls the handler.
 */
export class Simulator<E> {
  readonly #queue = new EventQueue<E>();
  readonly #handle: (event: E, now: Instant) => void;
  #now: Instant;

  constructor(handle: (event: E, now: Instant) => void, start: Instant = START) {
    this.#handle = handle;
    this.#now = start;
  }

  get now(): Instant {
    return this.#now;
  }

  /** Events to come. */
  get pending(): number {
    return this.#queue.size;
  }

  /** The instant of the next event, or null where nothing will happen. */
  get nextAt(): Instant | null {
    return this.#queue.peek()?.at ?? null;
  }

  /** Throws RangeError where the instant has passed: an effect never precedes its cause. */
  scheduleAt(at: Instant, event: E): QueuedEvent<E> {
    if (!(at >= this.#now))
      throw new RangeError(`cannot schedule at ${at} µs: it is ${this.#now} µs`);
    return this.#queue.push(at, event);
  }

  scheduleAfter(length: Duration, event: E): QueuedEvent<E> {
    return this.scheduleAt(after(this.#now, length), event);
  }

  cancel(queued: QueuedEvent<E>): boolean {
    return this.#queue.cancel(queued);
  }

  /** Lets the next event happen. False where there is none. */
  step(): boolean {
    const next = this.#queue.pop();
    if (!next) return false;
    this.#now = next.at;
    this.#handle(next.event, next.at);
    return true;
  }

  /** Lets everything up to and including the instant happen; then it is that instant. */
  runUntil(end: Instant): void {
    for (let next = this.#queue.peek(); next && next.at <= end; next = this.#queue.peek())
      this.step();
    if (end > this.#now) this.#now = end;
  }
}

import type { Instant } from './instant.ts';

/** An event that waits in the queue. Keep it to cancel the event; read nothing else into it. */
export interface QueuedEvent<E> {
  readonly at: Instant;
  /** Order of pushing: events of one instant happen in the order in which they were pushed. */
  readonly sequence: number;
  readonly event: E;
  /** Still in the queue: neither popped nor cancelled. */
  pending: boolean;
}

/**
 * Events in order of (instant, sequence): one binary heap. A cancelled event stays in the heap until it
 * reaches the top, so cancelling is O(1) and pushing and popping O(log n).
 */
export class EventQueue<E> {
  readonly #heap: QueuedEvent<E>[] = [];
  #sequence = 0;
  #size = 0;

  /** Events that are neither popped nor cancelled. */
  get size(): number {
    return this.#size;
  }

  push(at: Instant, event: E): QueuedEvent<E> {
    const queued: QueuedEvent<E> = { at, sequence: this.#sequence++, event, pending: true };
    this.#heap.push(queued);
    this.#siftUp(this.#heap.length - 1, queued);
    this.#size++;
    return queued;
  }

  /** Takes an event back. False if it has happened or was cancelled before. */
  cancel(queued: QueuedEvent<E>): boolean {
    if (!queued.pending) return false;
    queued.pending = false;
    this.#size--;
    return true;
  }

  /** The event that comes next, left in the queue. */
  peek(): QueuedEvent<E> | null {
    this.#dropCancelled();
    return this.#heap[0] ?? null;
  }

  pop(): QueuedEvent<E> | null {
    this.#dropCancelled();
    const top = this.#heap[0];
    if (!top) return null;
    this.#removeTop();
    top.pending = false;
    this.#size--;
    return top;
  }

  #dropCancelled(): void {
    for (let top = this.#heap[0]; top && !top.pending; top = this.#heap[0]) this.#removeTop();
  }

  #removeTop(): void {
    const last = this.#heap.pop() as QueuedEvent<E>;
    if (this.#heap.length > 0) this.#siftDown(last);
  }

  #siftUp(start: number, queued: QueuedEvent<E>): void {
    const heap = this.#heap;
    let index = start;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex] as QueuedEvent<E>;
      if (!isBefore(queued, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = queued;
  }

  #siftDown(queued: QueuedEvent<E>): void {
    const heap = this.#heap;
    const length = heap.length;
    let index = 0;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= length) break;
      let child = heap[childIndex] as QueuedEvent<E>;
      const right = heap[childIndex + 1];
      if (right !== undefined && isBefore(right, child)) {
        child = right;
        childIndex++;
      }
      if (!isBefore(child, queued)) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = queued;
  }
}

function isBefore<E>(a: QueuedEvent<E>, b: QueuedEvent<E>): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}

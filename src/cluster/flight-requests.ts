import type { Flight } from './flight.ts';

/** What flights ask of the replication machine, by number: flushes, and waits for standbys. */
export class FlightRequests {
  readonly #asking = new Map<number, Pick<Flight, 'id' | 'turn'>>();
  #next = 1;

  /** A number for a request whose end nobody waits for. */
  nobodys(): number {
    return this.#next++;
  }

  of({ id, turn }: Flight): number {
    const request = this.nobodys();
    this.#asking.set(request, { id, turn });
    return request;
  }

  /** Whose request it was that has come to its end; undefined where it is nobody's any more. */
  take(request: number): Pick<Flight, 'id' | 'turn'> | undefined {
    const asking = this.#asking.get(request);
    this.#asking.delete(request);
    return asking;
  }

  /** A flight waits no longer: the numbers of its requests. */
  giveUp({ id }: Flight): readonly number[] {
    const own = [...this.#asking].flatMap(([request, asking]) => (asking.id === id ? request : []));
    for (const request of own) this.#asking.delete(request);
    return own;
  }
}

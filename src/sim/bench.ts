import { instant, us } from './instant.ts';
import { Prng } from './prng.ts';
import { Simulator } from './simulator.ts';

/**
 * Lets `count` events happen in a simulator that holds about a thousand at any time, each of which schedules the next.
 * Returns how many did; the caller holds the watch (this layer reads no clock).
 */
export function kernelWorkload(count: number): number {
  const prng = Prng.seeded(1);
  let happened = 0;
  const simulator = new Simulator<number>((node) => {
    happened++;
    simulator.scheduleAfter(us(1 + (prng.uint32() & 1023)), node);
  });
  for (let node = 0; node < 1_000; node++) simulator.scheduleAt(instant(node), node);
  while (happened < count) simulator.step();
  return happened;
}

/** Events a second of the kernel alone, by the given clock (milliseconds, e.g. `performance.now`). */
export function kernelEventsPerSecond(clock: () => number, count = 2_000_000): number {
  kernelWorkload(100_000);
  const start = clock();
  const happened = kernelWorkload(count);
  return happened / ((clock() - start) / 1_000);
}

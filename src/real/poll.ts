import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until `done()` holds, and resolves to whether it did in time. */
export async function pollUntil(
  done: () => boolean | Promise<boolean>,
  timeoutMs: number,
  everyMs: number,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await done())) {
    if (performance.now() >= deadline) return false;
    await sleep(everyMs);
  }
  return true;
}

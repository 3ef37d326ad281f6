import type { ExperimentJob, ExperimentResult, FromExperimenter } from './experiment-protocol.ts';
import { loadPageEngine } from './page-engine.ts';

/** How many are made side by side: each takes a core, and the memory of a cluster. */
const AT_ONCE = 2;

/** What is told while experiments are made. */
export interface ExperimentWatcher {
  /** PostgreSQL is fetched first; nothing is told where it is there. */
  fetching(loaded: number, total: number): void;
  tried(tries: number, left: number): void;
  made(result: ExperimentResult): void;
}

/**
 * Makes experiments in workers of this page, two at a time, in the order of the jobs. Rejects with the first reason for which
 * one could not be made, or when `signal` is aborted; all that are under way end then.
 */
export async function makeExperiments(
  jobs: readonly ExperimentJob[],
  watcher: ExperimentWatcher,
  signal: AbortSignal,
): Promise<void> {
  const engine = await loadPageEngine((loaded, total) => watcher.fetching(loaded, total));
  const waiting = [...jobs];
  const failing = new AbortController();
  const ends = AbortSignal.any([signal, failing.signal]);
  const work = async () => {
    for (let job = waiting.shift(); job && !ends.aborted; job = waiting.shift())
      await make(job, engine, watcher, ends);
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } catch (error) {
    failing.abort();
    throw error;
  }
  signal.throwIfAborted();
}

function make(
  job: ExperimentJob,
  engine: Awaited<ReturnType<typeof loadPageEngine>>,
  watcher: ExperimentWatcher,
  ends: AbortSignal,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const worker = new Worker(new URL('./experiment-worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<FromExperimenter>) => {
    if (data.kind === 'tried') watcher.tried(data.tries, data.left);
    else if (data.kind === 'failed') reject(new Error(data.reason));
    else {
      watcher.made(data.result);
      resolve();
    }
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    reject(new Error(event.message || 'the script that makes experiments could not be loaded'));
  });
  ends.addEventListener('abort', () => resolve(), { once: true });
  worker.postMessage({ job, engine });
  return promise.finally(() => worker.terminate());
}

import type { Grader, GraderListener, GradingHost } from './grading.ts';
import type { FromGrader } from './grading-protocol.ts';
import { loadPageEngine } from './page-engine.ts';

/** Workers of this page that grade. Their script is fetched when the first one is asked for. */
export const gradingHost: GradingHost = {
  loadEngine: () => loadPageEngine(),
  startGrader,
};

function startGrader(listener: GraderListener): Grader {
  const worker = new Worker(new URL('./grade-worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<FromGrader>) =>
    listener.message(data),
  );
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    listener.died(event.message || 'the script that grades could not be loaded');
  });
  worker.addEventListener('messageerror', () =>
    listener.died('a message of the worker could not be read'),
  );
  return { post: (message) => worker.postMessage(message), end: () => worker.terminate() };
}

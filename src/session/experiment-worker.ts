// A worker that makes one experiment: beside the run that the page shows, so that several go on at once.
import { loadParser } from '../cluster/sql-text.ts';
import { PgliteEngine } from '../engine/pglite-engine.ts';
import type { FromExperimenter, ToExperimenter } from './experiment-protocol.ts';
import { makeExperiment } from './make-experiment.ts';

loadParser().catch(() => {});

const post = (message: FromExperimenter) => postMessage(message);

addEventListener('message', async ({ data }: MessageEvent<ToExperimenter>) => {
  try {
    const result = await makeExperiment(data.job, new PgliteEngine(data.engine), (tries, left) =>
      post({ kind: 'tried', tries, left }),
    );
    post({ kind: 'made', result });
  } catch (error) {
    post({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
});

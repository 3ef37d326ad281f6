// A worker that grades one seed. Apart from the one that holds the learner's run, so that she can go on meanwhile.
import { loadParser } from '../cluster/sql-text.ts';
import { PgliteEngine } from '../engine/pglite-engine.ts';
import { gradeRun } from './grade-run.ts';
import type { FromGrader, ToGrader } from './grading-protocol.ts';

loadParser().catch(() => {});

const post = (message: FromGrader) => postMessage(message);

addEventListener('message', async ({ data }: MessageEvent<ToGrader>) => {
  try {
    const engine = new PgliteEngine(data.engine);
    const graded = await gradeRun(data.record, data.seed, engine, (step) =>
      post({ kind: 'step', step }),
    );
    post({ kind: 'graded', graded });
  } catch (error) {
    post({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
});

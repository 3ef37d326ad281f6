/** A process of `npm run grade`: grades the files it is sent, one after another. */
import { type FileReport, gradeFile } from './grade-file.ts';
import { openNodeEngine } from './node-engine.ts';
import type { WorkerAnswer } from './worker-pool.ts';

const answer = (message: WorkerAnswer<FileReport>): void => void process.send?.(message);

process.on('message', async ({ path }: { path: string }) => {
  try {
    answer({ result: await gradeFile(path, await openNodeEngine()) });
  } catch (error) {
    answer({ error: error instanceof Error ? error.message : String(error) });
  }
});

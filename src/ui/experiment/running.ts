import { createSignal, onCleanup } from 'solid-js';
import type { ExperimentJob, ExperimentResult } from '../../session/experiment-protocol.ts';
import { megabytes } from '../time-words.ts';

/** Makes experiments for a component, tells how far they are, and ends them when it goes. */
export function createRunning(made: (result: ExperimentResult) => void) {
  const [busy, setBusy] = createSignal(false);
  const [said, setSaid] = createSignal('');
  let ending = new AbortController();
  onCleanup(() => ending.abort());
  const run = async (jobs: readonly ExperimentJob[]) => {
    ending.abort();
    const mine = new AbortController();
    ending = mine;
    let done = 0;
    const progress = () => setSaid(`${done} of ${jobs.length} done…`);
    setBusy(true);
    setSaid('Fetching what is needed…');
    try {
      const { makeExperiments } = await import('../../session/page-experiments.ts');
      await makeExperiments(
        jobs,
        {
          fetching: (loaded, total) =>
            setSaid(`Fetching PostgreSQL: ${megabytes(loaded)} of ${megabytes(total)} MB`),
          tried: (tries, left) =>
            setSaid(`Try ${tries}: ${left} ${left === 1 ? 'trouble' : 'troubles'}…`),
          made: (result) => {
            done++;
            made(result);
            progress();
          },
        },
        mine.signal,
      );
      setSaid(jobs.length === 1 ? 'Done.' : `All ${jobs.length} are done.`);
    } catch (error) {
      if (ending !== mine) return;
      const why = error instanceof Error ? error.message : String(error);
      setSaid(mine.signal.aborted ? 'Stopped.' : `It could not be done: ${why}`);
    } finally {
      if (ending === mine) setBusy(false);
    }
  };
  return { busy, said, run, stop: () => ending.abort() };
}

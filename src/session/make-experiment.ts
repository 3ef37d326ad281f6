import type { SqlEngine } from '../cluster/sql-engine.ts';
import { experiment } from '../experiment/experiment.ts';
import type { FaultPlan } from '../experiment/fault-plan.ts';
import { findings, shows } from '../experiment/findings.ts';
import { shrink } from '../soak/shrink.ts';
import type { ExperimentJob, ExperimentResult } from './experiment-protocol.ts';
import { RUN_RECORD_VERSION } from './protocol.ts';

/** Each try plays a whole run, which takes seconds: so many must do. */
const MOST_TRIES = 30;

/** Makes an experiment, and shortens its schedule first where that is asked for. */
export async function makeExperiment(
  { shrinkTo, ...setup }: ExperimentJob,
  engine: SqlEngine,
  tried: (tries: number, left: number) => void,
): Promise<ExperimentResult> {
  const { configuration, plan } = setup;
  const play = (under: FaultPlan) => experiment({ ...setup, plan: under }, engine);
  let shrunk: ExperimentResult['shrunk'] = null;
  let under = plan;
  if (shrinkTo !== null) {
    let tries = 0;
    const found = await shrink(
      plan.troubles,
      async (troubles) => {
        tried(++tries, troubles.length);
        return shows[shrinkTo](findings(await play({ ...plan, troubles })));
      },
      MOST_TRIES,
    );
    under = { ...plan, troubles: found.items };
    shrunk = { tries: found.tries, minimal: found.minimal };
  }
  const run = await play(under);
  const { spec, actions, until, history } = run;
  return {
    configuration,
    plan: under,
    record: { version: RUN_RECORD_VERSION, spec, actions, until },
    history,
    findings: findings(run),
    shrunk,
  };
}

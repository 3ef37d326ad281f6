import type { SqlEngine } from '../cluster/sql-engine.ts';
import { gradeOn, hashesOf } from '../lab/grade.ts';
import type { StepWatcher } from '../lab/grading-step.ts';
import type { GradedSeed } from './grading-protocol.ts';
import { labOfRun } from './lab-of-run.ts';
import { RUN_RECORD_VERSION, type RunRecord } from './protocol.ts';
import { isLab } from './run-spec.ts';

/** Does a learner's run of a lab again on one seed, drill included, and judges it. */
export async function gradeRun(
  record: RunRecord,
  seed: number,
  engine: SqlEngine,
  watch: StepWatcher,
): Promise<GradedSeed> {
  const { spec: own } = record;
  if (!isLab(own)) throw new TypeError('a run of no lab cannot be graded');
  const lab = await labOfRun(own);
  const { judgements, actions, until, ...run } = await gradeOn(lab, seed, record, engine, watch);
  // Where a lab asks for her answers alone, her own run is done again apart.
  const hashes =
    run.hashes ?? (seed === own.seed ? await hashesOf(lab, seed, record, engine) : null);
  const spec = { ...own, seed };
  const graded = { version: RUN_RECORD_VERSION, spec, actions, until } as const;
  return { seed, judgements, record: graded, hashes };
}

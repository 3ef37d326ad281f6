import { Cluster } from '../cluster/cluster.ts';
import type { SqlEngine } from '../cluster/sql-engine.ts';
import { LabRun } from '../lab/lab-run.ts';
import { labOfRun } from './lab-of-run.ts';
import type { RunningCluster } from './player.ts';
import { isLab, type RunSpec } from './run-spec.ts';

/**
 * Opens what a run starts with: a cluster, or a lab with its prelude still to come.
 * @throws {RunNotOpened} where this edition has no such lab, or another version of it.
 */
export async function openRun(spec: RunSpec, engine: SqlEngine): Promise<RunningCluster> {
  if (!isLab(spec)) return Cluster.open(spec, engine);
  return LabRun.begin(await labOfRun(spec), spec.seed, engine);
}

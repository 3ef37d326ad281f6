import { Cluster } from '../cluster/cluster.ts';
import type { SqlEngine } from '../cluster/sql-engine.ts';
import { LabRun } from '../lab/lab-run.ts';
import type { RunningCluster } from './player.ts';
import { isLab, type LabOnSeed, type RunSpec } from './run-spec.ts';

/** A run that this edition of the course cannot open. */
export class RunNotOpened extends Error {
  override readonly name = 'RunNotOpened';
}

/**
 * Opens what a run starts with: a cluster, or a lab at the instant at which its learner takes over.
 * @throws {RunNotOpened} where this edition has no such lab, or another version of it.
 */
export async function openRun(spec: RunSpec, engine: SqlEngine): Promise<RunningCluster> {
  if (!isLab(spec)) return Cluster.open(spec, engine);
  return LabRun.open(await labOf(spec), spec.seed, engine);
}

/** The lab that a run belongs to. Labs are fetched when the first one is asked for. */
async function labOf({ lab: name, version }: LabOnSeed) {
  const { labs } = await import('../../labs/labs.ts');
  const lab = labs.find((one) => one.name === name);
  if (!lab) throw new RunNotOpened(`this edition of the course has no lab "${name}"`);
  if (lab.version !== version)
    throw new RunNotOpened(
      `the run belongs to version ${version} of the lab "${name}"; this edition has version ${lab.version}. Export it to keep it, and open it in the edition that wrote it`,
    );
  return lab;
}

import type { Lab } from '../lab/lab.ts';
import type { LabOnSeed } from './run-spec.ts';

/** A run that this edition of the course cannot open. */
export class RunNotOpened extends Error {
  override readonly name = 'RunNotOpened';
}

/**
 * The lab that a run belongs to. Labs are fetched when the first one is asked for.
 * @throws {RunNotOpened} where this edition has no such lab, or another version of it.
 */
export async function labOfRun({ lab: name, version }: LabOnSeed): Promise<Lab> {
  const { labs } = await import('../../labs/labs.ts');
  const lab = labs.find((one) => one.name === name);
  if (!lab) throw new RunNotOpened(`this edition of the course has no lab "${name}"`);
  if (lab.version !== version)
    throw new RunNotOpened(
      `the run belongs to version ${version} of the lab "${name}"; this edition has version ${lab.version}. Export it to keep it, and open it in the edition that wrote it`,
    );
  return lab;
}

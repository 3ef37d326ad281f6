import type { ScenarioTarget } from '../scenario/target.ts';
import { UsageError } from '../scenario/usage-error.ts';

/** The clusters a scenario can run on. */
export const TARGET_NAMES = ['simulated', 'real'] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

/** Whether the text names a cluster. */
export function isTargetName(text: string): text is TargetName {
  return (TARGET_NAMES as readonly string[]).includes(text);
}

/**
 * Opens a cluster, not yet started. Each is loaded only where it is asked for: one brings an engine, the other needs a
 * platform that has PostgreSQL's programs.
 */
export async function openTarget(name: TargetName, seed: number): Promise<ScenarioTarget> {
  if (name === 'simulated') {
    const { openNodeEngine } = await import('./node-engine.ts');
    const { SimulatedTarget } = await import('../scenario/simulated.ts');
    return new SimulatedTarget(await openNodeEngine(), seed);
  }
  const { whyNoRealCluster } = await import('../real/installation.ts');
  const reason = whyNoRealCluster();
  if (reason !== null) throw new UsageError(null, `--target real cannot run: ${reason}`);
  const { RealCluster } = await import('../real/cluster.ts');
  return new RealCluster();
}

import type { ClusterSpec } from '../cluster/action.ts';

/** A lab on a seed: its cluster, its clients and its faults all follow from these. */
export interface LabOnSeed {
  readonly lab: string;
  readonly version: number;
  readonly seed: number;
}

/** What a run starts with. */
export type RunSpec = ClusterSpec | LabOnSeed;

export const isLab = (spec: RunSpec): spec is LabOnSeed => 'lab' in spec;

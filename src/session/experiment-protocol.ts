import type { EngineParts } from '../engine/postgres-module.ts';
import type { Configuration } from '../experiment/configuration.ts';
import type { ExperimentSetup } from '../experiment/experiment.ts';
import type { FaultPlan } from '../experiment/fault-plan.ts';
import type { Findings, Showing } from '../experiment/findings.ts';
import type { Operation } from '../grading/operation.ts';
import type { RunRecord } from './protocol.ts';

/** One configuration to be put through one schedule. */
export interface ExperimentJob extends ExperimentSetup {
  /** The schedule is to be cut down to what still shows this; null where it is to be played as it is. */
  readonly shrinkTo: Showing | null;
}

/** What a page asks of a worker that makes an experiment. It makes one and is ended then. */
export interface ToExperimenter {
  readonly job: ExperimentJob;
  readonly engine: EngineParts;
}

/** What an experiment came to, and the run in which it can be seen. */
export interface ExperimentResult {
  readonly configuration: Configuration;
  /** As it was played: of a shortened one, what is left. */
  readonly plan: FaultPlan;
  readonly record: RunRecord;
  readonly history: readonly Operation[];
  readonly findings: Findings;
  /** Null where nothing was to be shortened. */
  readonly shrunk: { readonly tries: number; readonly minimal: boolean } | null;
}

export type FromExperimenter =
  /** So many shorter schedules have been tried. */
  | { readonly kind: 'tried'; readonly tries: number; readonly left: number }
  | { readonly kind: 'made'; readonly result: ExperimentResult }
  | { readonly kind: 'failed'; readonly reason: string };

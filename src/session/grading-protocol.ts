import type { EngineParts } from '../engine/postgres-module.ts';
import type { Judgement } from '../grading/verdict.ts';
import type { GradingStep } from '../lab/grading-step.ts';
import type { RunHashes, RunRecord } from './protocol.ts';

/** What a page asks of a worker that grades: to do a learner's run again on a seed, her own or another. */
export interface ToGrader {
  readonly record: RunRecord;
  readonly seed: number;
  readonly engine: EngineParts;
}

/** One seed, graded. */
export interface GradedSeed {
  readonly seed: number;
  readonly judgements: ReadonlyMap<string, Judgement>;
  /** The graded run, drill included. */
  readonly record: RunRecord;
  /** Of the learner's part alone; null where this seed did not do it again. */
  readonly hashes: RunHashes | null;
}

export type FromGrader =
  | { readonly kind: 'step'; readonly step: GradingStep }
  | { readonly kind: 'graded'; readonly graded: GradedSeed }
  | { readonly kind: 'failed'; readonly reason: string };

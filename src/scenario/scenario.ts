import type { Action, ClusterSpec } from './target.ts';

/** Where a step stands: its number, counted from 1, and its line in the file. */
interface Place {
  readonly number: number;
  readonly line: number;
}

/** One step of a scenario. */
export type Step = Place &
  (
    | {
        readonly kind: 'sql';
        readonly node: string;
        readonly session: string;
        readonly sql: string;
      }
    | { readonly kind: 'wait'; readonly ms: number }
    | { readonly kind: 'log'; readonly node: string }
    | { readonly kind: 'act'; readonly action: Action }
  );

/** A scenario file, read. */
export interface Scenario {
  readonly cluster: ClusterSpec;
  readonly steps: readonly Step[];
}

/** The session of a step that names none. */
export const MAIN_SESSION = 'main';

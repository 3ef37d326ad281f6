import type { Asked } from '../cluster/asked.ts';
import type {
  ClusterView,
  MessageView,
  StatementView,
  TraceEvent,
} from '../cluster/cluster-view.ts';
import type { EngineParts } from '../engine/postgres-module.ts';
import type { LabAction } from '../lab/lab-action.ts';
import type { Instant } from '../sim/instant.ts';
import type { Frame } from './frames.ts';
import type { RunSpec } from './run-spec.ts';

/** Version of the run record's format. A record of another version is kept and named, never replayed as if it were this one. */
export const RUN_RECORD_VERSION = 1;

/** An action and the virtual instant at which the worker applied it. */
export interface RecordedAction {
  readonly at: Instant;
  readonly action: LabAction;
}

/** A run, whole: from it the same trace and the same WAL come again, to the byte. */
export interface RunRecord {
  readonly version: typeof RUN_RECORD_VERSION;
  readonly spec: RunSpec;
  readonly actions: readonly RecordedAction[];
  /** How far time had run when the record was taken. */
  readonly until: Instant;
}

/** Digests of what a run did: equal on every machine that replays the same record. */
export interface RunHashes {
  readonly trace: string;
  readonly wal: string;
}

/** What the page asks of the worker that holds a run. A `ticket` comes back in the answer. */
export type ToWorker =
  /**
   * Replays `record` up to `until`; actions after it stay in store and are applied when time reaches them. The worker
   * holds the Web Lock `lock` as long as it lives, so that the page learns of its death.
   */
  | {
      readonly kind: 'open';
      readonly record: RunRecord;
      readonly until: Instant;
      readonly engine: EngineParts;
      readonly lock: string;
    }
  /** Done at the present instant; actions of the record that still lay ahead are forgotten. */
  | { readonly kind: 'act'; readonly ticket: number; readonly action: LabAction }
  /** Lets virtual time run by itself: `speed` virtual seconds a second of the page's clock; 0 pauses. */
  | { readonly kind: 'play'; readonly speed: number }
  /** Runs to the next event, or to an instant. */
  | { readonly kind: 'advance'; readonly until: Instant | 'next event' }
  | { readonly kind: 'hash'; readonly ticket: number }
  /** Reads on a copy of a node as it stood at an instant (null: now). No action of the run: never recorded. */
  | {
      readonly kind: 'ask';
      readonly ticket: number;
      readonly at: Instant | null;
      readonly node: string;
      readonly sql: string;
    }
  /** Answered at once by a worker that is not held up by a statement. */
  | { readonly kind: 'ping'; readonly ticket: number };

export type FromWorker =
  | { readonly kind: 'ready' }
  /** The cluster after something changed: trace events, messages ended and statements that are new since the last time, and the view. */
  | {
      readonly kind: 'state';
      readonly view: ClusterView;
      readonly events: readonly TraceEvent[];
      readonly messages: readonly MessageView[];
      readonly statements: readonly StatementView[];
      /** The moments between the last message and this one in which something but time had changed. */
      readonly frames: readonly Frame[];
      readonly speed: number;
    }
  /** Sent before an action is done: if nothing follows for long, this one holds the worker up. `index` is its place in the record. */
  | { readonly kind: 'applying'; readonly index: number; readonly entry: RecordedAction }
  | {
      readonly kind: 'applied';
      readonly index: number;
      readonly entry: RecordedAction;
      readonly ticket: number | null;
    }
  /** An action that was refused, with the reason in words; nothing changed. */
  | {
      readonly kind: 'refused';
      readonly ticket: number;
      readonly action: LabAction;
      readonly reason: string;
    }
  /** The digests of the run as it stands at `at`. */
  | {
      readonly kind: 'hashes';
      readonly ticket: number;
      readonly at: Instant;
      readonly hashes: RunHashes;
    }
  | { readonly kind: 'asked'; readonly ticket: number; readonly asked: Asked }
  | { readonly kind: 'pong'; readonly ticket: number }
  /** The run cannot go on in this worker (a bug, or memory): the page offers to restore it from the record. */
  | { readonly kind: 'failed'; readonly reason: string };

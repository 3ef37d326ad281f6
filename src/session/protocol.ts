import type { Action, ClusterSpec } from '../cluster/action.ts'
import type { ClusterView, StatementView, TraceEvent } from '../cluster/cluster-view.ts'
import type { Instant } from '../sim/instant.ts'

/** Version of the run record's format. A record of another version is kept and named, never replayed as if it were this one. */
export const RUN_RECORD_VERSION = 1

/** A run, whole: from it the same trace and the same WAL come again, to the byte. */
export interface RunRecord {
  readonly version: typeof RUN_RECORD_VERSION
  readonly spec: ClusterSpec
  readonly actions: readonly { readonly at: Instant; readonly action: Action }[]
  /** How far time had run when the record was taken. */
  readonly until: Instant
}

/** What the page asks of the worker that holds a run. Each is answered by messages below. */
export type ToWorker =
  /** The engine's parts, compiled and fetched once by the page; `record` is replayed up to its `until`. */
  | { readonly kind: 'open'; readonly record: RunRecord; readonly engine: EngineParts }
  | { readonly kind: 'act'; readonly action: Action }
  /** Lets virtual time run by itself: `speed` virtual seconds a second of the page's clock; 0 pauses. */
  | { readonly kind: 'play'; readonly speed: number }
  /** Runs to the next event, or to an instant. */
  | { readonly kind: 'advance'; readonly until: Instant | 'next event' }

/** What PostgreSQL in WebAssembly needs, as transferable or cloneable parts. */
export interface EngineParts {
  readonly wasm: WebAssembly.Module
  readonly bundle: ArrayBuffer
  readonly template: ArrayBuffer
}

export type FromWorker =
  | { readonly kind: 'ready' }
  /** The cluster after something changed: new trace events since the last message, statements that changed, the view. */
  | {
      readonly kind: 'state'
      readonly view: ClusterView
      readonly events: readonly TraceEvent[]
      readonly statements: readonly StatementView[]
      readonly record: RunRecord
    }
  /** An action that was refused, with the reason in words; nothing changed. */
  | { readonly kind: 'refused'; readonly action: Action; readonly reason: string }
  /** The run cannot go on in this worker (a bug, or memory): the page offers to restore it from the record. */
  | { readonly kind: 'failed'; readonly reason: string }

import type { Duration } from '../sim/instant.ts';

/** The two processes of a standby that can be stopped on their own, by PostgreSQL's names. */
export type FreezableProcess = 'walreceiver' | 'startup';

/**
 * What a person (a learner, a scenario file, a fault schedule) does to a cluster, as plain data. A run is a seed and a
 * list of these with the instants at which they were done; nothing else gets into it.
 */
export type Action =
  | { readonly kind: 'sql'; readonly node: string; readonly session: string; readonly sql: string }
  | { readonly kind: 'cancel'; readonly node: string; readonly session: string }
  | { readonly kind: 'terminate'; readonly node: string; readonly session: string }
  | { readonly kind: 'freeze'; readonly node: string; readonly process: FreezableProcess }
  | { readonly kind: 'thaw'; readonly node: string; readonly process: FreezableProcess }
  /** One-way delay of the link between two nodes, in both directions. */
  | { readonly kind: 'delay'; readonly a: string; readonly b: string; readonly delay: Duration }
  /** Bytes a second of the link between two nodes, in each direction; Infinity for no limit. */
  | {
      readonly kind: 'bandwidth';
      readonly a: string;
      readonly b: string;
      readonly bytesPerSecond: number;
    }
  /** Share of messages lost on the link between two nodes, 0 ≤ ratio < 1; TCP sends them again. */
  | { readonly kind: 'loss'; readonly a: string; readonly b: string; readonly ratio: number }
  | { readonly kind: 'cut'; readonly a: string; readonly b: string }
  | { readonly kind: 'heal'; readonly a: string; readonly b: string }
  /** How long one fsync of the node's disk takes; Infinity stalls it. */
  | { readonly kind: 'fsync'; readonly node: string; readonly time: Duration }
  /** WAL bytes a second that the standby's startup process replays; Infinity for no limit. */
  | { readonly kind: 'replayRate'; readonly node: string; readonly bytesPerSecond: number }
  | { readonly kind: 'kill'; readonly node: string }
  | { readonly kind: 'powerOff'; readonly node: string }
  | { readonly kind: 'start'; readonly node: string };

/** An action refused: what, where and what to do. Nothing has changed. */
export class ActionRefused extends Error {
  override readonly name = 'ActionRefused';
}

/** The cluster a run starts with: the first node is the primary, the rest stream from it. */
export interface ClusterSpec {
  readonly nodes: readonly string[];
  /** Lines of postgresql.conf a node, by node name. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly seed: number;
  /** One way of each link; 5 ms where nothing is said. */
  readonly linkDelay?: Duration;
  /** Statements run on the primary before the first instant that a person sees, and replayed everywhere. */
  readonly setup?: readonly string[];
}

import type { Action } from '../cluster/action.ts';
import type { ClusterView, StatementView, TraceEvent } from '../cluster/cluster-view.ts';
import type { Instant } from '../sim/instant.ts';
import type { GuestRead } from './guest-read.ts';
import type { Request } from './history.ts';

/** All that a check may look at: what is recorded of one graded run. No server is asked any more. */
export interface Evidence {
  /** Of the run. */
  readonly seed: number;
  /** When the learner took the cluster over. */
  readonly takenOverAt: Instant;
  /** When her part of the run was over and the drill began. */
  readonly drilledAt: Instant;
  /** What clients were told, in order of sending. */
  readonly requests: readonly Request[];
  readonly deeds: readonly Deed[];
  /** The learner's answers to the lab's questions, in order of giving. The last one of a question counts. */
  readonly answers: readonly GivenAnswer[];
  /** synchronous_standby_names of the primary, each time that it changed; the first entry is the start's. */
  readonly names: readonly { readonly at: Instant; readonly names: string }[];
  /** What the seed drew for this run, by the draw's name: the facts of the one thing that befell the cluster. */
  readonly drawn: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly rounds: readonly RoundRecord[];
  /** What watchers were told, in order of asking. */
  readonly polls: readonly Poll[];
  /** What the guests of the lab's app have read, where a router sends them. */
  readonly reads: readonly GuestRead[];
  /** All that sessions sent, the drill's own among them, and what they were told. */
  readonly statements: readonly StatementView[];
  readonly trace: readonly TraceEvent[];
  /** What was found in the end, by the id that the lab gave the question. */
  readonly found: Readonly<Record<string, Finding>>;
}

/** What a copy of a node answered when all was over: read-only, and no part of the run. */
export interface Finding {
  readonly at: Instant;
  readonly rows: readonly (readonly (string | null)[])[];
  readonly error: { readonly sqlstate: string; readonly message: string } | null;
}

/** An answer to a question of the lab: for `sql` the query, for `choice` the option's id, for `number` its digits. */
export interface GivenAnswer {
  readonly at: Instant;
  readonly id: string;
  readonly text: string;
}

/** Something that the learner did to the cluster. `refused`: it could not be done at that moment of this run, and changed nothing. */
export interface Deed {
  readonly at: Instant;
  readonly action: Action;
  readonly refused: boolean;
}

/** One round of the lab's drill, as it went. */
export interface RoundRecord {
  readonly name: string;
  /** What the lab says of the round, for its own checks. */
  readonly facts: Readonly<Record<string, string>>;
  readonly from: Instant;
  readonly to: Instant;
  /** What was left after a fire; null where the round had none. */
  readonly fire: FireRecord | null;
}

/** A read-only snapshot: the rows of the standby that was furthest ahead of those that a fire left. */
export interface FireRecord {
  readonly at: Instant;
  readonly survivor: string;
  /** Keys of the rows there; null where they could not be read. */
  readonly keys: ReadonlySet<number> | null;
}

/** One asking of the learner's query by a watcher of the lab, and the cluster as it stood then: read-only snapshots. */
export interface Poll {
  readonly watcher: string;
  readonly node: string;
  /** Of the drill. */
  readonly round: string;
  readonly at: Instant;
  readonly answeredAt: Instant;
  /** What came instead of rows; 08006 where the connection ended first. */
  readonly error: { readonly sqlstate: string; readonly message: string } | null;
  readonly columns: readonly string[];
  /** The first rows; `rowCount` tells how many there were. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly rowCount: number;
  /** All nodes and links when the query was asked. */
  readonly view: ClusterView;
}

import type { GovernorSpec } from '../ha/ha-port.ts';
import type { Fault } from '../postgres/replication-port.ts';
import type { Duration } from '../sim/instant.ts';
import type { GovernedAction } from './governed-action.ts';
import type { WorkCost } from './work.ts';
import type { Population } from './workload/population.ts';

/**
 * What a person (a learner, a scenario file, a fault schedule) does to a cluster, as plain data. A run is a seed and a
 * list of these with the instants at which they were done; nothing else gets into it.
 */
export type Action =
  | { readonly kind: 'sql'; readonly node: string; readonly session: string; readonly sql: string }
  | { readonly kind: 'cancel'; readonly node: string; readonly session: string }
  | { readonly kind: 'terminate'; readonly node: string; readonly session: string }
  /** Lets clients work `pace` times as fast as their population says; 0 stops them after the answers that are outstanding. */
  | { readonly kind: 'clients'; readonly population: string; readonly pace: number }
  /** A standby is made anew from a base backup of another node, and streams from there. */
  | { readonly kind: 'baseBackup'; readonly node: string; readonly upstream: string }
  /** `pg_ctl stop -m fast`. */
  | { readonly kind: 'stop'; readonly node: string }
  /** primary_conninfo names this upstream from now on. A node that is down starts as a standby the next time, whatever it was. */
  | { readonly kind: 'follow'; readonly node: string; readonly upstream: string }
  /** pg_rewind of a node that is down, and its start as a standby of its source. */
  | { readonly kind: 'rewind'; readonly node: string; readonly upstream: string }
  /** `pg_ctl promote`: a standby becomes a primary on a timeline of its own. */
  | { readonly kind: 'promote'; readonly node: string }
  /** Puts a base backup of a primary into /backup, under this name. */
  | { readonly kind: 'backup'; readonly node: string; readonly name: string }
  /**
   * A node's data directory is replaced by a backup's files, with lines of postgresql.conf and recovery.signal, standby.signal
   * or neither; then it starts.
   */
  | {
      readonly kind: 'restore';
      readonly node: string;
      readonly backup: string;
      readonly signal: 'recovery' | 'standby' | 'none';
      readonly conf: string;
    }
  /** pg_verifybackup of a backup: with the WAL that the archive has (`-w /archive`), that in its own pg_wal, or without (`-n`). */
  | {
      readonly kind: 'verifyBackup';
      readonly backup: string;
      readonly wal: 'archive' | 'backup' | 'skip';
    }
  /** What befalls one file of a backup, by its path from there: a bit flips, its end is lost, it is gone, or it was never part of it. */
  | {
      readonly kind: 'damageBackup';
      readonly backup: string;
      readonly file: string;
      readonly damage: BackupDamage;
    }
  /** `pg_dump -t TABLE` on one node, into psql on `node`. */
  | {
      readonly kind: 'copyTable';
      readonly node: string;
      readonly from: string;
      readonly table: string;
    }
  /** What is done to what governs the cluster, where its spec names a governor. */
  | GovernedAction
  /** What befalls nodes and links. */
  | Fault;

/** What becomes of a file of a backup. */
export type BackupDamage = 'flip' | 'truncate' | 'remove' | 'add';

/** An action refused: what, where and what to do. Nothing has changed. */
export class ActionRefused extends Error {
  override readonly name = 'ActionRefused';
}

/** The cluster a run starts with: the first node is the primary, the rest stream from it where `upstreams` does not say otherwise. */
export interface ClusterSpec {
  readonly nodes: readonly string[];
  /** Those of the nodes that are machines without a data directory yet. */
  readonly spares?: readonly string[];
  /** Standbys of standbys: by node name, the node that it streams from. */
  readonly upstreams?: Readonly<Record<string, string>>;
  /** Lines of postgresql.conf a node, by node name. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly seed: number;
  /** One way of each link; 5 ms where nothing is said. */
  readonly linkDelay?: Duration;
  /** Bytes of the volume that holds pg_wal, by node name; no limit where nothing is said. */
  readonly walVolumes?: Readonly<Record<string, number>>;
  /** What a statement's work costs in virtual time. Where nothing is said, each takes the same 100 µs, whatever it does. */
  readonly work?: WorkCost;
  /** Statements run on the primary before the first instant that a person sees, and replayed everywhere. */
  readonly setup?: readonly string[];
  /** Where its WAL starts: the start of a segment, such as `0/FF00000`. Where the template's ends, where nothing is said. */
  readonly walStart?: string;
  /** Who uses it. What clients send follows from the seed, and is no action of the run. */
  readonly populations?: readonly Population[];
  /** A Patroni on each node, a DCS, watchdogs and a proxy. Where nothing is said, or null, people alone do what is done. */
  readonly governor?: GovernorSpec | null;
}

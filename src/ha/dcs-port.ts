/** What Patroni asks of the DCS, and the answers. One operation is one atomic transaction. */
import type { Lsn } from '../postgres/lsn.ts';
import type { Duration } from '../sim/instant.ts';
import type { DynamicConfiguration } from './configuration.ts';
import type { DcsKeys, FailoverRequest, HistoryLine, Member, SyncState } from './dcs-keys.ts';

export type DcsOperation =
  | { readonly kind: 'read' }
  | { readonly kind: 'grantLease'; readonly ttl: Duration }
  /** Where nobody holds the key. */
  | { readonly kind: 'acquireLeader'; readonly name: string; readonly lease: number }
  /** Renews the lease, where the key is still held with it, and writes /status and /failsafe. */
  | {
      readonly kind: 'updateLeader';
      readonly name: string;
      readonly lease: number;
      readonly lastLsn: Lsn | null;
      readonly failsafe: readonly string[] | null;
    }
  | { readonly kind: 'deleteLeader'; readonly name: string; readonly lastLsn: Lsn | null }
  /** Renews the lease, too; fails where it has ended. */
  | { readonly kind: 'touchMember'; readonly member: Member }
  /** Fails where the key has been written since the revision that is named; null: where it is not there. */
  | {
      readonly kind: 'writeSync';
      readonly sync: SyncState | null;
      readonly revision: number | null;
    }
  | { readonly kind: 'writeFailover'; readonly request: FailoverRequest | null }
  | { readonly kind: 'writeConfig'; readonly config: DynamicConfiguration }
  | { readonly kind: 'writeHistory'; readonly history: readonly HistoryLine[] };

/** `revision` is that of the key that was written; `lease` the one that was granted. */
export interface DcsAnswer {
  readonly done: boolean;
  readonly keys: DcsKeys;
  readonly revision: number;
  readonly lease: number;
}

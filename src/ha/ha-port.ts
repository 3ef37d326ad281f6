/** What people and fault schedules do to what governs a cluster: Patroni's processes, the DCS, watchdogs, routing. Plain data. */
import type { DynamicConfiguration, LocalConfiguration } from './configuration.ts';

/** How a governed cluster begins. */
export interface GovernorSpec {
  /** Patroni's scope: the name of the cluster. */
  readonly scope: string;
  /** What the DCS holds at the start. */
  readonly dynamic: DynamicConfiguration;
  /** By node. */
  readonly local: Readonly<Record<string, LocalConfiguration>>;
  /** Names of the DCS's members: three machines of their own, such as `etcd1`. */
  readonly dcsMembers: readonly string[];
  /** Nodes whose watchdog device does not work, or is not there. */
  readonly withoutWatchdog: readonly string[];
  /** Null: no proxy. */
  readonly proxy: ProxySettings | null;
}

/** HAProxy's `option httpchk` against Patroni's REST interface. */
export interface ProxySettings {
  readonly name: string;
  /** Milliseconds between two checks of a server (`inter`). */
  readonly interMs: number;
  /** So many failed checks take a server out (`fall`), so many good ones bring it back (`rise`). */
  readonly fall: number;
  readonly rise: number;
  /** `on-marked-down shutdown-sessions`: a server that is taken out loses its clients at once. */
  readonly shutdownSessions: boolean;
}

/** HAProxy as Patroni's documentation sets it up. */
export const DEFAULT_PROXY: ProxySettings = {
  name: 'haproxy',
  interMs: 3000,
  fall: 3,
  rise: 2,
  shutdownSessions: true,
};

/** What a person or a schedule does. `node` is a node of the cluster, `member` one of the DCS. */
export type GovernorAction =
  /** SIGSTOP and SIGCONT of Patroni: PostgreSQL goes on. */
  | { readonly kind: 'freezePatroni' | 'thawPatroni'; readonly node: string }
  /** SIGKILL of Patroni (PostgreSQL goes on), and its start. */
  | { readonly kind: 'killPatroni' | 'startPatroni'; readonly node: string }
  /** A whole DCS member: its process stops for good, stands still, comes back. */
  | { readonly kind: 'stopDcs' | 'startDcs' | 'freezeDcs' | 'thawDcs'; readonly member: string }
  /** The link between a node and a DCS member, two DCS members, or the proxy and a node. Links between nodes are the cluster's. */
  | { readonly kind: 'cutLink' | 'healLink'; readonly a: string; readonly b: string }
  | { readonly kind: 'breakWatchdog' | 'mendWatchdog'; readonly node: string }
  | Patronictl;

/** `patronictl`, from a machine that reaches the DCS. */
export type Patronictl =
  | { readonly kind: 'pause' | 'resume' }
  | {
      readonly kind: 'switchover';
      readonly leader: string;
      /** Null: the node that is furthest ahead. */
      readonly candidate: string | null;
    }
  | { readonly kind: 'failover'; readonly candidate: string }
  | { readonly kind: 'editConfig'; readonly config: DynamicConfiguration }
  | { readonly kind: 'reinit'; readonly node: string };

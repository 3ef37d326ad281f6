/** What goes into a Patroni process and what comes out of it, as plain data. */
import type { Lsn, TimelineId } from '../../postgres/lsn.ts';
import type { Duration, Instant } from '../../sim/instant.ts';
import type { CallbackName, Script, Tags } from '../configuration.ts';
import type { DcsAnswer, DcsOperation } from '../dcs-port.ts';
import type { LogLevel } from '../patroni-words.ts';
import type { PostgresCommand, PostgresFacts } from '../postgres-port.ts';

/** What a Patroni can look at without waiting: its own server, over a socket. */
export interface Look {
  readonly own: PostgresFacts;
  /** The servers that its own server reaches over the network and that answer, by node. */
  readonly others: Readonly<Record<string, PostgresFacts>>;
  /** Whether the watchdog device can be opened. */
  readonly watchdogWorks: boolean;
}

export type PatroniInput =
  | { readonly kind: 'begin' }
  | { readonly kind: 'timer'; readonly token: number }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  /** A key that it watches has changed, or somebody has asked its REST interface for something. */
  | { readonly kind: 'wake' }
  /** POST /reinitialize. */
  | { readonly kind: 'reinitialize' }
  /** POST /failsafe from the leader. */
  | { readonly kind: 'failsafe'; readonly leader: string };

export type Answer =
  | { readonly kind: 'dcs'; readonly answer: DcsAnswer }
  | { readonly kind: 'status'; readonly status: NodeStatus }
  /** Of POST /failsafe. */
  | { readonly kind: 'accepted'; readonly accepted: boolean };

/** GET /patroni of another node. */
export interface NodeStatus {
  readonly node: string;
  /** Null where no server runs. */
  readonly inRecovery: boolean | null;
  /** The greater one of received and replayed; 0 on a primary. */
  readonly walPosition: Lsn;
  readonly timeline: TimelineId;
  readonly tags: Tags;
  readonly watchdogFailed: boolean;
}

export type PatroniRequest =
  | { readonly kind: 'dcs'; readonly operation: DcsOperation }
  | { readonly kind: 'status' }
  | { readonly kind: 'failsafe'; readonly leader: string };

export type PatroniEffect =
  /** To a member of the DCS or to the REST interface of another node; the answer comes with the same `id`, or never. */
  | {
      readonly kind: 'send';
      readonly to: string;
      readonly id: number;
      readonly request: PatroniRequest;
    }
  | { readonly kind: 'timer'; readonly at: Instant; readonly token: number }
  | { readonly kind: 'postgres'; readonly command: PostgresCommand }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly text: string }
  /** `feed` arms the device anew; it fires after `timeout`. */
  | { readonly kind: 'watchdog'; readonly do: 'feed'; readonly timeout: Duration }
  | { readonly kind: 'watchdog'; readonly do: 'close' }
  | { readonly kind: 'callback'; readonly name: CallbackName; readonly script: Script };

/** The state of what governs a cluster, and what goes in and comes out: plain data. */
import { type Instant, ms } from '../sim/instant.ts';
import { DEFAULT_LOCAL } from './configuration.ts';
import type { DcsState } from './dcs.ts';
import type { GovernorAction, GovernorSpec } from './ha-port.ts';
import type { Identity } from './patroni/memory.ts';
import type { Answer, PatroniInput, PatroniRequest } from './patroni/port.ts';
import type { PatroniState } from './patroni/process.ts';
import type { LogLevel } from './patroni-words.ts';
import type { PostgresCommand, PostgresFacts } from './postgres-port.ts';
import type { ProxyState } from './proxy.ts';

export interface GovernorState {
  readonly spec: GovernorSpec;
  readonly nodes: Readonly<Record<string, GovernedNode>>;
  readonly dcs: DcsState;
  readonly proxy: ProxyState | null;
  /** Pairs that do not reach each other, as `a|b` in the order of the alphabet. */
  readonly cuts: readonly string[];
  /** When the DCS has last asked to be woken. */
  readonly dcsWakeAt: Instant | null;
}

export interface GovernedNode {
  readonly patroni: PatroniState | null;
  readonly process: 'running' | 'frozen' | 'stopped';
  /** What has come for a frozen process: it finds it when it goes on. */
  readonly missed: readonly PatroniInput[];
  readonly watchdogWorks: boolean;
  /** When the watchdog resets the machine; null where it is not armed. */
  readonly firesAt: Instant | null;
  /** Counts the starts of Patroni, to know the events of an earlier life by. */
  readonly life: number;
  readonly machine: 'on' | 'off';
}

export type GovernorInput =
  | GovernorAction
  /** The link between two nodes, which the cluster's streams use too. */
  | { readonly kind: 'nodeLink'; readonly a: string; readonly b: string; readonly works: boolean }
  /** A machine stops, or is switched on: its Patroni goes and comes with it. */
  | { readonly kind: 'machineOff' | 'machineOn'; readonly node: string }
  | GovernorEvent;

/** What the machine asked to be told at an instant. Hand it back unread. */
export type GovernorEvent =
  | {
      readonly kind: 'patroni';
      readonly node: string;
      readonly life: number;
      readonly input: PatroniInput;
    }
  | {
      readonly kind: 'request';
      readonly from: string;
      readonly life: number;
      readonly to: string;
      readonly id: number;
      readonly request: PatroniRequest;
    }
  | {
      readonly kind: 'reply';
      readonly from: string;
      readonly to: string;
      readonly life: number;
      readonly id: number;
      readonly answer: Answer;
    }
  | { readonly kind: 'dcsWake' }
  | { readonly kind: 'proxyCheck'; readonly node: string }
  | { readonly kind: 'watchdog' | 'switchOn'; readonly node: string };

export type GovernorEffect =
  | { readonly kind: 'schedule'; readonly at: Instant; readonly event: GovernorEvent }
  | { readonly kind: 'postgres'; readonly node: string; readonly command: PostgresCommand }
  /** The watchdog resets the machine: it is off at once, and boots by itself. */
  | { readonly kind: 'reset'; readonly node: string }
  /** The machine that was reset has booted. */
  | { readonly kind: 'switchOn'; readonly node: string }
  | {
      readonly kind: 'log';
      readonly node: string;
      readonly level: LogLevel;
      readonly text: string;
    }
  /** The proxy takes a server out: with `closes` its clients lose their connections at once. */
  | {
      readonly kind: 'proxy';
      readonly node: string;
      readonly up: boolean;
      readonly closes: boolean;
    }
  /** For the trace: what happened, in a whole sentence. */
  | {
      readonly kind: 'happened';
      readonly event: string;
      readonly node: string | null;
      readonly words: string;
    };

/** How a node's server stands at this instant. */
export type LookAt = (node: string) => PostgresFacts;

/** One way between any two parties of the governing. */
export const HOP = ms(2);

export function identityOf(spec: GovernorSpec, node: string): Identity {
  return { node, dcsMembers: spec.dcsMembers, local: spec.local[node] ?? DEFAULT_LOCAL };
}

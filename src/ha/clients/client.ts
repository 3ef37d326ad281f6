/**
 * A client of a governed cluster: it connects, writes a row, waits, thinks, writes the next; where its connection ends it
 * connects again. A pure machine: `client(state, input, at)` gives the next state and what it does.
 */
import { after, type Duration, type Instant, ms, seconds } from '../../sim/instant.ts';

/** How a client finds a server. */
export type Route =
  /** It connects to HAProxy, which passes it on. */
  | { readonly kind: 'proxy' }
  /** libpq's list of hosts, tried in order; `read-write` goes on until one takes writes (target_session_attrs). */
  | {
      readonly kind: 'hosts';
      readonly hosts: readonly string[];
      readonly targetSessionAttrs: 'any' | 'read-write';
    };

export interface ClientState {
  readonly route: Route;
  readonly thinks: Duration;
  /** The server that it is connected to; null where to none. */
  readonly node: string | null;
  /** When it does something by itself. */
  readonly nextAt: Instant;
  /** Since when it waits for the answer to a write; null while it waits for none. */
  readonly waitsSince: Instant | null;
}

export type ClientInput =
  /** Its time has come. `reaches`: the server that a new connection would lead to; null: none. */
  | { readonly kind: 'turn'; readonly reaches: string | null }
  | { readonly kind: 'acknowledged' }
  /** The server takes no writes (SQLSTATE 25006). */
  | { readonly kind: 'refused' }
  /** The connection is over. */
  | { readonly kind: 'closed' };

/** What a client knows of a write in the end: `unknown` where nobody told it. */
export type Outcome = 'ok' | 'fail' | 'unknown';

export type ClientEffect =
  | { readonly kind: 'write'; readonly node: string }
  | { readonly kind: 'told'; readonly outcome: Outcome };

/** How long it waits for an answer before it gives its connection up. */
export const PATIENCE = seconds(10);
/** From the end of a connection to the next attempt at one. */
export const RECONNECT = ms(500);

export const newClient = (route: Route, thinks: Duration, at: Instant): ClientState => ({
  route,
  thinks,
  node: null,
  nextAt: at,
  waitsSince: null,
});

export function client(
  state: ClientState,
  input: ClientInput,
  at: Instant,
): [ClientState, readonly ClientEffect[]] {
  switch (input.kind) {
    case 'turn': {
      if (state.waitsSince !== null) return giveUp(state, 'unknown', at);
      const node = state.node ?? input.reaches;
      if (node === null) return [{ ...state, nextAt: after(at, RECONNECT) }, []];
      const nextAt = after(at, PATIENCE);
      return [{ ...state, node, waitsSince: at, nextAt }, [{ kind: 'write', node }]];
    }
    case 'acknowledged':
      return [
        { ...state, waitsSince: null, nextAt: after(at, state.thinks) },
        [{ kind: 'told', outcome: 'ok' }],
      ];
    case 'refused':
      return giveUp(state, 'fail', at);
    case 'closed':
      return giveUp(state, 'unknown', at);
  }
}

/** It leaves the connection, and tries a new one soon. */
function giveUp(
  state: ClientState,
  outcome: Outcome,
  at: Instant,
): [ClientState, readonly ClientEffect[]] {
  return [
    { ...state, node: null, waitsSince: null, nextAt: after(at, RECONNECT) },
    state.waitsSince === null ? [] : [{ kind: 'told', outcome }],
  ];
}

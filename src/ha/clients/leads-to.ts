import type { Route } from './client.ts';

/** `open`: it takes connections, and no writes; `closed`: its kernel says no; `silent`: nobody says anything. */
export type FoundByClient = 'writes' | 'open' | 'closed' | 'silent';

/** What a client that looks for a server meets. */
export interface Ways {
  /** Where HAProxy sends a new connection; null: it has no server. */
  proxied(): string | null;
  found(node: string): FoundByClient;
}

/** The server that a new connection over this route leads to; null: it leads to none. */
export function leadsTo(route: Route, ways: Ways): string | null {
  if (route.kind === 'proxy') {
    const node = ways.proxied();
    return node !== null && takesConnections(ways.found(node)) ? node : null;
  }
  const { hosts, targetSessionAttrs } = route;
  return (
    hosts.find((host) => {
      const found = ways.found(host);
      return targetSessionAttrs === 'any' ? takesConnections(found) : found === 'writes';
    }) ?? null
  );
}

const takesConnections = (found: FoundByClient): boolean => found === 'writes' || found === 'open';

/** How clients find a server: `reaches` says whether their cables lead there. */
export function foundByClient(
  { status, inRecovery }: { readonly status: string; readonly inRecovery: boolean },
  reaches: boolean,
): FoundByClient {
  if (status === 'off' || !reaches) return 'silent';
  if (status !== 'up') return 'closed';
  return inRecovery ? 'open' : 'writes';
}

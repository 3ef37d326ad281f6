/** HAProxy in front of the nodes: `option httpchk` on Patroni's /primary. It looks at each server by itself, so two can be up. */
import { after, ms } from '../sim/instant.ts';
import type { Governing } from './governing.ts';
import { primaryStatus } from './rest.ts';

export interface ProxyState {
  readonly servers: Readonly<Record<string, ProxyServer>>;
}

export interface ProxyServer {
  readonly up: boolean;
  /** Checks in a row that say the opposite of `up`. */
  readonly contrary: number;
  readonly lastStatus: number | null;
}

/** The first node is the primary, and has been found so. */
export function startProxy(nodes: readonly string[]): ProxyState {
  const servers = nodes.map((node, index): [string, ProxyServer] => [
    node,
    { up: index === 0, contrary: 0, lastStatus: null },
  ]);
  return { servers: Object.fromEntries(servers) };
}

/** One check of one server; the next follows after `inter`. */
export function checkServer(step: Governing, node: string): void {
  const { proxy, spec } = step.state;
  const server = proxy?.servers[node];
  if (!proxy || !server || spec.proxy === null) return;
  const { name, interMs, fall, rise, shutdownSessions } = spec.proxy;
  step.schedule(after(step.at, ms(interMs)), { kind: 'proxyCheck', node });
  const status = step.reaches(name, node) ? primaryStatus(step, node) : null;
  const good = status === 200;
  const contrary = good === server.up ? 0 : server.contrary + 1;
  const turns = contrary >= (server.up ? fall : rise);
  const up = turns ? good : server.up;
  const next = { up, contrary: turns ? 0 : contrary, lastStatus: status };
  step.state = {
    ...step.state,
    proxy: { servers: { ...proxy.servers, [node]: next } },
  };
  if (!turns) return;
  step.happened(
    up ? 'proxyUp' : 'proxyDown',
    node,
    up ? `${name} sends clients to ${node}.` : `${name} sends no more clients to ${node}.`,
  );
  step.effects.push({ kind: 'proxy', node, up, closes: !up && shutdownSessions });
}

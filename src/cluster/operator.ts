/** What an operator does to a server with pg_ctl, pg_rewind and an editor: a person, or a node's Patroni. */
import type { ClusterParts } from './cluster-parts.ts';
import { applySettings } from './signal-handling.ts';

/** `pg_ctl start`, with the settings that its files hold. */
export function startServer(node: string, parts: ClusterParts): void {
  applySettings(parts.node(node), parts);
  parts.feed({ kind: 'start', node });
}

/** `pg_ctl stop -m fast`: sessions are ended, a primary's server writes its last checkpoint. */
export function stopServer(name: string, parts: ClusterParts): void {
  const node = parts.node(name);
  for (const session of [...node.sessions.values()]) parts.flights.terminate(session);
  node.prepareStop();
  parts.publish();
  if (node.role === 'primary') parts.flights.flushSoon(name, parts.branchOf(name).wal.scannedTo);
  parts.feed({ kind: 'stop', node: name });
}

/**
 * primary_conninfo names this node from now on, or nobody. A primary that is down has a standby.signal, too: it starts as a
 * standby.
 */
export function followNode(node: string, upstream: string | null, parts: ClusterParts): void {
  parts.node(node).setUpstream(upstream);
  const kind = parts.state.nodes[node]?.upstream === null ? 'becomeStandby' : 'follow';
  parts.feed({ kind, node, upstream });
}

/** pg_rewind with another node as its source; with `starts`, the server is started as its standby at once. */
export function rewindNode(
  node: string,
  upstream: string,
  starts: boolean,
  parts: ClusterParts,
): void {
  parts.node(node).setUpstream(upstream);
  parts.feed({ kind: 'rewind', node, upstream, starts });
}

/** A standby is made anew from a base backup of another node, and started. */
export function renewNode(node: string, upstream: string, parts: ClusterParts): void {
  const bytes = parts.node(upstream).prepareBackup();
  parts.node(node).setUpstream(upstream);
  parts.node(node).copied();
  parts.feed({ kind: 'baseBackup', node, upstream, bytes });
}

/** A line of a node's configuration is written, and read at once. */
export function setParameter(
  name: string,
  parameter: string,
  value: string,
  parts: ClusterParts,
): void {
  const node = parts.node(name);
  if ((node.settings[parameter] ?? '') === value) return;
  node.setParameter(parameter, value);
  applySettings(node, parts);
}

/** CHECKPOINT, where the server writes. */
export function checkpointServer(name: string, parts: ClusterParts): void {
  const node = parts.node(name);
  if (node.role === 'standby' || !node.accepting) return;
  node.live.checkpoint();
  parts.flushNewWal(name);
}

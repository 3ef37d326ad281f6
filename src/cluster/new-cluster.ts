/** How a cluster begins: its nodes, the primary's server with the setup run on it, and the replication machine. */

import { startReplication } from '../postgres/replication.ts';
import type { ReplicationEffect } from '../postgres/replication-port.ts';
import type { ReplicationState } from '../postgres/replication-state.ts';
import { ActionRefused, type ClusterSpec } from './action.ts';
import { ClusterNode } from './cluster-node.ts';
import type { ClusterParts } from './cluster-parts.ts';
import { type NodeEnvironment, nodeEnvironment } from './node-environment.ts';
import { replicationSettings } from './node-settings.ts';
import { patroniSettings } from './patroni-settings.ts';
import type { Settings, Signal } from './sql-engine.ts';
import { upstreamsOf } from './upstreams.ts';

export const isSpare = ({ spares = [] }: ClusterSpec, name: string): boolean =>
  spares.includes(name);

/** All nodes of a spec, none of them running. Throws ActionRefused where settings make no sense. */
export function newNodes(parts: ClusterParts): readonly ClusterNode[] {
  const upstreams = upstreamsOf(parts.spec);
  const environment = nodeEnvironment(parts);
  return parts.spec.nodes.map((name, index) =>
    newNode(name, upstreams.get(name) ?? null, index, parts.spec, environment),
  );
}

function newNode(
  name: string,
  upstream: string | null,
  index: number,
  spec: ClusterSpec,
  environment: NodeEnvironment,
): ClusterNode {
  const conninfo: Settings =
    upstream === null ? {} : { primary_conninfo: `host=${upstream} application_name=${name}` };
  const own = {
    ...conninfo,
    cluster_name: name,
    ...patroniSettings(spec.governor ?? null, name),
    ...spec.settings[name],
  };
  replicationSettings(own);
  const role = upstream === null ? 'primary' : 'standby';
  const node = new ClusterNode(name, role, own, spec.seed + index, environment);
  node.accepting = !isSpare(spec, name);
  return node;
}

/** Boots the primary and runs the setup there; what its functions asked of other processes. */
export async function bootPrimary(
  primary: ClusterNode,
  spec: ClusterSpec,
): Promise<readonly Signal[]> {
  await primary.boot();
  const signals: Signal[] = [];
  for (const sql of spec.setup ?? []) {
    const { error, signals: heard } = primary.live.runApart(sql);
    signals.push(...heard);
    if (error)
      throw new ActionRefused(`the setup of this cluster failed: ${error.message} (in: ${sql})`);
  }
  return signals;
}

/** The replication machine of nodes whose primary has been set up: every node has its WAL, nobody is connected yet. */
export function beginReplication(
  primary: ClusterNode,
  parts: ClusterParts,
): readonly [ReplicationState, readonly ReplicationEffect[]] {
  const { spec } = parts;
  const upstreams = upstreamsOf(spec);
  const { wal } = parts.branches.at(0);
  wal.takeWritten();
  wal.publish();
  return startReplication({
    nodes: spec.nodes.map((name) => ({
      name,
      upstream: upstreams.get(name) ?? null,
      settings: replicationSettings(parts.node(name).settings),
      isSpare: isSpare(spec, name),
      walVolumeSize: spec.walVolumes?.[name] ?? Number.POSITIVE_INFINITY,
    })),
    start: wal.scannedTo,
    checkpoint: primary.live.server.checkpoint(),
    transactions: wal.transactions,
    seed: spec.seed,
    ...(spec.linkDelay === undefined ? {} : { linkDelay: spec.linkDelay }),
  });
}

import { DEFAULT_PROXY, type GovernorSpec } from '../ha-port.ts';
import type { PatroniYml } from './patroni-yml.ts';

/** The nodes of the cafe's governed clusters, and the members of their DCS. */
export const GOVERNED_NODES = ['node1', 'node2', 'node3'];
const DCS_MEMBERS = ['etcd1', 'etcd2', 'etcd3'];

/** What governs a cluster of three whose nodes have one patroni.yml, with HAProxy before them. */
export const governorSpec = (
  { scope, dynamic, local }: PatroniYml,
  withoutWatchdog: readonly string[] = [],
): GovernorSpec => ({
  scope,
  dynamic,
  local: Object.fromEntries(GOVERNED_NODES.map((node) => [node, local])),
  dcsMembers: DCS_MEMBERS,
  withoutWatchdog,
  proxy: DEFAULT_PROXY,
});

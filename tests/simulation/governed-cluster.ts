import type { Population } from '../../src/cluster/workload/population.ts';
import type { Sent } from '../../src/cluster/workload/workload.ts';
import { ROUTES, type RouteName } from '../../src/ha/clients/routes.ts';
import {
  DEFAULT_DYNAMIC,
  DEFAULT_LOCAL,
  type DynamicConfiguration,
  type WatchdogMode,
} from '../../src/ha/configuration.ts';
import { DEFAULT_PROXY, type GovernorSpec } from '../../src/ha/ha-port.ts';
import { ms } from '../../src/sim/instant.ts';
import { openCluster, type Rig } from './rig.ts';

export const GOVERNED = ['node1', 'node2', 'node3'] as const;

export const governorSpec = (
  dynamic: Partial<DynamicConfiguration> = {},
  watchdog: WatchdogMode = 'off',
): GovernorSpec => ({
  scope: 'cafe',
  dynamic: { ...DEFAULT_DYNAMIC, usePgRewind: true, ...dynamic },
  local: Object.fromEntries(
    GOVERNED.map((node) => [
      node,
      { ...DEFAULT_LOCAL, watchdog: { ...DEFAULT_LOCAL.watchdog, mode: watchdog } },
    ]),
  ),
  dcsMembers: ['etcd1', 'etcd2', 'etcd3'],
  withoutWatchdog: watchdog === 'off' ? GOVERNED : [],
  proxy: DEFAULT_PROXY,
});

/** Clients that sell a cup each second or so, over a route. */
export const tills = (route: RouteName, count = 2): Population => ({
  name: `till by ${route}`,
  node: 'node1',
  otherHosts: ['node2', 'node3'],
  route: ROUTES[route],
  count,
  errands: [{ sql: 'insert into sales values ({key})', kind: 'write' }],
  thinkTime: [ms(400), ms(600)],
});

export const governed = (
  governor: GovernorSpec,
  {
    seed = 1,
    populations = [tills('proxy')],
  }: { seed?: number; populations?: readonly Population[] } = {},
): Promise<Rig> =>
  openCluster({
    nodes: GOVERNED,
    seed,
    governor,
    populations,
    setup: ['create table sales (id int primary key)'],
  });

export const SALES = 'select id from sales order by id';

/** Requests of clients that were told that they are done. */
export const told = ({ cluster }: Rig): readonly Sent[] =>
  cluster.sent.filter(({ statement }) => cluster.statements[statement]?.state === 'done');

export const primaries = ({ cluster }: Rig): readonly string[] =>
  cluster
    .view()
    .nodes.filter(({ role, status }) => role === 'primary' && status === 'up')
    .map(({ name }) => name);

/** What a node's Patroni has logged. */
export const logged = ({ cluster }: Rig, node: string): readonly string[] =>
  cluster.trace
    .filter((event) => event.kind === 'patroniLog' && event.node === node)
    .map(({ facts }) => String(facts.text));

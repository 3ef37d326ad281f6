/** Starts a real cluster with a frozen process, prints where its servers live, and waits to be killed. */
import { RealCluster } from '../../src/real/cluster.ts';
import { installation } from '../../src/real/installation.ts';

const cluster = new RealCluster();
await cluster.start({ nodes: ['primary', 'standby1'], config: [] });
await cluster.act({ kind: 'freeze', node: 'standby1', process: 'walreceiver' });
const { workspace } = await installation();
console.log(workspace);
setInterval(() => {}, 1000);

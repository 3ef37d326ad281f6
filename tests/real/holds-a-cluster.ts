/** Starts a real cluster with a frozen process, says so, and waits to be killed. */
import { RealCluster } from '../../src/real/cluster.ts';

const cluster = new RealCluster();
await cluster.start({ nodes: ['primary', 'standby1'], config: [] });
await cluster.act({ kind: 'freeze', node: 'standby1', process: 'walreceiver' });
console.log('running');
setInterval(() => {}, 1000);

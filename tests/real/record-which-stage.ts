/** `node tests/real/record-which-stage.ts`: asks real servers the queries of the lab which-stage, and keeps what they say. */
import { whyNoRealCluster } from '../../src/real/installation.ts';
import { whyNoSlowDisk } from '../../src/real/slow-stage.ts';
import { askRealServers, STAGES, shareRight } from './which-stage.ts';
import { solutions, traps, writeRecord } from './which-stage-queries.ts';

const TIMES = 40;

const why = whyNoRealCluster() ?? whyNoSlowDisk();
if (why !== null) {
  console.error(`Nothing recorded: ${why}`);
  process.exit(2);
}
const record = await askRealServers(new Map([...solutions, ...traps]), TIMES);
writeRecord(record);
for (const name of Object.keys(record.queries)) {
  const shares = STAGES.map((stage) => {
    const said = record.said[stage][name];
    return `${stage} ${said ? Math.round(shareRight(said, stage) * 100) : 0} %`;
  });
  console.log(`${name.padEnd(50)}${shares.join('  ')}`);
}
process.exit(0);

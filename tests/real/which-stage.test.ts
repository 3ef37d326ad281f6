import { describe, expect, test } from 'vitest';
import { whyNoRealCluster } from '../../src/real/installation.ts';
import { whyNoSlowDisk } from '../../src/real/slow-stage.ts';
import { askRealServers, STAGES, type StageRecord, shareRight } from './which-stage.ts';
import { readRecord, solutions, traps } from './which-stage-queries.ts';

/** How right a query is with the stage that it knows worst. */
const worst = ({ said }: StageRecord, name: string): number =>
  Math.min(
    ...STAGES.map((stage) => shareRight(said[stage][name] ?? { slow: {}, other: {} }, stage)),
  );

function tellsApart(record: StageRecord): void {
  for (const name of solutions.keys()) expect(worst(record, name), name).toBeGreaterThan(0.5);
  const leastRight = Math.min(...[...solutions.keys()].map((name) => worst(record, name)));
  for (const name of traps.keys()) expect(worst(record, name), name).toBeLessThan(leastRight);
}

test('the record is of the queries that the lab has now', () => {
  expect(readRecord().queries).toEqual(Object.fromEntries([...solutions, ...traps]));
});

test('on record, right answers are right with every stage, and each trap is wrong with one', () => {
  tellsApart(readRecord());
});

const why = whyNoRealCluster() ?? whyNoSlowDisk();
// Where the machine has no PostgreSQL programs, or may not slow a disk; the reason stands in the name.
describe.skipIf(why !== null)(`real servers${why === null ? '' : ` (skipped: ${why})`}`, () => {
  test('still tell right answers from traps', async () => {
    tellsApart(await askRealServers(new Map([...solutions, ...traps]), 16));
  });
});

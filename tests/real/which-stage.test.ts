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
  // How often each is right is a matter of the host's time, and so of what else the machine does: the record holds that.
  test('answer every query of the lab with a stage for each standby, whatever is slow', async () => {
    const asked = 2;
    const { said } = await askRealServers(new Map([...solutions, ...traps]), asked);
    for (const stage of STAGES)
      for (const [query, { slow, other }] of Object.entries(said[stage]))
        for (const answers of [slow, other]) {
          const all = Object.values(answers).reduce((sum, count) => sum + count, 0);
          expect(all, `${query}, with a slow ${stage}`).toBe(asked);
          for (const answer of Object.keys(answers)) expect(STAGES).toContain(answer);
        }
  });
});

/** The simulated clusters of which-stage are held to what real servers said of the same queries. */
import { expect, test } from 'vitest';
import { labs } from '../../labs/labs.ts';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { gradeOn, workOf } from '../../src/lab/grade.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { STAGES, type Stage, shareRight } from '../real/which-stage.ts';
import { readRecord } from '../real/which-stage-queries.ts';

const lab = labs.find(({ name }) => name === 'which-stage') as Lab;
const record = readRecord();
/** So far a simulated share of right answers may lie from the real one: real machines have other work as well. */
const TOLERANCE = 0.35;

type Counts = Record<Stage, { slow: Record<string, number>; other: Record<string, number> }>;

/** What a query says on the simulated clusters, by the stage that is slow. */
async function askSimulated(actions: Lab['solutions'][number]['actions']): Promise<Counts> {
  const counts = Object.fromEntries(
    STAGES.map((stage) => [stage, { slow: {}, other: {} }]),
  ) as Counts;
  for (const seed of lab.seeds) {
    const { evidence } = await gradeOn(lab, seed, workOf(lab, actions), await openNodeEngine());
    const { standby = '', stage = 'none' } = evidence.drawn.cause ?? {};
    const slowOne = standby === '' ? 'standby1' : standby;
    for (const { rows } of evidence.polls)
      for (const [name, word] of rows) {
        const said = counts[stage as Stage][name === slowOne ? 'slow' : 'other'];
        said[word ?? 'NULL'] = (said[word ?? 'NULL'] ?? 0) + 1;
      }
  }
  return counts;
}

test.each([...lab.solutions, ...lab.traps])('$name', async ({ name, actions }) => {
  const simulated = await askSimulated(actions);
  for (const stage of STAGES) {
    const real = shareRight(record.said[stage][name] ?? { slow: {}, other: {} }, stage);
    const share = shareRight(simulated[stage], stage);
    expect(Math.abs(share - real), `${stage}: ${share} simulated, ${real} real`).toBeLessThan(
      TOLERANCE,
    );
  }
});

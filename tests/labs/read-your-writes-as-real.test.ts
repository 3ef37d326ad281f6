import { expect, test } from 'vitest';
import { labs } from '../../labs/labs.ts';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { LabRun } from '../../src/lab/lab-run.ts';
import { after as later, ms, seconds } from '../../src/sim/instant.ts';

/*
 * The guests' reads are modelled: what a node shows follows from the WAL that it has. Here PostgreSQL itself is asked, on a copy
 * of each node as it stands at some moments of a run, spells of lag among them: it must count what the model counts.
 */
const lab = labs.find(({ name }) => name === 'read-your-writes') as Lab;
const COUNT = 'select count(*) from orders';

test('guests are told what PostgreSQL would have told them', async () => {
  const run = await LabRun.open(lab, 1, await openNodeEngine());
  let compared = 0;
  let behind = 0;
  const end = later(run.now, seconds(20));
  while (run.now < end) {
    const next = run.nextEventAt();
    if (next === null) break;
    const before = run.reads.length;
    await run.advance(next);
    const read = run.reads[before];
    if (!read || before % 9 !== 0) continue;
    // The moment at which the node read, asked again: the copy stands as it stood then only if nothing was replayed since.
    const { results } = run.statements.findLast(({ session }) => session === read.guest) ?? {};
    const told = results?.[0]?.rows[0]?.[0];
    const here = run.view().nodes.find(({ name }) => name === read.node);
    const position = here?.standby?.ownReplayLsn ?? here?.insertLsn;
    const asked = await run.ask(read.node, `${COUNT}; select '${read.position}'::pg_lsn - '0/0'`);
    if (Number(asked.results[1]?.rows[0]?.[0]) !== position) continue;
    expect([read.node, read.position, asked.results[0]?.rows[0]?.[0]]).toEqual([
      read.node,
      read.position,
      told,
    ]);
    compared++;
    if (read.missing) behind++;
  }
  expect(compared).toBeGreaterThan(15);
  expect(behind).toBeGreaterThan(3);
  expect(run.now).toBeLessThanOrEqual(end + ms(1_000));
  run.close();
});

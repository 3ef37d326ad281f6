/**
 * `npm run soak -- --seeds N [--from S] [--faults 0,3]`: N seeded fault schedules against clusters of real servers. The first seed that
 * breaks an invariant is cut down to the fewest faults that still do, printed with the command that plays them again, and
 * exits 1. `--faults` plays these faults of the seed `--from` alone.
 */
import { parseArgs } from 'node:util';
import { type Breach, soak } from '../soak/soak.ts';
import { faultsAt, placesNamed, shrinkSoak, soakReport } from '../soak/soak-report.ts';
import { openNodeEngine } from './node-engine.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    faults: { type: 'string' },
  },
});
const [count = 0, from = 0] = [values.seeds, values.from].map(Number);
const named = values.faults === undefined ? undefined : placesNamed(from, values.faults);
if (
  !(count > 0) ||
  !Number.isInteger(count) ||
  !Number.isInteger(from) ||
  named === null ||
  (named !== undefined && count !== 1)
) {
  console.error(
    'usage: npm run soak -- --seeds N [--from S], both whole numbers, or --from S --seeds 1 --faults P,P of its faults, or none',
  );
  process.exit(2);
}

const engine = await openNodeEngine();
for (let seed = from; seed < from + count; seed++) {
  const breach = await soak(seed, engine, named && faultsAt(seed, named));
  if (breach) {
    console.error(await told(seed, breach, named));
    process.exit(1);
  }
  if ((seed - from + 1) % 20 === 0) console.log(`${seed - from + 1} of ${count} seeds held`);
}
console.log(`${count} seeds, from ${from}: no invariant broken`);
process.exit(0);

async function told(
  seed: number,
  breach: Breach,
  played: readonly number[] | undefined,
): Promise<string> {
  if (played !== undefined)
    return soakReport(seed, breach, { items: played, tries: 0, minimal: false });
  return soakReport(seed, breach, await shrinkSoak(seed, breach, engine));
}

/**
 * `npm run soak -- --seeds N [--from S]`: N seeded fault schedules against clusters of real servers. Prints the first seed that
 * breaks an invariant, with the command that replays it, and exits 1.
 */
import { parseArgs } from 'node:util';
import { toMs } from '../sim/instant.ts';
import { soak } from '../soak/soak.ts';
import { openNodeEngine } from './node-engine.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '200' }, from: { type: 'string', default: '1' } },
});
const [count, from] = [values.seeds, values.from].map(Number);
if (
  count === undefined ||
  from === undefined ||
  !(count > 0) ||
  !Number.isInteger(count) ||
  !Number.isInteger(from)
) {
  console.error('usage: npm run soak -- --seeds N [--from S], both whole numbers');
  process.exit(2);
}

const engine = await openNodeEngine();
for (let seed = from; seed < from + count; seed++) {
  const breach = await soak(seed, engine);
  if (breach) {
    console.error(`seed ${seed}, at ${toMs(breach.at)} ms: ${breach.words}`);
    console.error(`replay it: npm run soak -- --from ${seed} --seeds 1`);
    process.exit(1);
  }
  if ((seed - from + 1) % 20 === 0) console.log(`${seed - from + 1} of ${count} seeds held`);
}
console.log(`${count} seeds, from ${from}: no invariant broken`);
process.exit(0);

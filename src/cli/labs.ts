/**
 * `npm run labs -- [NAME …]`: proves of every lab, on each of its seeds, that the start fails, that each solution passes and
 * that each trap is told its own message. Prints a table, and exits 1 where something is not so.
 */
import { labs } from '../../labs/labs.ts';
import { claimsOf, prove, seedGroups } from '../lab/prove.ts';
import { openNodeEngine } from './node-engine.ts';

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !labs.some((lab) => lab.name === name));
if (unknown.length > 0) {
  console.error(
    `No lab ${unknown.join(', ')}. There are: ${labs.map(({ name }) => name).join(' ')}`,
  );
  process.exit(2);
}

const engine = await openNodeEngine();
let broken = 0;
const line = (lab: string, claim: string, held: string, time: string) =>
  console.log(`${lab.padEnd(22)}${claim.padEnd(42)}${held.padStart(10)}${time.padStart(12)}`);

line('lab', 'claim', 'seeds', 's a run');
for (const lab of labs) {
  if (chosen.length > 0 && !chosen.includes(lab.name)) continue;
  for (const claim of claimsOf(lab)) {
    const startedAt = performance.now();
    const complaints: string[] = [];
    const groups = seedGroups(lab, claim);
    for (const seeds of groups) {
      const complaint = await prove(lab, claim, seeds, engine);
      if (complaint !== null) complaints.push(`  seed ${seeds.join(', ')}: ${complaint}`);
    }
    const { length } = groups;
    const time = (performance.now() - startedAt) / 1000 / length;
    const held = `${length - complaints.length} of ${length}`;
    line(lab.name, `${claim.kind}: ${claim.name}`, held, time.toFixed(1));
    for (const complaint of complaints) console.log(complaint);
    broken += complaints.length;
  }
}
if (broken > 0) console.error(`\n${broken} runs do not show what their lab claims.`);
process.exit(broken > 0 ? 1 : 0);

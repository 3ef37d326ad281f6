/**
 * `npm run --silent bench`: measures the budgets of the project and prints one JSON document. It judges nothing: a slow
 * machine is no failure. `npm run --silent bench -- node` or `-- chromium` measures a part.
 */
import type { Figure } from './bench/figure.ts';
import { machine } from './bench/figure.ts';
import { downloads, memory, stopRunaway, times } from './bench/in-chromium.ts';
import { gradingOneSubmission, kernel, simulatedTime } from './bench/in-node.ts';
import { Pages } from './bench/pages.ts';

const parts = { node: inNode, chromium: inChromium };
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`No part ${unknown.join(', ')}. There are: ${Object.keys(parts).join(' ')}`);
  process.exit(2);
}

const figures: Figure[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (chosen.length === 0 || chosen.includes(name)) await measure();
}
console.log(JSON.stringify({ machine: machine(), figures }, null, 2));
process.exit(0);

async function inNode(): Promise<void> {
  note(kernel());
  note(...(await simulatedTime()));
  note(await gradingOneSubmission());
}

async function inChromium(): Promise<void> {
  const bench = await Pages.ofBench();
  note(...(await times(bench)));
  note(await memory(bench));
  note(await stopRunaway(bench));
  await bench.close();
  note(...(await downloads()));
}

function note(...measured: readonly Figure[]): void {
  figures.push(...measured);
  for (const { what, measured: value, ratio, unit, met } of measured) {
    const share = ratio === null ? '' : `, ratio ${ratio}`;
    console.error(`${met ? 'met   ' : 'missed'} ${what}: ${value} ${unit}${share}`);
  }
}

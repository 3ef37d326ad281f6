/**
 * `npm run fidelity -- [--record] [NAME …]`: runs the scenarios of tests/scenarios/ on the simulated and on a real
 * cluster, and prints a table of what differs, save what differences.json allows. `--record` renews the records of the
 * real cluster; without it, a record that no longer says what the real cluster says is a difference too. Exits 1 where
 * something differs.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { realServer } from '../real/cluster.ts';
import { whyNoRealCluster } from '../real/installation.ts';
import { compareTranscripts, type Difference } from '../scenario/compare.ts';
import { transcribe } from '../scenario/transcribe.ts';
import type { TranscriptLine } from '../scenario/transcript.ts';
import { UsageError } from '../scenario/usage-error.ts';
import { ScenarioLibrary, scenarioHash } from './scenario-library.ts';
import { openTarget } from './targets.ts';

const library = new ScenarioLibrary(
  fileURLToPath(new URL('../../tests/scenarios/', import.meta.url)),
);

/** A difference, and between which two. */
interface Row extends Difference {
  readonly scenario: string;
  readonly pair: 'simulated / real' | 'record / real';
}

async function main(args: string[]): Promise<number> {
  const { record, names } = readArguments(args);
  const reason = whyNoRealCluster();
  if (reason !== null) throw new UsageError(null, reason);
  const rows: Row[] = [];
  for (const name of names) {
    const began = performance.now();
    rows.push(...(await compare(name, record)));
    console.error(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
  printTable(rows);
  console.log(`${names.length} scenarios, ${rows.length} differences`);
  return rows.length === 0 ? 0 : 1;
}

async function compare(name: string, record: boolean): Promise<Row[]> {
  const source = library.source(name);
  const row = (pair: Row['pair']) => (difference: Difference) => ({
    ...difference,
    scenario: name,
    pair,
  });
  const rows: Row[] = [];
  let real: TranscriptLine[];
  try {
    real = await transcribe(source, await openTarget('real', 1));
    if (record) library.writeRecord(name, { head: await recordHead(source), lines: real });
    const recorded = library.record(name).lines;
    rows.push(...compareTranscripts(real, recorded).map(row('record / real')));
  } catch (error) {
    return [row('record / real')(failure(error))];
  }
  try {
    const simulated = await transcribe(source, await openTarget('simulated', 1));
    const differences = library.notAllowed(name, compareTranscripts(real, simulated));
    return [...rows, ...differences.map(row('simulated / real'))];
  } catch (error) {
    return [...rows, row('simulated / real')(failure(error))];
  }
}

function readArguments(args: string[]): { record: boolean; names: string[] } {
  const { values, positionals } = parsed(args);
  const known = library.names();
  for (const name of positionals) {
    if (!known.includes(name)) {
      throw new UsageError(
        null,
        `no scenario "${name}" in tests/scenarios/; name it without its ending`,
      );
    }
  }
  return { record: values.record, names: positionals.length > 0 ? positionals : known };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { record: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new UsageError(
      null,
      `${(error as Error).message}; usage: npm run fidelity -- [--record] [NAME …]`,
    );
  }
}

async function recordHead(source: string) {
  const { version, platform } = await realServer();
  const date = new Date().toISOString().slice(0, 10);
  const server = `PostgreSQL ${version}`;
  return { format: 1, server, platform, date, scenario: scenarioHash(source) } as const;
}

/** A run that did not come to its end is a difference as well. */
function failure(error: unknown): Difference {
  return { step: 0, expected: null, actual: (error as Error).message };
}

function printTable(rows: readonly Row[]): void {
  for (const { scenario, pair, step, expected, actual } of rows) {
    const [other] = pair.split(' ');
    console.log(`${scenario}, step ${step} (${pair})`);
    console.log(`  real       ${expected ?? '-'}`);
    console.log(`  ${other?.padEnd(10)} ${actual ?? '-'}\n`);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`fidelity: ${error.message}`);
  process.exitCode = 2;
}

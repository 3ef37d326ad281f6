/**
 * `npm run --silent scenario -- FILE [--target simulated|real] [--seed N]`: runs a scenario and prints one JSON object a
 * line. Exits 0 when the script ran to its end, whatever SQL said; 2 on a usage error, with a message on standard error.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseScenario } from '../scenario/parse.ts';
import { runScenario } from '../scenario/run.ts';
import { UsageError } from '../scenario/usage-error.ts';
import { isTargetName, openTarget, TARGET_NAMES } from './targets.ts';

const USAGE = 'usage: npm run --silent scenario -- FILE [--target simulated|real] [--seed N]';

async function main(args: string[]): Promise<void> {
  const { file, targetName, seed } = readArguments(args);
  const scenario = parseScenario(readSource(file));
  const target = await openTarget(targetName, seed);
  await runScenario(scenario, target, (line) => {
    process.stdout.write(`${JSON.stringify(line)}\n`);
  });
}

function readArguments(args: string[]) {
  const { values, positionals } = parsed(args);
  const [file, ...more] = positionals;
  if (file === undefined) throw new UsageError(null, `no scenario file named; ${USAGE}`);
  if (more.length > 0) throw new UsageError(null, `one file at a time; ${USAGE}`);
  if (!isTargetName(values.target)) {
    throw new UsageError(
      null,
      `--target is ${TARGET_NAMES.join(' or ')}, not "${values.target}"; ${USAGE}`,
    );
  }
  if (!/^\d{1,15}$/.test(values.seed)) {
    throw new UsageError(null, `--seed takes a whole number, not "${values.seed}"; ${USAGE}`);
  }
  return { file, targetName: values.target, seed: Number(values.seed) };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        target: { type: 'string', default: 'simulated' },
        seed: { type: 'string', default: '1' },
      },
    });
  } catch (error) {
    throw new UsageError(null, `${(error as Error).message}; ${USAGE}`);
  }
}

function readSource(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageError(null, `cannot read the scenario: ${(error as Error).message}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(null, `${file} is not UTF-8 text; save it as UTF-8`);
  }
}

// Whoever reads may have enough before the end, as `head` does.
process.stdout.on('error', () => process.exit());

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`scenario: ${error.message}`);
  process.exitCode = 2;
}

/**
 * `npm test`: every check of the project, one after another. A failed step does not stop the others,
 * so that one run tells all. `node src/cli/test.ts STEP …` runs some of them.
 */
import { ensureBrowser } from './browser.ts';
import { programs, runNode } from './project.ts';
import { browserTests, vitestProject } from './test-reports.ts';
import { closingLine, type Outcome, printTable, type StepResult } from './test-table.ts';

interface Step {
  name: string;
  what: string;
  run(): Outcome;
  /** A step whose failure leaves this one nothing to look at. */
  needs?: string;
}

const check = (passed: boolean): Outcome => ({
  passed: passed ? 1 : 0,
  failed: passed ? 0 : 1,
  skipped: [],
});

const steps: readonly Step[] = [
  {
    name: 'format',
    what: 'Formatting',
    run: () => {
      const code = runNode([programs.biome, 'format', '--reporter=summary']);
      const pages = runNode([
        programs.prettier,
        '--check',
        '--log-level',
        'warn',
        'src/**/*.astro',
      ]);
      return check(code && pages);
    },
  },
  {
    name: 'lint',
    what: 'Lint',
    run: () => check(runNode([programs.biome, 'lint', '--error-on-warnings'])),
  },
  {
    name: 'template',
    what: 'The data directory that every node boots from',
    run: () => check(runNode(['src/cli/template.ts'])),
  },
  {
    name: 'types',
    what: 'Types',
    run: () => check(runNode([programs.astro, 'check', '--minimumFailingSeverity', 'warning'])),
    needs: 'template',
  },
  {
    name: 'recordings',
    what: 'Recorded runs replay, for readers whose browser can run no cluster',
    run: () => check(runNode(['src/cli/recordings.ts'])),
    needs: 'template',
  },
  { name: 'unit', what: 'Unit tests', run: () => vitestProject('unit') },
  { name: 'simulation', what: 'Simulation tests', run: () => vitestProject('simulation') },
  {
    name: 'contract',
    what: 'The engine against its contract',
    run: () => vitestProject('contract'),
    needs: 'template',
  },
  {
    name: 'scenarios',
    what: 'The simulated cluster against records of a real one',
    run: () => vitestProject('scenarios'),
    needs: 'template',
  },
  {
    name: 'labs',
    what: 'Every lab: its start fails, solutions pass, traps are told apart',
    run: () => vitestProject('labs'),
    needs: 'template',
  },
  {
    name: 'build',
    what: 'The site under /some/wiki/path/',
    run: () =>
      check(
        runNode([programs.astro, 'build'], {
          env: { SITE_BASE: '/some/wiki/path/', STANDBY_OUT_DIR: 'dist-wiki' },
        }),
      ),
    needs: 'recordings',
  },
  {
    name: 'browser',
    what: 'The built site in a browser',
    run: () => browserTests(ensureBrowser()),
    needs: 'build',
  },
];

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`No step ${unknown.join(', ')}. There are: ${steps.map((s) => s.name).join(' ')}`);
  process.exit(2);
}

const results: StepResult[] = [];
for (const step of steps) {
  if (chosen.length > 0 && !chosen.includes(step.name)) continue;
  console.log(`\n━━ ${step.what} (${step.name})\n`);
  const startedAt = performance.now();
  const outcome = attempt(step);
  results.push({ name: step.name, ...outcome, seconds: (performance.now() - startedAt) / 1000 });
}

printTable(results);
console.log(`\n${closingLine(results)}`);
process.exitCode = results.some((result) => result.failed > 0) ? 1 : 0;

function attempt(step: Step): Outcome {
  const broken = results.find((result) => result.name === step.needs && result.failed > 0);
  if (broken) {
    console.error(`Not run, because ${broken.name} failed.`);
    return check(false);
  }
  try {
    return step.run();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return check(false);
  }
}

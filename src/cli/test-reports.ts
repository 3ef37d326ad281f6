/** Runs the two test runners and reads the reports that they write. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { BrowserLaunch } from './browser.ts';
import { programs, runNode } from './project.ts';
import type { Outcome } from './test-table.ts';

/** A runner that hangs is ended, so that a machine never waits for it in vain. */
const timeoutMs = 28 * 60_000;

const vitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

export function vitestProject(project: string): Outcome {
  return withReport((report) => {
    const ended = runNode(
      [
        programs.vitest,
        'run',
        '--config=tests/vitest.config.ts',
        `--project=${project}`,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ],
      { timeoutMs },
    );
    const { numPassedTests, numFailedTests, testResults } = vitestReport.parse(readJson(report));
    const skipped = testResults
      .flatMap((file) => file.assertionResults)
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => fullName);
    return { passed: numPassedTests, failed: failures(ended, numFailedTests), skipped };
  });
}

interface Suite {
  specs: { title: string; tests: { status: string }[] }[];
  suites?: Suite[] | undefined;
}
const suite: z.ZodType<Suite> = z.object({
  specs: z.array(z.object({ title: z.string(), tests: z.array(z.object({ status: z.string() })) })),
  get suites() {
    return z.array(suite).optional();
  },
});
const playwrightReport = z.object({ suites: z.array(suite) });

export function browserTests({ executablePath }: BrowserLaunch): Outcome {
  return withReport((report) => {
    const ended = runNode(
      [
        programs.playwright,
        'test',
        '--config=tests/e2e/playwright.config.ts',
        '--reporter=list,json',
      ],
      { env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report, STANDBY_CHROMIUM: executablePath }, timeoutMs },
    );
    const tests = playwrightReport.parse(readJson(report)).suites.flatMap(testsOf);
    const titled = (wanted: string) =>
      tests.filter(({ status }) => status === wanted).map(({ title }) => title);
    const flaky = titled('flaky');
    return {
      passed: titled('expected').length + flaky.length,
      failed: failures(ended, titled('unexpected').length),
      skipped: titled('skipped'),
      flaky,
    };
  });
}

function testsOf({ specs, suites = [] }: Suite): { title: string; status: string }[] {
  return [
    ...specs.flatMap(({ title, tests }) => tests.map(({ status }) => ({ title, status }))),
    ...suites.flatMap(testsOf),
  ];
}

/** A runner can fail with no failed test: a file that does not load, an error between tests. */
function failures(endedWell: boolean, failedTests: number): number {
  return endedWell ? failedTests : Math.max(1, failedTests);
}

function withReport(use: (file: string) => Outcome): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'standby-report-'));
  try {
    return use(join(folder, 'report.json'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error('The test runner ended without a report.');
  }
}

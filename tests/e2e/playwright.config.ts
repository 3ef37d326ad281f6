import { defineConfig } from '@playwright/test';
import { browserLaunch } from '../../src/cli/browser.ts';
import { projectRoot } from '../../src/cli/project.ts';

/** `npm test` builds the site for this path; any other would hide a link that forgets the base. */
const base = '/some/wiki/path/';

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  forbidOnly: true,
  // What passes only at its second try is named at the end of `npm test`.
  retries: 1,
  // Every page with a cluster holds several PostgreSQL servers and wants a core of its own.
  workers: 2,
  // Generous, so that a busy machine fails nothing: no test here measures time.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    // The server takes a free port and says so; Playwright keeps it in this variable.
    baseURL: `http://127.0.0.1:${process.env.STANDBY_PORT}${base}`,
    launchOptions: browserLaunch(),
    // offline.spec.ts allows them: elsewhere every test would store the whole site first.
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
  webServer: {
    command: `"${process.execPath}" src/cli/serve.ts dist-wiki --base ${base} --port 0`,
    cwd: projectRoot,
    wait: { stdout: /Serving http:\/\/127\.0\.0\.1:(?<STANDBY_PORT>\d+)/ },
  },
});

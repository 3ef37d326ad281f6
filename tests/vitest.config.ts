import { defineConfig } from 'vitest/config';

/** Folders whose tests need more than the bare modules; all other tests are unit tests. */
const folders = {
  simulation: ['tests/simulation/**/*.test.ts'],
  contract: ['tests/contract/**/*.test.ts'],
  labs: ['tests/labs/**/*.test.ts'],
  scenarios: ['tests/scenarios/**/*.test.ts', 'tests/real/**/*.test.ts'],
};

const project = (name: string, include: string[], rest: object = {}) => ({
  test: { name, include, ...rest },
});

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    // A process each, and two at once: a PostgreSQL in WebAssembly takes some 80 to 500 MB, and
    // only the end of its process gives them back.
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      project('unit', ['tests/**/*.test.ts'], {
        exclude: ['tests/e2e/**', ...Object.values(folders).flat()],
        // A test that hangs is to end; how fast one is, no test says.
        testTimeout: 60_000,
      }),
      project('simulation', folders.simulation, { testTimeout: 60_000 }),
      project('contract', folders.contract, { testTimeout: 60_000 }),
      project('labs', folders.labs, { testTimeout: 60_000 }),
      project('scenarios', folders.scenarios, { testTimeout: 120_000 }),
    ],
  },
});

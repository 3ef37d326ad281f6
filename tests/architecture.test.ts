/** The shape of the project, held by an ordinary test: who imports whom, and what no layer may do. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { wrongArrows } from './architecture/arrows.ts';
import { awaits, bannedWords, silencedTests } from './architecture/bans.ts';
import { parseSource, root, sources } from './architecture/source.ts';

const ours = sources('src/**/*.{ts,tsx,js,astro}', 'labs/**/*.ts');
const tests = sources('tests/**/*.{ts,tsx}');

/** Fails with every violation on a line of its own. */
function expectNone(violations: readonly string[]): void {
  expect(violations.join('\n')).toBe('');
}

test('there is something to look at', () => {
  expect(ours.length).toBeGreaterThan(0);
  expect(tests.length).toBeGreaterThan(0);
});

test('imports follow the arrows between the layers', { timeout: 60_000 }, () => {
  expectNone(ours.flatMap(wrongArrows));
});

test('the pure layers read neither clock nor chance nor timers', () => {
  expectNone(ours.flatMap(bannedWords));
});

test('the kernel never awaits', () => {
  expectNone(ours.flatMap(awaits));
});

test('no test runs alone or is skipped without a reason', () => {
  expectNone(tests.flatMap(silencedTests));
});

test('tests stand in tests/, where a runner finds them', () => {
  expectNone(ours.map(({ path }) => path).filter((path) => /\.(test|spec)\.tsx?$/.test(path)));
});

test('the top level holds what was agreed', () => {
  const agreed =
    /^(package(-lock)?\.json|tsconfig\.json|astro\.config\.mjs|src|content|labs|tests|README\.md|LICENSE(-text)?|\..+)$/;
  const made = /^(node_modules|dist(-.+)?|test-results|playwright-report)$/;
  expectNone(readdirSync(root).filter((name) => !agreed.test(name) && !made.test(name)));
});

describe('these checks find what they are there for', () => {
  test.each([
    ['src/sim/a.ts', "import { lsn } from '../postgres/lsn.ts';"],
    ['src/sim/a.ts', "import { z } from 'zod';"],
    ['src/postgres/a.ts', "import type { Cluster } from '../cluster/cluster.ts';"],
    ['src/cluster/a.ts', "import { PGlite } from '@electric-sql/pglite';"],
    ['src/session/a.ts', "const { PGlite } = await import('@electric-sql/pglite');"],
    ['src/ui/a.tsx', "export * from '../engine/engine.ts';"],
    ['src/ui/a.tsx', "new Worker(new URL('../engine/worker.ts', import.meta.url));"],
    ['src/pages/a.astro', "---\nimport { boot } from '../engine/boot.ts';\n---\n<p></p>"],
    ['src/pages/a.astro', "<p></p>\n<script>\nimport '../engine/boot.ts';\n</script>"],
    ['src/lab/a.ts', "import { labs } from '../../labs/labs.ts';"],
    ['labs/a/checks.ts', "import { boot } from '../../src/engine/engine.ts';"],
    ['src/newcomer/a.ts', 'export {};'],
  ])('an arrow the wrong way in %s: %s', (path, text) => {
    expect(wrongArrows(parseSource(path, text))).toHaveLength(1);
  });

  test.each([
    ['src/engine/a.ts', "import { PGlite } from '@electric-sql/pglite';"],
    ['src/session/a.ts', "import type { PGlite } from '@electric-sql/pglite';"],
    ['src/ui/a.tsx', "new Worker(new URL('../session/worker.ts', import.meta.url));"],
  ])('an arrow the right way in %s: %s', (path, text) => {
    expect(wrongArrows(parseSource(path, text))).toEqual([]);
  });

  test.each([
    'const now = Date.now();',
    'const now = new Date();',
    'const draw = Math.random();',
    'const now = performance.now();',
    'setTimeout(() => {}, 1);',
    'globalThis.setTimeout(() => {}, 1);',
    'const later = setInterval;',
    'crypto.getRandomValues(bytes);',
    'crypto.subtle.digest(name, bytes);',
    'function freeze(process: string) {}\nprocess.exit();',
  ])('a host dependency: %s', (text) => {
    expect(bannedWords(parseSource('src/cluster/a.ts', text))).toHaveLength(1);
  });

  test.each([
    '// Date.now() is banned here',
    "const help = 'Math.random';",
    'const epoch = new Date(0);',
    'const command = { process: 1 }; command.process;',
    'function freeze(process: string) { return process; }',
    'for (const process of processes) stop(process);',
    'const { process } = action; freeze(process);',
  ])('no host dependency: %s', (text) => {
    expect(bannedWords(parseSource('src/cluster/a.ts', text))).toEqual([]);
  });

  test('an await in the kernel', () => {
    expect(awaits(parseSource('src/sim/a.ts', 'async () => { await 1; }'))).toHaveLength(2);
    expect(awaits(parseSource('src/engine/a.ts', 'async () => { await 1; }'))).toEqual([]);
  });

  test('silenced tests', () => {
    const found = (text: string) => silencedTests(parseSource('tests/a.test.ts', text)).length;
    expect(found('test.only(name, run);')).toBe(1);
    expect(found('describe.skip(name, run);')).toBe(1);
    expect(found('test.skipIf(!linux)(name, run);')).toBe(1);
    expect(found('// The platform has no servers.\ntest.skipIf(!linux)(name, run);')).toBe(0);
  });
});

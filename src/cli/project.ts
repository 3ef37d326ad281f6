import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The root of the repository; every command runs there, wherever it was called from. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** The program behind `npx NAME`, to be run by this very Node and not by an older one in PATH. */
export function packageProgram(pathInModules: string): string {
  return fileURLToPath(new URL(`../../node_modules/${pathInModules}`, import.meta.url));
}

export const programs = {
  astro: packageProgram('astro/bin/astro.mjs'),
  biome: packageProgram('@biomejs/biome/bin/biome'),
  playwright: packageProgram('@playwright/test/cli.js'),
  prettier: packageProgram('prettier/bin/prettier.cjs'),
  vitest: packageProgram('vitest/vitest.mjs'),
} as const;

export interface RunOptions {
  env?: Readonly<Record<string, string>>;
  timeoutMs?: number;
}

/** Runs a Node program to its end with our own output; true if it ended well. */
export function runNode(args: readonly string[], options: RunOptions = {}): boolean {
  const { status, error } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...args],
    {
      cwd: projectRoot,
      env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', ...options.env },
      stdio: ['ignore', 'inherit', 'inherit'],
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    },
  );
  if (error) console.error(error.message);
  return status === 0;
}

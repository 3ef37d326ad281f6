import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { build } from 'vite';
import { ensureBrowser } from '../browser.ts';
import { programs, projectRoot } from '../project.ts';
import { type StaticServer, serve } from '../serve.ts';
import { viteOptions } from '../vite-options.ts';

const cache = join(projectRoot, 'node_modules/.cache/standby/bench');

/** A folder of built pages on a plain file server, and a way to look at them in Chromium. */
export class Pages {
  readonly folder: string;
  readonly #server: StaticServer;

  private constructor(folder: string, server: StaticServer) {
    this.folder = folder;
    this.#server = server;
  }

  /** The course itself, as `npm run build` makes it. */
  static async ofCourse(): Promise<Pages> {
    const folder = join(cache, 'course');
    runProgram([programs.astro, 'build', '--silent'], { STANDBY_OUT_DIR: folder });
    return new Pages(folder, await serve({ root: folder, port: 0 }));
  }

  /** The page of src/bench, with the engine and the worker of the course. */
  static async ofBench(): Promise<Pages> {
    const folder = join(cache, 'page');
    runProgram(['src/cli/template.ts']);
    rmSync(folder, { recursive: true, force: true });
    await build({
      ...viteOptions,
      configFile: false,
      root: join(projectRoot, 'src/bench'),
      base: './',
      publicDir: false,
      logLevel: 'error',
      build: { ...viteOptions.build, outDir: folder, emptyOutDir: true },
    });
    return new Pages(folder, await serve({ root: folder, port: 0 }));
  }

  /** Looks at a page in a browser of its own, which is closed afterwards. */
  async look<T>(path: string, task: (page: Page) => Promise<T>): Promise<T> {
    let browser: Browser | null = null;
    try {
      browser = await chromium.launch(ensureBrowser());
      const page = await browser.newPage();
      page.setDefaultTimeout(120_000);
      page.on('pageerror', (error) => console.error(error));
      await page.goto(new URL(path, this.#server.url).href, { waitUntil: 'networkidle' });
      return await task(page);
    } finally {
      await browser?.close();
    }
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

/** Runs one of our Node programs; what it says goes to standard error, as standard output is for figures alone. */
function runProgram(args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const { status } = spawnSync(process.execPath, args, {
    cwd: projectRoot,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', SITE_BASE: '/', ...env },
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (status !== 0) throw new Error(`${args.join(' ')} failed: see above`);
}

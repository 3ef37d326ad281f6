import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { programs, runNode } from './project.ts';

const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const isRoot = process.getuid?.() === 0;

export interface BrowserLaunch {
  executablePath: string;
  args: string[];
}

/** How to launch the browser that this machine has. Throws one line that says what to do if it has none. */
export function browserLaunch(): BrowserLaunch {
  const executablePath = installedBrowser();
  if (!executablePath) {
    throw new Error(
      'No Chromium found. Run `npx playwright install chromium`, or set STANDBY_CHROMIUM to the path of one.',
    );
  }
  return {
    executablePath,
    // Chromium refuses to sandbox itself as root.
    args: ['--disable-background-networking', ...(isRoot ? ['--no-sandbox'] : [])],
  };
}

/** Like `browserLaunch`, but tries to install a browser first where there is none. */
export function ensureBrowser(): BrowserLaunch {
  if (!installedBrowser()) install();
  return browserLaunch();
}

function installedBrowser(): string | undefined {
  const chosen = process.env.STANDBY_CHROMIUM;
  if (chosen) {
    if (!existsSync(chosen))
      throw new Error(`STANDBY_CHROMIUM names ${chosen}, which is not there.`);
    return chosen;
  }
  return [chromium.executablePath(), ...systemBrowsers].find((path) => path && existsSync(path));
}

function install(): void {
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    console.log('No Chromium found; installing it with apt.');
    const apt = (...args: string[]) =>
      spawnSync('apt-get', args, {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    apt('-qq', 'update');
    apt('-qq', 'install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation');
  } else {
    console.log('No Chromium found; asking Playwright to download one.');
    runNode([programs.playwright, 'install', 'chromium']);
  }
}

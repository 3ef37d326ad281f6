import { fork } from 'node:child_process';
import { expect, it } from 'vitest';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { hashOfRun } from './wal-hash.ts';

const program = new URL('print-wal-hash.ts', import.meta.url);

const hashInProcess = (env: Record<string, string>): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = fork(program, {
      env: { ...process.env, ...env },
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    child.on('message', (hash) => resolve(String(hash)));
    child.on('exit', (code) => reject(new Error(`ended with ${code} without a hash`)));
  });

it('writes the same WAL in another run, process, time zone and language', async () => {
  await openNodeEngine();
  const here = await hashOfRun();
  expect(await hashOfRun()).toBe(here);
  expect(await hashInProcess({ TZ: 'Asia/Kathmandu', LANG: 'de_DE.UTF-8', HOME: '/nowhere' })).toBe(
    here,
  );
}, 180_000);

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StaticServer, serve } from '../../src/cli/serve.ts';

let folder: string;
let server: StaticServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'standby-serve-'));
  mkdirSync(join(folder, 'site/chapters'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'not yours');
  writeFileSync(join(folder, 'site-secret.txt'), 'not yours either');
  writeFileSync(join(folder, 'site/index.html'), '<p>home</p>');
  writeFileSync(join(folder, 'site/chapters/index.html'), '<p>chapters</p>');
  writeFileSync(join(folder, 'site/engine.wasm'), new Uint8Array([0, 97, 115, 109]));
  server = await serve({ root: join(folder, 'site'), base: '/some/wiki/', port: 0 });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Asks for exactly this path; `fetch` would tidy `..` away before it is sent. */
function get(path: string, method = 'GET') {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (answered, failed) => {
      const { port } = new URL(server.url);
      request({ host: '127.0.0.1', port, path, method }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () =>
          answered({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      })
        .on('error', failed)
        .end();
    },
  );
}

describe('a page', () => {
  test('is the index of its folder', async () => {
    expect(await get('/some/wiki/?from=mail')).toMatchObject({ status: 200, body: '<p>home</p>' });
    expect((await get('/some/wiki/chapters/')).body).toBe('<p>chapters</p>');
  });

  test('is found without its last slash', async () => {
    for (const path of ['/some/wiki', '/some/wiki/chapters', '/some/wiki//chapters']) {
      const { status, headers } = await get(path);
      expect({ path, status }).toEqual({ path, status: 301 });
      expect(headers.location).toMatch(/^\/some\/wiki\/(chapters\/)?$/);
    }
  });

  test('comes without headers that other hosts would not send', async () => {
    const { headers } = await get('/some/wiki/');
    const sent = Object.keys(headers).filter((name) => /policy|security|origin/.test(name));
    expect(sent).toEqual([]);
  });
});

describe('a file', () => {
  test('carries the type that browsers need, WebAssembly above all', async () => {
    expect((await get('/some/wiki/engine.wasm')).headers).toMatchObject({
      'content-type': 'application/wasm',
      'content-length': '4',
    });
  });

  test('answers HEAD without its bytes', async () => {
    expect(await get('/some/wiki/engine.wasm', 'HEAD')).toMatchObject({ status: 200, body: '' });
  });
});

describe('nothing outside the folder is served', () => {
  test.each([
    '/',
    '/other/',
    '/some/wiki/missing.js',
    '/some/wiki/engine.wasm/',
    '/some/wiki/../secret.txt',
    '/some/wiki/../../secret.txt',
    '/some/wiki/%2e%2e/secret.txt',
    '/some/wiki/..%2fsecret.txt',
    '/some/wiki/../site-secret.txt',
    '/some/wiki//etc/passwd',
  ])('%s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  test.each(['/some/wiki/%', '/some/wiki/%00'])('%s is malformed', async (path) => {
    expect((await get(path)).status).toBe(400);
  });

  test('and nothing is written', async () => {
    expect((await get('/some/wiki/', 'POST')).status).toBe(405);
  });
});

test('a taken port is passed over for the next', async () => {
  const port = Number(new URL(server.url).port);
  const second = await serve({ root: folder, port });
  expect(Number(new URL(second.url).port)).toBeGreaterThan(port);
  await second.close();
});

import { createServer } from 'node:net';

/**
 * Where ports are looked for. The kernel gives those from 32768 on to outgoing connections, so one that was free a moment
 * ago, or while its server was down, could be taken by any of them.
 */
const FIRST = 12_000;
const COUNT = 20_000;

/** Each process begins somewhere else and hands out each port once. */
let offset = Math.floor(Math.random() * COUNT);

/** A port of loopback that nothing listens on. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < COUNT; tried += 1) {
    offset = (offset + 1) % COUNT;
    const port = FIRST + offset;
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${FIRST} and ${FIRST + COUNT}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (listening) await new Promise((resolve) => server.close(resolve));
  return listening;
}

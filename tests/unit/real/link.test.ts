import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Link } from '../../../src/real/link.ts';
import { pollUntil } from '../../../src/real/poll.ts';

let echo: Server;
let link: Link;
let client: Client;

/** A connection through the link, and what has come back over it. */
class Client {
  readonly socket: Socket;
  heard = '';
  ended = false;

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port });
    this.socket.on('data', (chunk) => {
      this.heard += chunk.toString();
    });
    this.socket.on('close', () => {
      this.ended = true;
    });
  }

  hears(text: string): Promise<boolean> {
    return pollUntil(() => this.heard === text, 2000, 2);
  }
}

beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const address = echo.address();
  link = await Link.open(typeof address === 'object' && address ? address.port : 0);
  client = new Client(link.port);
});

afterEach(() => {
  client.socket.destroy();
  link.close();
  echo.close();
});

test('passes on what is said, in order', async () => {
  client.socket.write('one ');
  client.socket.write('two');
  expect(await client.hears('one two')).toBe(true);
});

test('delays each direction', async () => {
  client.socket.write('.');
  await client.hears('.');
  link.delay(60);
  const began = performance.now();
  client.socket.write('!');
  expect(await client.hears('.!')).toBe(true);
  expect(performance.now() - began).toBeGreaterThanOrEqual(119);
});

test('while cut nothing arrives and nothing ends; healed, all goes on', async () => {
  client.socket.write('before');
  await client.hears('before');
  link.cut();
  client.socket.write(', during');
  await sleep(80);
  expect({ heard: client.heard, ended: client.ended }).toEqual({ heard: 'before', ended: false });
  link.heal();
  expect(await client.hears('before, during')).toBe(true);
});

test('a connection opened while cut waits for the healing', async () => {
  link.cut();
  client.socket.destroy();
  client = new Client(link.port);
  client.socket.write('hello');
  await sleep(50);
  expect({ heard: client.heard, ended: client.ended }).toEqual({ heard: '', ended: false });
  link.heal();
  expect(await client.hears('hello')).toBe(true);
});

test('the end of a connection travels too, and not while cut', async () => {
  client.socket.write('x');
  await client.hears('x');
  link.cut();
  client.socket.end();
  await sleep(50);
  expect(client.ended).toBe(false);
  link.heal();
  expect(await pollUntil(() => client.ended, 2000, 2)).toBe(true);
});

test('nobody at the other end: the connection ends', async () => {
  echo.close();
  client.socket.destroy();
  client = new Client(link.port);
  expect(await pollUntil(() => client.ended, 2000, 2)).toBe(true);
});

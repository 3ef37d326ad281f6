import { describe, expect, test } from 'vitest';
import { compileRouter } from '../../src/routing/compile-router.ts';
import { readTable, tableAsCode, whyNoTable } from '../../src/routing/decision-table.ts';
import type { RouterGuest, RouterNode } from '../../src/routing/router.ts';
import { SandboxError } from '../../src/sandbox/sandbox-error.ts';

const guest = (fields: Partial<RouterGuest> = {}): RouterGuest => ({
  number: 1,
  wrote: null,
  wroteMsAgo: null,
  saw: null,
  lastNode: null,
  waitedMs: 0,
  ...fields,
});

const nodes = (one: string, two: string): readonly RouterNode[] => [
  { name: 'primary', primary: true, replayed: null, askedMsAgo: 0 },
  { name: 'standby1', primary: false, replayed: one, askedMsAgo: 20 },
  { name: 'standby2', primary: false, replayed: two, askedMsAgo: 20 },
];

const level = nodes('0/5000000', '0/5000000');

async function faultOf(source: string): Promise<SandboxError> {
  try {
    const router = await compileRouter(source);
    router.decide(guest(), level);
  } catch (error) {
    if (error instanceof SandboxError) return error;
    throw error;
  }
  throw new Error('nothing was wrong with it');
}

describe('a router in TypeScript', () => {
  test('gets a guest and the nodes, and says where to read', async () => {
    const router = await compileRouter(`type Guest = { wrote: string | null };
export function route(guest: Guest, nodes: { name: string }[]): string | { waitMs: number } {
  return guest.wrote ? { waitMs: 5 } : (nodes[1] as { name: string }).name;
}`);
    expect(router.decide(guest(), level)).toEqual({ node: 'standby1' });
    expect(router.decide(guest({ wrote: '0/1' }), level)).toEqual({ waitMs: 5 });
    router.dispose();
  });

  test('keeps what it has in its variables', async () => {
    const router = await compileRouter(
      "let n = 0; export const route = () => (n++ % 2 ? 'standby1' : 'standby2');",
    );
    const said = [1, 2, 3].map(() => router.decide(guest(), level));
    expect(said).toEqual([{ node: 'standby2' }, { node: 'standby1' }, { node: 'standby2' }]);
    router.dispose();
  });

  test.each([
    ['syntax', 2, 'export function route() {\n  return (;\n}', 'Unexpected token'],
    [
      'threw',
      3,
      'export function route() {\n\n  return nothing.at(0);\n}',
      "'nothing' is not defined",
    ],
    ['threw', 1, 'export const route = () => Date.now()', "'Date' is not defined"],
    ['threw', 1, 'export const route = () => Math.random()', 'not a function'],
    [
      'threw',
      1,
      "export const route = () => fetch('https://example.org')",
      "'fetch' is not defined",
    ],
    ['threw', null, "export const route = () => { throw 'tea' }", 'it threw "tea"'],
    [
      'too long',
      2,
      'let n = 0;\nexport const route = () => { for (;;) n++; };',
      'does not come to an end',
    ],
    ['too long', 1, 'export function route() { return route() }', 'calls itself without an end'],
    [
      'too much memory',
      3,
      "export function route() {\n  let a = ['x'];\n  for (;;) a = [...a, ...a];\n}",
      'more than 4 MB',
    ],
    ['no function', null, 'function route() {}', 'there is no "export function route"'],
    ['too long', 1, 'for (;;); export const route = 1', 'does not come to an end'],
  ] as const)('%s, line %s: %s', async (fault, line, source, words) => {
    const error = await faultOf(source);
    expect(error).toMatchObject({ fault, line });
    expect(error.message).toContain(words);
  });

  test('is stopped at the same step on every machine, and can be asked again', async () => {
    const source =
      "let n = 0; export function route(guest) { if (guest.waitedMs > 0) return 'n' + n; for (;;) n++; }";
    const steps = async () => {
      const router = await compileRouter(source);
      expect(() => router.decide(guest(), level)).toThrow(
        'from line 1 on: it does not come to an end',
      );
      const said = router.decide(guest({ waitedMs: 1 }), level);
      router.dispose();
      return said;
    };
    expect(await steps()).toEqual({ refused: expect.stringMatching(/^it says "n\d{5,}"/) });
    expect(await steps()).toEqual(await steps());
  });

  test.each([
    ['"standby9"', 'it says "standby9"; the nodes are primary, standby1, standby2'],
    ['undefined', 'it says nothing'],
    ['{ waitMs: -5 }', 'expected the name of a node'],
    ['{ waitMs: 1e9 }', 'from 1 to 10000'],
  ])('a decision that is none is named: %s', async (said, words) => {
    const router = await compileRouter(`export const route = () => (${said});`);
    expect(router.decide(guest(), level)).toEqual({ refused: expect.stringContaining(words) });
    router.dispose();
  });
});

describe('a decision table', () => {
  const both = JSON.stringify([
    { if: 'a standby has replayed both', do: 'that standby' },
    { if: 'waited less than', ms: 20, do: 'wait', waitMs: 5 },
    { if: 'always', do: 'primary' },
  ]);

  test('decides by the first row that holds, and compares positions as positions', async () => {
    const router = await compileRouter(both);
    const wrote = guest({ wrote: '0/10000028', saw: '0/FFFFF00' });
    expect(router.decide(wrote, nodes('0/FFFFFF8', '0/10000030'))).toEqual({ node: 'standby2' });
    expect(router.decide(wrote, nodes('0/FFFFFF8', '0/FFFFFF8'))).toEqual({ waitMs: 5 });
    expect(router.decide({ ...wrote, waitedMs: 20 }, nodes('0/1', '0/1'))).toEqual({
      node: 'primary',
    });
    router.dispose();
  });

  test('goes to the node that answered last, where that one will do', async () => {
    const router = await compileRouter(both);
    expect(router.decide(guest({ lastNode: 'standby2' }), level)).toEqual({ node: 'standby2' });
    router.dispose();
  });

  test('and the code that it stands for are one router', async () => {
    const [table, code] = await Promise.all([
      compileRouter(both),
      compileRouter(tableAsCode(readTable(both))),
    ]);
    for (const wrote of ['0/1', '0/4FFFFFF', '0/5000000', '0/5000001', '1/0'])
      for (const waitedMs of [0, 19, 20])
        expect(table.decide(guest({ wrote, waitedMs }), level)).toEqual(
          code.decide(guest({ wrote, waitedMs }), level),
        );
    table.dispose();
    code.dispose();
  });

  test.each([
    ['[', 'not JSON'],
    ['[]', 'Too small'],
    ['[{ "if": "it rains", "do": "primary" }]', 'row 1'],
    ['[{ "if": "always", "do": "that standby" }]', 'needs a condition that finds one'],
    ['[{ "if": "wrote within", "ms": 0, "do": "primary" }]', 'row 1'],
  ])('that is none is named: %s', (text, words) => {
    expect(whyNoTable(text)).toContain(words);
    expect(whyNoTable(both)).toBeNull();
  });
});

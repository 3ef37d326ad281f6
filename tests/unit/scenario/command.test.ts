/** The command as a user meets it: what it refuses, it refuses before any cluster starts. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'standby-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

function scenario(...args: string[]) {
  const program = fileURLToPath(new URL('../../../src/cli/scenario.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr: stderr.replace(/\(node:.*\n|\(Use `node.*\n/g, '') };
}

function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('a malformed line names itself, with exit status 2 and nothing on standard output', () => {
  const path = file('malformed', 'cluster primary\n---\nprimary: select 1\n@wait a while\n');
  expect(scenario(path)).toEqual({
    status: 2,
    stdout: '',
    stderr: 'scenario: line 4: "@wait" takes 1 words, not 2; write it as: @wait 2s\n',
  });
});

test.each([
  [[], 'no scenario file named'],
  [['a', 'b'], 'one file at a time'],
  [['--target', 'paper', 'a'], '--target is simulated or real, not "paper"'],
  [['--seed', 'x', 'a'], '--seed takes a whole number, not "x"'],
  [['--colour', 'a'], "Unknown option '--colour'"],
  [['/nowhere/at/all'], 'cannot read the scenario: ENOENT'],
])('%j is refused: %s', (args, message) => {
  const { status, stdout, stderr } = scenario(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test('a file that is no text is refused', () => {
  const { status, stderr } = scenario(file('binary', Uint8Array.of(0x63, 0xff, 0xfe)));
  expect(status).toBe(2);
  expect(stderr).toContain('is not UTF-8 text');
});

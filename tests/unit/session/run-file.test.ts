import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../../src/session/protocol.ts';
import { runFileText } from '../../../src/session/run-file.ts';
import { parseRunFile } from '../../../src/session/run-file-schema.ts';
import { instant, NEVER } from '../../../src/sim/instant.ts';

const run: RunRecord = {
  version: 1,
  spec: {
    nodes: ['primary', 'standby1'],
    settings: { primary: { wal_sender_timeout: '0' } },
    seed: 3,
    setup: ['select 1'],
  },
  actions: [
    {
      at: instant(10),
      action: { kind: 'sql', node: 'primary', session: 'a', sql: "select '\u0000<b>\u001b[2J'" },
    },
    { at: instant(20), action: { kind: 'fsync', node: 'standby1', time: NEVER } },
    {
      at: instant(20),
      action: {
        kind: 'bandwidth',
        a: 'primary',
        b: 'standby1',
        bytesPerSecond: Number.POSITIVE_INFINITY,
      },
    },
  ],
  until: instant(30),
};

/** The file's JSON with one place changed. */
function changed(
  change: (file: { format?: unknown; record: Record<string, unknown> }) => void,
): string {
  const file = JSON.parse(runFileText(run, null));
  change(file);
  return JSON.stringify(file);
}

test('a run comes back from its file as it was, endless times and odd characters included', () => {
  const hashes = { trace: 'aa', wal: 'bb' };
  expect(parseRunFile(runFileText(run, hashes))).toEqual({ record: run, hashes, at: 30 });
  expect(parseRunFile(runFileText(run, null)).hashes).toBeNull();
});

test('a run comes back with the moment that it is to be opened at, which lies within it', () => {
  const at = (text: string) => parseRunFile(text).at;
  expect(at(runFileText(run, null, instant(15)))).toBe(15);
  expect(at(runFileText(run, null, instant(31)))).toBe(30);
  const later = JSON.parse(runFileText(run, null, instant(15)));
  expect(at(JSON.stringify({ ...later, at: 99 }))).toBe(30);
});

test('a lab’s run names the lab, its version and the seed, and keeps the answers given', () => {
  const work: RunRecord = {
    ...run,
    spec: { lab: 'stuck-commits', version: 2, seed: 7 },
    actions: [
      ...run.actions,
      { at: instant(25), action: { kind: 'answer', id: 'slowest', text: 'select <b>' } },
    ],
  };
  expect(parseRunFile(runFileText(work, null)).record).toEqual(work);
});

describe('a file that holds no run is refused with what, where and what to do', () => {
  test.each([
    ['no JSON', 'hello', /The file is not JSON: .*Choose a file that “Export run” has written/],
    ['another thing', '[1, 2]', /at the file as a whole/],
    ['null', 'null', /at the file as a whole/],
    [
      'a later version',
      changed((f) => {
        f.record.version = 2;
      }),
      /format version 2; this page replays version 1/,
    ],
    [
      'no seed',
      changed((f) => {
        f.record.spec = { nodes: ['p'], settings: {} };
      }),
      /at record → spec → seed/,
    ],
    [
      'a lab without a seed',
      changed((f) => {
        f.record.spec = { lab: 'stuck-commits', version: 1 };
      }),
      /at record → spec → seed/,
    ],
    [
      'an answer to no lab',
      changed((f) => {
        f.record.actions = [{ at: 1, action: { kind: 'answer', id: 'a', text: 'b' } }];
      }),
      /at record → actions → 0 → action: an answer is given to a lab/,
    ],
    [
      'an unknown action',
      changed((f) => {
        f.record.actions = [{ at: 1, action: { kind: 'explode' } }];
      }),
      /at record → actions → 0 → action/,
    ],
    [
      'half an action',
      changed((f) => {
        f.record.actions = [{ at: 1, action: { kind: 'kill' } }];
      }),
      /at record → actions → 0 → action → node/,
    ],
    [
      'time that runs back',
      changed((f) => {
        Object.assign((f.record.actions as object[])[0] as object, { at: 25 });
      }),
      /at record → actions → 1 → at: 20 µs lies outside the run/,
    ],
    [
      'an action after the end',
      changed((f) => {
        f.record.until = 15;
      }),
      /at record → actions → 1 → at: .*after its end/,
    ],
    [
      'a fraction of a microsecond',
      changed((f) => {
        f.record.until = 30.5;
      }),
      /at record → until/,
    ],
  ])('%s', (_, text, words) => {
    expect(() => parseRunFile(text)).toThrow(words);
  });
});

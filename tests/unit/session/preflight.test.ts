import { describe, expect, test } from 'vitest';
import { failureInWords, type Machine, preflight } from '../../../src/session/preflight.ts';

const machine: Machine = { memoryGib: 8, WebAssembly, canUnpack: true };

/** The browser's WebAssembly, of which a part throws. */
const broken = (part: 'Module' | 'Memory', message: string) => ({
  ...machine,
  WebAssembly: {
    Module: WebAssembly.Module,
    Memory: WebAssembly.Memory,
    [part]: class {
      constructor() {
        throw new Error(message);
      }
    },
  } as unknown as typeof WebAssembly,
});

describe('before 6 MB are fetched', () => {
  test('nothing speaks against a browser that has what it takes, or does not say how much memory it has', () => {
    expect(preflight(machine)).toBeNull();
    expect(preflight({ ...machine, memoryGib: undefined })).toBeNull();
  });

  test.each([
    ['no WebAssembly', { ...machine, WebAssembly: undefined }, /has no WebAssembly/],
    ['an old browser', { ...machine, canUnpack: false }, /too old/],
    ['a policy that forbids it', broken('Module', 'unsafe-eval'), /Content-Security-Policy/],
    ['a small device', { ...machine, memoryGib: 1 }, /1 GB of memory/],
    ['memory that is not given', broken('Memory', 'could not allocate'), /Closing other tabs/],
  ])('%s is told in words', (_, unfit, words) => {
    expect(preflight(unfit)).toMatch(words);
  });
});

test.each([
  [new RangeError('WebAssembly.Memory(): could not allocate memory'), /Closing other tabs.*\(W/],
  [
    new Error(
      "WebAssembly.compile(): Refused to compile because 'unsafe-eval' is not allowed by the Content Security Policy",
    ),
    /needs ‘wasm-unsafe-eval’/,
  ],
  [new TypeError('Failed to fetch'), /^The download broke off/],
  [new Error('the server answered 404'), /^the server answered 404$/],
])('%s says what a reader can do about it', (error, words) => {
  expect(failureInWords(error)).toMatch(words);
});

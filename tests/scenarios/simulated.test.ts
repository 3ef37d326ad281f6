/** The simulated cluster against the records of a real one: every scenario, and no difference that is not allowed. */
import { describe, expect, test } from 'vitest';
import { openTarget } from '../../src/cli/targets.ts';
import { compareTranscripts } from '../../src/scenario/compare.ts';
import { transcribe } from '../../src/scenario/transcribe.ts';
import { library } from './library.ts';

describe('the simulated cluster answers as the real one did', () => {
  test.each(library.names())('%s', async (name) => {
    const { lines } = library.record(name);
    const simulated = await transcribe(library.source(name), await openTarget('simulated', 1));
    expect(library.notAllowed(name, compareTranscripts(lines, simulated))).toEqual([]);
  });
});

test('every allowed difference is of a scenario that is there', () => {
  const names = library.names();
  expect(library.allowed().filter(({ scenario }) => !names.includes(scenario))).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { transcribe } from '../../../src/scenario/transcribe.ts';
import type { TranscriptLine } from '../../../src/scenario/transcript.ts';
import { FakeTarget } from './fake-target.ts';

const error = {
  severity: 'ERROR',
  sqlstate: '22012',
  message: 'division by zero',
  detail: null,
  hint: null,
};

async function run(target: FakeTarget, ...steps: string[]): Promise<TranscriptLine[]> {
  return await transcribe(['cluster primary standby1', '---', ...steps].join('\n'), target);
}

/** The lines in short: number, state, and during which step it finished. */
function story(lines: readonly TranscriptLine[]): string[] {
  return lines.map(({ step, state, finishedDuring }) =>
    [step, state, ...(finishedDuring === undefined ? [] : [`during ${finishedDuring}`])].join(' '),
  );
}

describe('what a line holds', () => {
  test('a step that is done, with the keys in the order of the format', async () => {
    const [line] = await run(new FakeTarget(), 'primary: a');
    expect(JSON.stringify(line)).toBe(
      '{"step":1,"line":3,"node":"primary","session":"main","at":1,"state":"done","results":[],"notices":[]}',
    );
  });

  test('an error comes after results and notices', async () => {
    const target = new FakeTarget({ a: { afterMs: 2, outcome: { state: 'error', error } } });
    const [line] = await run(target, 'primary s: a');
    expect(JSON.stringify(line)).toBe(
      '{"step":1,"line":3,"node":"primary","session":"s","at":2,"state":"error","results":[],"notices":[],' +
        '"error":{"severity":"ERROR","sqlstate":"22012","message":"division by zero","detail":null,"hint":null}}',
    );
  });

  test('a lost connection without a word has a null error', async () => {
    const target = new FakeTarget({ a: { afterMs: 2, outcome: { state: 'lost' } } });
    const [line] = await run(target, 'primary: a');
    expect(line).toMatchObject({ state: 'lost', error: null, notices: [], results: [] });
  });

  test('a failed action names its node and no session', async () => {
    const target = new FakeTarget({}, { start: { fails: 'standby1 is running' } });
    const [line] = await run(target, '@start standby1');
    expect(line).toMatchObject({ step: 1, node: 'standby1', session: null, state: 'error' });
    expect(line?.error?.message).toBe('standby1 is running');
  });

  test('a failed @settle has no node, and the script goes on', async () => {
    const target = new FakeTarget({}, { settle: { takesMs: 15_000, fails: 'not settled' } });
    const lines = await run(target, '@settle', 'primary: a');
    expect(story(lines)).toEqual(['1 error', '2 done']);
    expect(lines[0]).toMatchObject({ node: null, session: null, at: 15_000 });
  });
});

describe('blocked steps', () => {
  test('after a second, and told when they finish', async () => {
    const target = new FakeTarget({ a: { afterAct: 'thaw' } });
    const lines = await run(
      target,
      'primary s: a',
      'primary: b',
      '@thaw standby1 startup',
      'primary s: c',
    );
    expect(story(lines)).toEqual(['1 blocked', '2 done', '1 done during 3', '4 done']);
    expect(lines[0]?.at).toBe(1000);
    expect(lines[0]).not.toHaveProperty('results');
  });

  test('a step of just under a second is not blocked', async () => {
    expect(story(await run(new FakeTarget({ a: { afterMs: 999 } }), 'primary: a'))).toEqual([
      '1 done',
    ]);
  });

  test('one that never finishes is unfinished at the end', async () => {
    const lines = await run(new FakeTarget({ a: {} }), 'primary s: a', 'primary: b');
    expect(story(lines)).toEqual(['1 blocked', '2 done', '1 unfinished']);
    expect(lines.at(-1)).not.toHaveProperty('notices');
  });

  test('several that finish come by time, and at the same instant by step', async () => {
    const target = new FakeTarget({
      a: { afterAct: 'thaw' },
      b: { afterMs: 3000 },
      c: { afterAct: 'thaw' },
    });
    const lines = await run(
      target,
      'primary x: a',
      'primary y: b',
      'primary z: c',
      '@thaw standby1 startup',
      '@wait 1s',
    );
    expect(story(lines)).toEqual([
      '1 blocked',
      '2 blocked',
      '3 blocked',
      '1 done during 4',
      '3 done during 4',
      '2 done during 5',
    ]);
  });

  test('one that finishes while its own step still lasts says so', async () => {
    const lines = await run(new FakeTarget({ a: { afterMs: 1100 } }), 'primary: a', 'primary: b');
    expect(story(lines)).toEqual(['1 blocked', '1 done during 1', '2 done']);
  });

  test('what a failed action set free is told before it', async () => {
    const target = new FakeTarget(
      { a: { afterAct: 'settle' } },
      { settle: { takesMs: 15_000, fails: 'no' } },
    );
    expect(story(await run(target, 'primary s: a', '@settle'))).toEqual([
      '1 blocked',
      '1 done during 2',
      '2 error',
    ]);
  });

  test('a step to a blocked session is a usage error', async () => {
    const target = new FakeTarget({ a: {} });
    await expect(run(target, 'primary s: a', 'primary: b', 'primary s: c')).rejects.toThrow(
      'line 5: session "s" of primary is still blocked in the step of line 3',
    );
    expect(target.log.at(-1)).toBe('stop');
  });

  test('the same name on another node is another session', async () => {
    const lines = await run(new FakeTarget({ a: {} }), 'primary s: a', 'standby1 s: b');
    expect(story(lines)).toEqual(['1 blocked', '2 done', '1 unfinished']);
  });
});

test('@wait lets time pass', async () => {
  const lines = await run(new FakeTarget(), 'primary: a', '@wait 2s', 'primary: b');
  expect(lines.map(({ at }) => at)).toEqual([1, 2002]);
});

test('what the target cannot do is refused before it starts', async () => {
  const target = new FakeTarget();
  target.unsupported = { rewind: 'there is no pg_rewind' };
  await expect(run(target, 'primary: a', '@rewind standby1 primary')).rejects.toThrow(
    'line 4: @rewind cannot run on this cluster: there is no pg_rewind',
  );
  expect(target.log).toEqual(['stop']);
});

test('a setting that the server refuses is a usage error of its line', async () => {
  const target = new FakeTarget();
  target.refuses = 'colour';
  const source = 'cluster primary\n# why\nconfig primary colour = red\n---\n';
  await expect(transcribe(source, target)).rejects.toThrow('line 3: no such setting');
  expect(target.log).toEqual(['start', 'stop']);
});

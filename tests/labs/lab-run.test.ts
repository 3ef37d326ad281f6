import { describe, expect, test } from 'vitest';
import { labs } from '../../labs/labs.ts';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import type { Question } from '../../src/lab/answers.ts';
import { gradeOn, workOf } from '../../src/lab/grade.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { LabRun, takeOver } from '../../src/lab/lab-run.ts';
import { openRun } from '../../src/session/open-run.ts';
import { Player } from '../../src/session/player.ts';
import type { FromWorker } from '../../src/session/protocol.ts';
import { newRun } from '../../src/session/run-record.ts';
import { after as later, ms, START, seconds } from '../../src/sim/instant.ts';

const lab = labs.find(({ name }) => name === 'stuck-commits') as Lab;
const seed = lab.seeds[0] as number;
const solution = lab.solutions[0]?.actions ?? [];

const question: Question = {
  kind: 'sql',
  id: 'lag',
  ask: 'How far behind?',
  node: 'primary',
  initial: '',
  result: { columns: [{ name: 'lag', type: 'interval' }], order: 'any', rows: 'One.' },
};

describe('what a lab has drawn by lot', () => {
  test.each([1, 2, 3, 4])('is not told in the log of events (seed %i)', async (drawnSeed) => {
    const anchor = labs.find(({ name }) => name === 'bloat-anchor') as Lab;
    const run = await LabRun.open(anchor, drawnSeed, await openNodeEngine());
    const words = run.trace.map((event) => run.tell(event).words);
    const culprit = /repeatable read|prepare transaction|You cut the power/;
    expect(run.trace.filter((event) => culprit.test(event.words))).toHaveLength(1);
    expect(words.filter((told) => culprit.test(told))).toEqual([]);
    expect(words.filter((told) => /[sS]ome(thing befalls|thing to)/.test(told))).toHaveLength(1);
    run.close();
  });
});

describe('a lab played in a page', () => {
  test('comes out the same, however its time is sliced', async () => {
    const work = workOf(lab, solution);
    const run = await LabRun.open(lab, seed, await openNodeEngine());
    for (const { at, action } of work.actions) {
      while (run.now < at)
        await run.advance(later(run.now, ms(7)) < at ? later(run.now, ms(7)) : at);
      await run.act(action);
    }
    const until = later(work.until, seconds(20));
    for (let next = run.nextEventAt(); next !== null && next <= until; next = run.nextEventAt())
      await run.advance(next);
    await run.advance(until);
    const graded = await gradeOn(lab, seed, { ...work, until }, await openNodeEngine());
    expect(run.hashes()).toEqual(graded.hashes);
    run.close();
  });

  test('is a run like any other: recorded with the lab’s name, and replayed to the same hashes', async () => {
    const spec = { lab: lab.name, version: lab.version, seed };
    const heard: FromWorker[] = [];
    const host = { nowMs: () => 0, sleep: () => Promise.resolve() };
    const run = await openRun(spec, await openNodeEngine());
    const player = new Player(run, newRun(spec), host, (message) => heard.push(message));
    await player.replay(START);
    expect(run.now).toBe(takeOver(lab));
    for (const { at, action } of solution) {
      await player.advance(later(takeOver(lab), seconds(at)));
      await player.act(2, action);
    }
    await player.advance(later(takeOver(lab), seconds(20)));
    const actions = heard.flatMap((message) => (message.kind === 'applied' ? [message.entry] : []));
    expect(actions.map(({ action }) => action)).toEqual(solution.map(({ action }) => action));
    const work = { actions, until: run.now };
    const graded = await gradeOn(lab, seed, work, await openNodeEngine());
    expect(run.hashes()).toEqual(graded.hashes);
    expect(graded.evidence.deeds).toHaveLength(solution.length);
    run.close();
  });

  test.each([
    [{ lab: 'no-such-lab', version: 1, seed }, 'has no lab "no-such-lab"'],
    [
      { lab: lab.name, version: lab.version + 1, seed },
      `belongs to version ${lab.version + 1} of the lab "stuck-commits"; this edition has version ${lab.version}`,
    ],
  ])('of another edition is not opened: %j', async (spec, words) => {
    await expect(openRun(spec, await openNodeEngine())).rejects.toThrow(words);
  });

  test('the graded run comes again from its actions, to be opened at a verdict’s instant', async () => {
    const survive = labs.find(({ name }) => name === 'survive-one-standby') as Lab;
    const engine = await openNodeEngine();
    const graded = await gradeOn(survive, seed, workOf(survive, []), engine);
    const run = await LabRun.open(survive, seed, engine);
    for (const { at, action } of graded.actions) {
      await run.advance(at);
      await run.act(action);
    }
    expect(run.trace.length).toBeGreaterThan(1_000);
    expect(run.trace).toEqual(graded.evidence.trace.slice(0, run.trace.length));
    run.close();
  });

  test('an answer is an action of the run; one to no question of the lab is refused', async () => {
    const asking = { ...lab, answers: [question] };
    const run = await LabRun.open(asking, seed, await openNodeEngine());
    const answer = (id: string, text: string) => run.act({ kind: 'answer', id, text });
    await answer('lag', 'select 1');
    await expect(answer('lead', 'x')).rejects.toThrow('no question "lead"; its questions are lag');
    await expect(answer('lag', 'select 1; select 2')).rejects.toThrow('one statement; here are 2');
    expect(run.answers).toEqual([{ at: takeOver(lab), id: 'lag', text: 'select 1' }]);
    expect(run.actions).toHaveLength(1);
    run.close();
  });

  test('a client’s session is the client’s', async () => {
    const run = await LabRun.open(lab, seed, await openNodeEngine());
    const action = { kind: 'sql', node: 'primary', session: 'till1', sql: 'select 1' } as const;
    await expect(run.act(action)).rejects.toThrow(
      'session "till1" of primary belongs to a client: open one of your own',
    );
    expect(run.now).toBe(takeOver(lab));
    run.close();
  });
});

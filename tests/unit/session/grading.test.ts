import { describe, expect, test } from 'vitest';
import type { EngineParts } from '../../../src/engine/postgres-module.ts';
import { fail, inconclusive, type Judgement, pass } from '../../../src/grading/verdict.ts';
import { type GraderListener, Grading } from '../../../src/session/grading.ts';
import type { GradedSeed, ToGrader } from '../../../src/session/grading-protocol.ts';
import { isWorkOf, passes } from '../../../src/session/lab-progress.ts';
import type { RunRecord } from '../../../src/session/protocol.ts';
import { newRun, runUntil, withAction } from '../../../src/session/run-record.ts';
import { instant } from '../../../src/sim/instant.ts';

const spec = { lab: 'stuck-commits', version: 1, seed: 1 };
const kill = { kind: 'kill', node: 'primary' } as const;
const record = withAction(newRun(spec), 0, { at: instant(500), action: kill });
const SEEDS = [1, 20, 300];

/** Workers that do nothing by themselves: the test answers for them. */
class FakeHost {
  readonly started: {
    listener: GraderListener;
    asked: Promise<ToGrader>;
    ended: boolean;
  }[] = [];
  offline = false;

  loadEngine = async () => {
    if (this.offline) throw new Error('the engine could not be loaded');
    return {} as EngineParts;
  };

  startGrader = (listener: GraderListener) => {
    let hear: (asked: ToGrader) => void = () => {};
    const grader = {
      listener,
      asked: new Promise<ToGrader>((resolve) => {
        hear = resolve;
      }),
      ended: false,
    };
    this.started.push(grader);
    return {
      post: (message: ToGrader) => hear(message),
      end: () => {
        grader.ended = true;
      },
    };
  };

  running = () => this.started.filter(({ ended }) => !ended);

  /** The worker that grades a seed answers. */
  async answer(seed: number, moves: Judgement, lost: Judgement = pass('kept')): Promise<void> {
    for (const { asked, listener } of this.running()) {
      if ((await asked).seed !== seed) continue;
      listener.message({ kind: 'graded', graded: graded(seed, moves, lost) });
      return;
    }
    throw new Error(`nobody grades seed ${seed}`);
  }
}

const graded = (seed: number, moves: Judgement, lost: Judgement): GradedSeed => ({
  seed,
  judgements: new Map([
    ['moves', moves],
    ['lost', lost],
  ]),
  record: { ...record, spec: { ...spec, seed }, until: instant(9_000) },
  hashes: { trace: `trace ${seed}`, wal: `wal ${seed}` },
});

function start(run: RunRecord = record) {
  const host = new FakeHost();
  const grading = new Grading(['moves', 'lost'], host);
  grading.start(run, SEEDS);
  const kinds = () => grading.state.get().seeds.map(({ state }) => state.kind);
  return { host, grading, kinds };
}

describe('work is graded on every seed', () => {
  test('two at a time, each in a worker that is ended then', async () => {
    const { host, grading, kinds } = start();
    expect(kinds()).toEqual(['running', 'running', 'waiting']);
    await host.answer(20, pass('fine'));
    expect(kinds()).toEqual(['running', 'graded', 'running']);
    await host.answer(1, pass('fine'));
    await host.answer(300, pass('fine'));
    expect(host.running()).toEqual([]);
    expect(host.started).toHaveLength(3);
    expect(grading.state.get()).toMatchObject({ phase: 'done' });
  });

  test('what is said of each check is its first failure, with the run to see it in', async () => {
    const { host, grading } = start();
    await host.answer(1, pass('fine'), pass('kept'));
    await host.answer(20, inconclusive(instant(5), 'nobody paid'), fail(instant(7), 'row 3'));
    await host.answer(300, fail(instant(8), 'stuck'));
    const { checked } = grading.state.get();
    expect(checked?.verdicts).toEqual([
      { check: 'moves', seed: 300, judgement: fail(instant(8), 'stuck') },
      { check: 'lost', seed: 20, judgement: fail(instant(7), 'row 3') },
    ]);
    expect(checked?.graded.map((run) => run.spec)).toEqual([
      { ...spec, seed: 20 },
      { ...spec, seed: 300 },
    ]);
    expect(checked?.hashes.wal).toBe('wal 1');
    expect(checked && passes(checked)).toBe(false);
  });

  test('the work that was checked is known again, until something is done to the run', async () => {
    const { host, grading } = start();
    for (const seed of SEEDS) await host.answer(seed, pass('fine'));
    const { checked } = grading.state.get();
    expect(checked && passes(checked)).toBe(true);
    expect(checked && isWorkOf(checked, runUntil(record, instant(90_000)))).toBe(true);
    const more = withAction(record, 1, { at: instant(600), action: kill });
    expect(checked && isWorkOf(checked, more)).toBe(false);
  });
});

describe('grading that goes wrong', () => {
  test('is no verdict: what could not be graded is told, and tried again alone', async () => {
    const { host, grading, kinds } = start();
    host.started[1]?.listener.died('out of memory');
    await host.answer(1, pass('fine'));
    await host.answer(300, pass('fine'));
    expect(kinds()).toEqual(['graded', 'failed', 'graded']);
    expect(grading.state.get()).toMatchObject({ phase: 'failed', checked: null });
    expect(grading.state.get().seeds[1]?.state).toMatchObject({ reason: 'out of memory' });
    grading.retry();
    expect(kinds()).toEqual(['graded', 'running', 'graded']);
    await host.answer(20, pass('fine'));
    expect(grading.state.get().phase).toBe('done');
  });

  test('an engine that cannot be loaded fails every seed in words', async () => {
    const host = new FakeHost();
    host.offline = true;
    const grading = new Grading(['moves', 'lost'], host);
    grading.start(record, SEEDS);
    while (grading.state.get().phase === 'running')
      await new Promise((resolve) => setTimeout(resolve));
    expect(grading.state.get().phase).toBe('failed');
    expect(grading.state.get().seeds[2]?.state).toMatchObject({
      reason: 'the engine could not be loaded',
    });
  });

  test('cancelled, it ends its workers, and nothing late changes that', async () => {
    const { host, grading, kinds } = start();
    const [first] = host.started;
    grading.cancel();
    expect(host.running()).toEqual([]);
    first?.listener.message({
      kind: 'graded',
      graded: graded(1, pass('late'), pass('late')),
    });
    expect(grading.state.get()).toMatchObject({ phase: 'cancelled', checked: null });
    expect(kinds()[0]).toBe('running');
  });
});

import { expect, test } from 'vitest';
import type { EngineParts } from '../../../src/engine/postgres-module.ts';
import { pass } from '../../../src/grading/verdict.ts';
import type { GraderListener } from '../../../src/session/grading.ts';
import type { ToGrader } from '../../../src/session/grading-protocol.ts';
import { LabDesk } from '../../../src/session/lab-desk.ts';
import { newRun } from '../../../src/session/run-record.ts';
import { FakeShelf, FULL, keepsakesOn } from './keep/fake-shelf.ts';

const record = newRun({ lab: 'stuck-commits', version: 1, seed: 1 });

/** Grades everything as passed, at once. */
const startGrader = (listener: GraderListener) => ({
  post: ({ seed, record: run }: ToGrader) =>
    listener.message({
      kind: 'graded',
      graded: {
        seed,
        judgements: new Map([['moves', pass('All moved.')]]),
        record: run,
        hashes: { trace: 't', wal: 'w' },
      },
    }),
  end: () => {},
});

const deskOn = (shelf: FakeShelf) =>
  new LabDesk('stuck-commits', ['moves'], {
    keepsakes: keepsakesOn(shelf),
    loadEngine: async () => ({}) as EngineParts,
    startGrader,
  });

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test('attempts, hints and what was said last are found again', async () => {
  const shelf = new FakeShelf();
  const desk = deskOn(shelf);
  desk.check(record, [1, 20]);
  await settled();
  desk.check(record, [1, 20]);
  await settled();
  desk.openHint();
  desk.showSolution();
  await settled();

  const again = deskOn(shelf);
  await again.find();
  expect(again.hints.get()).toBe(1);
  expect(again.progress.get()).toMatchObject({ attempts: 2, solutionShown: true });
  expect(again.progress.get().checked).toMatchObject({
    record,
    hashes: { wal: 'w' },
    verdicts: [{ check: 'moves', judgement: { outcome: 'pass' } }],
  });
});

test('a check that was cancelled is no attempt', async () => {
  const desk = deskOn(new FakeShelf());
  desk.check(record, [1]);
  desk.grading.cancel();
  await settled();
  expect(desk.progress.get()).toMatchObject({ attempts: 0, checked: null });
});

test('where nothing can be kept, that is told, and the verdict stands', async () => {
  const shelf = new FakeShelf();
  shelf.refusal = FULL;
  const desk = deskOn(shelf);
  desk.check(record, [1]);
  await settled();
  expect(desk.progress.get().attempts).toBe(1);
  expect(desk.refusal.get()).toContain('storage for the site is full');
});

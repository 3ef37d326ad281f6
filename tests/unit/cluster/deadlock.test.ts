import { describe, expect, it } from 'vitest';
import { describeCycle, findCycle } from '../../../src/cluster/deadlock.ts';
import type { LockWait } from '../../../src/cluster/wait.ts';

const waitsFor = (xid: number, ...blockers: number[]): LockWait => ({
  event: 'transactionid',
  xid,
  relation: null,
  mode: null,
  blockers,
});

describe('a deadlock', () => {
  it('is a cycle of waits that the process is part of', () => {
    const graph = new Map([
      [1, waitsFor(20, 2)],
      [2, waitsFor(10, 1)],
    ]);
    expect(findCycle(graph, 1)).toEqual([1, 2]);
    expect(describeCycle(graph, [1, 2])).toBe(
      'Process 1 waits for ShareLock on transaction 20; blocked by process 2.\n' +
        'Process 2 waits for ShareLock on transaction 10; blocked by process 1.',
    );
  });

  it('is none where the process only waits in front of a cycle', () => {
    const graph = new Map([
      [1, waitsFor(20, 2)],
      [2, waitsFor(10, 1)],
      [3, waitsFor(20, 2)],
    ]);
    expect(findCycle(graph, 3)).toBeNull();
  });

  it('is none in a queue', () => {
    const graph = new Map([
      [1, waitsFor(20, 2)],
      [2, waitsFor(30, 3)],
    ]);
    expect(findCycle(graph, 1)).toBeNull();
  });
});

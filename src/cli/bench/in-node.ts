import { labs } from '../../../labs/labs.ts';
import { virtualSecondsPerSecond } from '../../bench/busy-cluster.ts';
import { median } from '../../bench/quantile.ts';
import type { SqlEngine } from '../../cluster/sql-engine.ts';
import { grade, workOf } from '../../lab/grade.ts';
import { kernelEventsPerSecond } from '../../sim/bench.ts';
import { openNodeEngine } from '../node-engine.ts';
import { atLeast, atMost, type Figure } from './figure.ts';

const ROUNDS = 5;
/** Every commit then waits for one of the two standbys. */
const QUORUM = 'ANY 1 (standby1, standby2)';

const wall = () => performance.now();

/** Milliseconds for which this process had a processor: other work on the machine does not count. */
const processor = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

export function kernel(): Figure {
  const rounds = Array.from({ length: ROUNDS }, () => kernelEventsPerSecond(wall));
  return atLeast({
    what: 'kernel alone (median)',
    where: 'Node',
    unit: 'events/s',
    budget: 1_000_000,
    measured: median(rounds),
    details: { best: Math.max(...rounds) },
  });
}

export async function simulatedTime(): Promise<readonly Figure[]> {
  const engine = await openNodeEngine();
  return [
    await timeUnderCommits(engine, '', 'no standby named'),
    await timeUnderCommits(engine, QUORUM, QUORUM),
  ];
}

async function timeUnderCommits(engine: SqlEngine, names: string, words: string): Promise<Figure> {
  const byWall: number[] = [];
  const byProcessor: number[] = [];
  // The first one, while V8 still compiles PostgreSQL, is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    const startedAt = processor();
    const rate = await virtualSecondsPerSecond(engine, names, wall);
    if (round === 0) continue;
    byWall.push(rate);
    byProcessor.push(20_000 / (processor() - startedAt));
  }
  return atLeast({
    what: `simulated time of three nodes under 50 commits/s, ${words} (median)`,
    where: 'Node',
    unit: 'virtual s / s',
    budget: 60,
    measured: median(byWall),
    details: { best: Math.max(...byWall), byProcessorTime: median(byProcessor) },
  });
}

/** One submission after another in one process, as each process of `npm run grade` does. The slowest lab counts. */
export async function gradingOneSubmission(): Promise<Figure> {
  const engine = await openNodeEngine();
  const seconds: Record<string, number> = {};
  for (const lab of labs) {
    const [solution] = lab.solutions;
    if (!solution) continue;
    const work = workOf(lab, solution.actions);
    const rounds: number[] = [];
    // The first one, while V8 still compiles PostgreSQL, is not counted.
    for (let round = 0; round <= ROUNDS; round++) {
      const startedAt = wall();
      await grade(lab, work, engine);
      if (round > 0) rounds.push((wall() - startedAt) / 1_000);
    }
    seconds[lab.name] = median(rounds);
  }
  return atMost({
    what: 'grading one submission, one process, slowest lab (median)',
    where: 'Node',
    unit: 's',
    budget: 1,
    measured: Math.max(...Object.values(seconds)),
    details: seconds,
  });
}

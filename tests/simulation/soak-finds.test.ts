import { describe, expect, it, vi } from 'vitest';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import type { SqlEngine } from '../../src/cluster/sql-engine.ts';
import { type Breach, soak } from '../../src/soak/soak.ts';
import { faultsAt, placesNamed, shrinkSoak, soakReport } from '../../src/soak/soak-report.ts';
import { FakeEngine } from '../contract/fake/fake-engine.ts';

/** Sabotage of the replication machine, switched on by a test. */
const sabotage = vi.hoisted(() => ({ countsOne: false }));

vi.mock('../../src/postgres/sync-rep.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/postgres/sync-rep.ts')>();
  const { releaseWaiters } = original;
  return {
    ...original,
    // One standby is enough, whatever the names promise.
    releaseWaiters: ((syncRep, names, senders, me) =>
      releaseWaiters(
        syncRep,
        names && sabotage.countsOne ? { ...names, method: 'quorum', numSync: 1 } : names,
        senders,
        me,
      )) as typeof releaseWaiters,
  };
});

const engines = [
  { name: 'PGlite', engine: await openNodeEngine() },
  { name: 'the fake engine', engine: await FakeEngine.open() },
];

/** The first breach within 60 seeds. */
async function firstBreach(
  on: SqlEngine,
): Promise<{ readonly seed: number; readonly breach: Breach } | null> {
  for (let seed = 1; seed <= 60; seed++) {
    const breach = await soak(seed, on);
    if (breach) return { seed, breach };
  }
  return null;
}

describe.each(engines)('on $name', ({ engine }) => {
  it('a primary that counts one standby where two are promised', { timeout: 300_000 }, async () => {
    sabotage.countsOne = true;
    try {
      const found = await firstBreach(engine);
      expect(found?.breach.invariant).toBe('enough standbys');
      expect(found?.breach.words).toMatch(/was acknowledged with WAL up to .* promises 2$/);
    } finally {
      sabotage.countsOne = false;
    }
  });

  it('a standby that leaves out the end of its WAL', { timeout: 300_000 }, async () => {
    const short: SqlEngine = {
      template: engine.template,
      templateAt: (start) => engine.templateAt(start),
      boot: (options) => engine.boot(options),
      promote: (options) => engine.promote(options),
      keepBase: (server) => engine.keepBase(server),
      baseFiles: (base) => engine.baseFiles(base),
      withBaseFile: (...args) => engine.withBaseFile(...args),
      recoverFromArchive: (options) => engine.recoverFromArchive(options),
      materialize: (options) => {
        const { wal, base, role } = options;
        if (role === 'primary') return engine.materialize(options);
        const blind = Math.max(base.endLsn, wal.end - 400);
        return engine.materialize({
          ...options,
          wal: {
            ...{ timeline: wal.timeline, start: wal.start, end: wal.end },
            read: (from, to) => wal.read(from, to).fill(0, Math.max(0, blind - from)),
          },
        });
      },
    };
    const found = await firstBreach(short);
    expect(found?.breach.invariant).toBe('all alike');
    expect(found?.breach.words).toMatch(/^standby1 has payments .*, the primary /);
  });
});

it('cuts the schedule down, and says how to play that again', { timeout: 120_000 }, async () => {
  const engine = await FakeEngine.open();
  sabotage.countsOne = true;
  try {
    const found = await firstBreach(engine);
    if (!found) throw new Error('nothing was found');
    const { seed, breach } = found;
    const left = await shrinkSoak(seed, breach, engine);
    expect(left.minimal).toBe(true);
    expect(left.items.length).toBeLessThanOrEqual(2);
    const report = soakReport(seed, breach, left);
    expect(report).toContain(`seed ${seed} breaks “enough standbys”, at `);
    const [, places = ''] = /--seeds 1 --faults (\S+)$/.exec(report) ?? [];
    expect(placesNamed(seed, places)).toEqual(left.items);
    expect((await soak(seed, engine, faultsAt(seed, left.items)))?.invariant).toBe(
      'enough standbys',
    );
  } finally {
    sabotage.countsOne = false;
  }
});

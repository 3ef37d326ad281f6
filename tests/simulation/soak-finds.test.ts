import { describe, expect, it, vi } from 'vitest';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import type { SqlEngine } from '../../src/cluster/sql-engine.ts';
import { soak } from '../../src/soak/soak.ts';
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
async function firstBreach(on: SqlEngine): Promise<string | null> {
  for (let seed = 1; seed <= 60; seed++) {
    const breach = await soak(seed, on);
    if (breach) return breach.words;
  }
  return null;
}

describe.each(engines)('on $name', ({ engine }) => {
  it('a primary that counts one standby where two are promised', { timeout: 300_000 }, async () => {
    sabotage.countsOne = true;
    try {
      expect(await firstBreach(engine)).toMatch(/was acknowledged with WAL up to .* promises 2$/);
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
    expect(await firstBreach(short)).toMatch(/^standby1 has payments .*, the primary /);
  });
});

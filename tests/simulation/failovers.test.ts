import { describe, expect, it } from 'vitest';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { toMs } from '../../src/sim/instant.ts';
import { soak } from '../../src/soak/soak.ts';
import { FakeEngine } from '../contract/fake/fake-engine.ts';
import { night } from './failovers/night.ts';

/** One seed is played again with `STANDBY_SEED=17 npx vitest run --config tests/vitest.config.ts failovers`. */
const { STANDBY_SEED } = process.env;
const seedsFrom = (first: number, count: number): readonly number[] =>
  STANDBY_SEED === undefined
    ? Array.from({ length: count }, (_, index) => first + index)
    : [Number(STANDBY_SEED)];

const fake = await FakeEngine.open();

describe('without PostgreSQL', () => {
  it('nothing is lost and all nodes end alike, though the leader is lost three times: 200 seeds', {
    timeout: 300_000,
  }, async () => {
    for (const seed of seedsFrom(1, 200))
      expect(await night({ seed, choice: 'foremost' }, fake), `seed ${seed}`).toBeNull();
  });

  it('tells when a standby is promoted that lacks what others have', {
    timeout: 60_000,
  }, async () => {
    const told: string[] = [];
    for (let seed = 1; seed <= 20; seed++)
      told.push((await night({ seed, choice: 'hindmost' }, fake)) ?? '');
    expect(told).toContainEqual(expect.stringMatching(/^nothing lost: Write \d+ was acknowledged/));
    expect(told).toContainEqual(expect.stringMatching(/ does not stream yet, long after/));
  });

  it('a seed is a run', async () => {
    const once = await night({ seed: 3, choice: 'hindmost' }, fake);
    expect(once).not.toBeNull();
    expect(await night({ seed: 3, choice: 'hindmost' }, fake)).toBe(once);
  });

  it('the soak holds on seeds that the real servers are not asked: 200 seeds', {
    timeout: 300_000,
  }, async () => {
    for (const seed of seedsFrom(201, 200)) {
      const breach = await soak(seed, fake);
      expect(breach && `seed ${seed}, at ${toMs(breach.at)} ms: ${breach.words}`).toBeNull();
    }
  });
});

it('real servers come through the same nights', { timeout: 120_000 }, async () => {
  const engine = await openNodeEngine();
  for (const seed of seedsFrom(1, 3))
    expect(await night({ seed, choice: 'foremost' }, engine), `seed ${seed}`).toBeNull();
});

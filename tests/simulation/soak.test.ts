import { expect, it } from 'vitest';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { soak } from '../../src/soak/soak.ts';
import { shrinkSoak, soakReport } from '../../src/soak/soak-report.ts';

const SEEDS = 200;

const engine = await openNodeEngine();

it(`no acknowledged commit is lost and all nodes end alike, whatever befalls them: ${SEEDS} seeds`, {
  timeout: 20 * 60_000,
}, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const breach = await soak(seed, engine);
    expect(breach && soakReport(seed, breach, await shrinkSoak(seed, breach, engine))).toBeNull();
  }
});
